package io.vitals.sandbox.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Rows that can be found again, one in every table that has a certain column, whatever its other columns: for tests of what
 * must be handed out or be gone. Takes the rules off the tables that made-up values could not keep.
 */
public final class CanaryRows {
    private static final String CANARY = "canary";

    private CanaryRows() {}

    record Column(String table, String name, String type, boolean nullable) {}

    /**
     * Plants a row in every table that has one of the columns.
     *
     * @param fixed values as SQL literals, by name of the column
     * @param leftOut tables that get none
     * @return the tables
     */
    public static List<String> plant(Connection owner, Map<String, String> fixed, List<String> leftOut)
            throws SQLException {
        dropRules(owner);
        List<Column> columns = columns(owner);
        TreeSet<String> tables = new TreeSet<>();
        for (Column column : columns) {
            if (fixed.containsKey(column.name()) && !leftOut.contains(column.table())) {
                tables.add(column.table());
            }
        }
        for (String table : tables) {
            List<String> names = new ArrayList<>();
            List<String> values = new ArrayList<>();
            for (Column column : columns) {
                if (column.table().equals(table)) {
                    names.add('"' + column.name() + '"');
                    values.add(fixed.getOrDefault(column.name(), value(column)));
                }
            }
            run(
                    owner,
                    "INSERT INTO \"" + table + "\" (" + String.join(", ", names) + ") VALUES ("
                            + String.join(", ", values) + ")");
        }
        return List.copyOf(tables);
    }

    /** Tables in which something of a canary is left. */
    public static List<String> found(Connection owner) throws SQLException {
        List<String> found = new ArrayList<>();
        String hex = HexFormat.of().formatHex(CANARY.getBytes(StandardCharsets.UTF_8));
        for (String table : strings(
                owner,
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace")) {
            String rows = strings(
                            owner,
                            "SELECT count(*) FROM \"" + table + "\" AS t WHERE t::text LIKE '%" + CANARY
                                    + "%' OR t::text LIKE '%" + hex + "%'")
                    .getFirst();
            if (!rows.equals("0")) {
                found.add(table);
            }
        }
        return found;
    }

    private static String value(Column column) {
        String canary = CANARY + '-' + column.table() + '-' + column.name();
        if (column.type().endsWith("[]")) {
            return column.type().startsWith("text") ? "ARRAY['" + canary + "']" : "'{1}'";
        }
        return switch (column.type()) {
            case "text" -> "'" + canary + "'";
            case "json", "jsonb" -> "'{\"canary\":\"" + canary + "\"}'";
            case "bytea" -> "'" + canary + "'::bytea";
            case "uuid" -> "gen_random_uuid()";
            case "boolean" -> "true";
            case "date" -> "'2026-11-22'";
            case "timestamp with time zone" -> "'2026-11-22T05:06:07Z'";
            case "xid8" -> "pg_current_xact_id()";
            default -> "1";
        };
    }

    /** Takes the checks off. */
    static void dropRules(Connection owner) throws SQLException {
        for (String rule : strings(
                owner,
                "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint"
                        + " WHERE contype = 'c' AND conrelid <> 0 AND connamespace = 'public'::regnamespace")) {
            run(owner, rule);
        }
    }

    static List<Column> columns(Connection owner) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT c.relname, a.attname, format_type(a.atttypid, NULL), NOT a.attnotnull
                          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
                           AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '' AND a.attgenerated = ''
                         ORDER BY c.relname, a.attnum""")) {
            while (rows.next()) {
                columns.add(new Column(rows.getString(1), rows.getString(2), rows.getString(3), rows.getBoolean(4)));
            }
        }
        return columns;
    }

    static List<String> strings(Connection connection, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
