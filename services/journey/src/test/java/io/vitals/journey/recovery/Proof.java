package io.vitals.journey.recovery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/** What is wrong with a restored server, in words; nothing when it is what it has to be. */
final class Proof {
    private static final int MOST_SHOWN = 5;

    private static final String INDEXES = """
            SELECT c.oid, c.oid::regclass::text, a.amname FROM pg_index i
              JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
             WHERE i.indisvalid AND c.relkind = 'i' AND c.relpersistence = 'p' AND a.amname IN ('btree', 'gin')""";

    private static final String TABLES = """
            SELECT oid, oid::regclass::text FROM pg_class
             WHERE relkind IN ('r', 'm', 't') AND relpersistence = 'p' AND relam = (SELECT oid FROM pg_am WHERE amname = 'heap')""";

    private Proof() {}

    /** Entries of the ledger that should be there and are not, and the other way round. */
    static List<String> ledger(SortedSet<String> expected, Set<String> found) {
        var missing = new TreeSet<>(expected);
        missing.removeAll(found);
        var behind = new TreeSet<>(found);
        behind.removeAll(expected);
        var findings = new ArrayList<String>();
        if (!missing.isEmpty()) {
            findings.add(missing.size() + " commits before the target are missing: "
                    + missing.stream().limit(MOST_SHOWN).toList());
        }
        if (!behind.isEmpty()) {
            findings.add(behind.size() + " commits behind the target came back: "
                    + behind.stream().limit(MOST_SHOWN).toList());
        }
        return findings;
    }

    /** What {@code pg_amcheck --heapallindexed --parent-check} does: every index against its table, every page of every table. */
    static List<String> structure(Restored restored) throws SQLException {
        var databases = new ArrayList<String>();
        try (Connection connection = restored.superuser("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT datname FROM pg_database WHERE datallowconn")) {
            while (row.next()) {
                databases.add(row.getString(1));
            }
        }
        var findings = new ArrayList<String>();
        for (String database : databases) {
            try (Connection connection = restored.superuser(database)) {
                findings.addAll(structure(database, connection));
            }
        }
        return findings;
    }

    private static List<String> structure(String database, Connection connection) throws SQLException {
        var findings = new ArrayList<String>();
        int looked = 0;
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE EXTENSION IF NOT EXISTS amcheck");
            var relations = new ArrayList<String[]>();
            try (ResultSet row = statement.executeQuery(INDEXES)) {
                while (row.next()) {
                    String check = "gin".equals(row.getString(3))
                            ? "SELECT gin_index_check(%s)"
                            : "SELECT bt_index_parent_check(%s, true, true)";
                    relations.add(new String[] {check.formatted(row.getString(1)), row.getString(2)});
                }
            }
            for (String[] relation : relations) {
                try {
                    statement.execute(relation[0]);
                } catch (SQLException e) {
                    findings.add(database + ": index " + relation[1] + ": " + e.getMessage());
                }
                looked++;
            }
            findings.addAll(tables(database, connection));
        }
        if (looked == 0) {
            findings.add(database + ": there is no index");
        }
        return findings;
    }

    private static List<String> tables(String database, Connection connection) throws SQLException {
        var findings = new ArrayList<String>();
        try (Statement statement = connection.createStatement();
                ResultSet table = statement.executeQuery(TABLES);
                PreparedStatement verify = connection.prepareStatement(
                        "SELECT blkno, msg FROM verify_heapam(CAST(CAST(? AS bigint) AS regclass))")) {
            while (table.next()) {
                verify.setLong(1, table.getLong(1));
                try (ResultSet row = verify.executeQuery()) {
                    while (row.next()) {
                        findings.add(database + ": table " + table.getString(2) + ": block " + row.getLong(1) + ": "
                                + row.getString(2));
                    }
                } catch (SQLException e) {
                    findings.add(database + ": table " + table.getString(2) + ": " + e.getMessage());
                }
            }
        }
        return findings;
    }

    /** Rows about a member in a database of the services. */
    static long about(Restored restored, String database, UUID member) throws SQLException {
        try (Connection connection = restored.superuser(database);
                PreparedStatement statement = connection.prepareStatement("SELECT personal_left(?)")) {
            statement.setObject(1, member);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** All rows of the tables of a service, counted and not estimated. */
    static long rows(Restored restored, String database) throws SQLException {
        long rows = 0;
        try (Connection connection = restored.superuser(database);
                Statement statement = connection.createStatement()) {
            var tables = new ArrayList<String>();
            try (ResultSet row = statement.executeQuery(
                    "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")) {
                while (row.next()) {
                    tables.add(row.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT count(*) FROM public." + table)) {
                    row.next();
                    rows += row.getLong(1);
                }
            }
        }
        return rows;
    }
}
