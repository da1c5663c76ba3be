package io.vitals.kit.state;

import org.flywaydb.core.api.MigrationVersion;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the database itself says of its tables, and that each of them is decided.
 *
 * @param schema version of the newest migration that has run
 * @param tables those that are in, each behind those that it refers to
 * @param sequences those of the tables that are in, and those of none
 */
record Catalogue(String schema, List<Table> tables, List<String> sequences) {
    private static final String COLUMNS = """
            SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation <> 0,
                   NOT a.attnotnull OR a.atthasdef OR a.attidentity <> ''
              FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''""";

    private static final String KEYS = """
            SELECT c.relname, a.attname
              FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
             CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS part (number, place)
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = part.number
             WHERE i.indisprimary AND c.relnamespace = CAST('public' AS regnamespace)
             ORDER BY c.relname, part.place""";

    private static final String REFERENCES = """
            SELECT f.relname, t.relname
              FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
             WHERE k.contype = 'f' AND f.oid <> t.oid AND f.relnamespace = CAST('public' AS regnamespace)""";

    private static final String SEQUENCES = """
            SELECT s.relname, coalesce(t.relname, '')
              FROM pg_class s
              LEFT JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
                   AND d.classid = CAST('pg_class' AS regclass) AND d.refclassid = CAST('pg_class' AS regclass)
              LEFT JOIN pg_class t ON t.oid = d.refobjid
             WHERE s.relkind = 'S' AND s.relnamespace = CAST('public' AS regnamespace)
             ORDER BY s.relname""";

    private static final String SCHEMA =
            "SELECT version FROM flyway_schema_history WHERE success AND version IS NOT NULL";

    /**
     * A column.
     *
     * @param type as it is written in a cast
     * @param collated whether its order would depend on the database's language
     * @param optional whether a row may be inserted without it
     */
    record Column(String name, String type, boolean collated, boolean optional) {}

    /**
     * A table.
     *
     * @param columns all, by name
     * @param exported names of those that are in, in order
     * @param order by which its rows go
     */
    record Table(String name, Map<String, Column> columns, List<String> exported, List<Column> order) {
        String quoted() {
            return "public." + quote(name);
        }
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /**
     * Asks the database.
     *
     * @throws StateException if a table is not decided, or one that is decided is not there
     */
    static Catalogue read(Connection connection, StateTables decided) throws SQLException, StateException {
        Map<String, Map<String, Column>> columns = columns(connection);
        everyTableIsDecided(columns.keySet(), decided);
        Map<String, List<String>> keys = pairs(connection, KEYS);
        Map<String, Table> tables = new TreeMap<>();
        for (StateTables.Included included : decided.included().values()) {
            Map<String, Column> own = columns.get(included.name());
            if (own == null) {
                throw new StateException(
                        "table " + included.name() + " is not in the store: is its schema of this release?");
            }
            tables.put(included.name(), table(included, own, keys.getOrDefault(included.name(), List.of())));
        }
        List<String> sequences = new ArrayList<>();
        for (Map.Entry<String, List<String>> sequence :
                pairs(connection, SEQUENCES).entrySet()) {
            if (sequence.getValue().stream().noneMatch(decided.excluded()::containsKey)) {
                sequences.add(sequence.getKey());
            }
        }
        return new Catalogue(schema(connection), inOrder(tables, pairs(connection, REFERENCES)), sequences);
    }

    Map<String, Table> byName() {
        return tables.stream().collect(Collectors.toMap(Table::name, table -> table));
    }

    private static void everyTableIsDecided(Collection<String> present, StateTables decided) throws StateException {
        for (String table : present) {
            if (!decided.included().containsKey(table) && !decided.excluded().containsKey(table)) {
                throw new StateException("table " + table + " is neither in an export nor left out of it: decide");
            }
        }
    }

    private static Table table(StateTables.Included included, Map<String, Column> columns, List<String> key)
            throws StateException {
        List<String> exported = columns.keySet().stream()
                .filter(c -> !included.local().contains(c))
                .sorted()
                .toList();
        List<Column> order = new ArrayList<>();
        for (String name : included.order().isEmpty() ? key : included.order()) {
            Column column = columns.get(name);
            if (column == null) {
                throw new StateException("table " + included.name() + " has no column " + name);
            }
            order.add(column);
        }
        if (order.isEmpty() || exported.size() + included.local().size() != columns.size()) {
            throw new StateException(
                    "table " + included.name() + " has no primary key, or lacks a column that is left out");
        }
        return new Table(included.name(), columns, exported, List.copyOf(order));
    }

    /** Rows can be inserted in this order: what they refer to is there. */
    private static List<Table> inOrder(Map<String, Table> tables, Map<String, List<String>> references)
            throws StateException {
        List<Table> order = new ArrayList<>();
        Set<String> done = new HashSet<>();
        while (done.size() < tables.size()) {
            int before = done.size();
            for (Table table : tables.values()) {
                if (!done.contains(table.name())
                        && done.containsAll(references.getOrDefault(table.name(), List.of()))) {
                    order.add(table);
                    done.add(table.name());
                }
            }
            if (done.size() == before) {
                String rest =
                        tables.keySet().stream().filter(t -> !done.contains(t)).collect(Collectors.joining(", "));
                throw new StateException("tables refer to each other or to one that is left out: " + rest);
            }
        }
        return List.copyOf(order);
    }

    private static String schema(Connection connection) throws SQLException, StateException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SCHEMA)) {
            List<MigrationVersion> versions = new ArrayList<>();
            while (rows.next()) {
                versions.add(MigrationVersion.fromVersion(rows.getString(1)));
            }
            return versions.stream()
                    .max(MigrationVersion::compareTo)
                    .orElseThrow(() -> new StateException("the store has no schema: migrate first"))
                    .getVersion();
        }
    }

    private static Map<String, Map<String, Column>> columns(Connection connection) throws SQLException {
        Map<String, Map<String, Column>> columns = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(COLUMNS)) {
            while (rows.next()) {
                Column column =
                        new Column(rows.getString(2), rows.getString(3), rows.getBoolean(4), rows.getBoolean(5));
                columns.computeIfAbsent(rows.getString(1), _ -> new TreeMap<>()).put(column.name(), column);
            }
        }
        return columns;
    }

    private static Map<String, List<String>> pairs(Connection connection, String query) throws SQLException {
        Map<String, List<String>> pairs = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                pairs.computeIfAbsent(rows.getString(1), _ -> new ArrayList<>()).add(rows.getString(2));
            }
        }
        return pairs;
    }
}
