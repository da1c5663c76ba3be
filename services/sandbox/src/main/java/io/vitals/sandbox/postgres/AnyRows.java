package io.vitals.sandbox.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows in every table, of values that are hard to carry: for tests of what must come back as it was. Made-up values cannot keep all rules,
 * so the checks are taken off, of the store that takes them over too.
 */
public final class AnyRows {
    private static final List<String> TEXTS = List.of(
            "E'quote '' \"double\" back\\\\slash \\t tab \\n line \\r end'",
            "E'\\u2028 \\U0001F634 \\u00e9 e\\u0301 \\u0001 \\u007f'",
            "' spaces around, NULL, \\N, {}, [] '");
    private static final List<String> NUMBERS = List.of(
            "'NaN'", "'-Infinity'", "0.1", "1e-300", "5e-324", "-0.0", "123456789.12345678", "1.7976931348623157e308");
    private static final List<String> DOCUMENTS =
            List.of("'{\"b\": 1,  \"a\" : 1.50}'", "'[]'", "E'{\"k\": \"\\\\u0041\\\\n\", \"k2\": 1e400}'");

    private AnyRows() {}

    /** Takes the checks off. */
    public static void dropRules(Connection owner) throws SQLException {
        CanaryRows.dropRules(owner);
    }

    /**
     * Plants rows.
     *
     * @param rows in each table
     * @param fixed values as SQL literals, one for each row, by {@code table.column} or by name of the column
     * @param leftOut tables that get none
     */
    public static void plant(Connection owner, int rows, Map<String, List<String>> fixed, Set<String> leftOut)
            throws SQLException {
        dropRules(owner);
        LinkedHashMap<String, List<CanaryRows.Column>> tables = new LinkedHashMap<>();
        for (CanaryRows.Column column : CanaryRows.columns(owner)) {
            tables.computeIfAbsent(column.table(), _ -> new ArrayList<>()).add(column);
        }
        // What others refer to comes first.
        for (String referred : CanaryRows.strings(
                owner, "SELECT DISTINCT CAST(confrelid AS regclass) FROM pg_constraint WHERE contype = 'f'")) {
            List<CanaryRows.Column> columns = tables.remove(referred);
            if (columns != null) {
                tables.putFirst(referred, columns);
            }
        }
        tables.keySet().removeAll(leftOut);
        for (Map.Entry<String, List<CanaryRows.Column>> table : tables.entrySet()) {
            for (int row = 0; row < rows; row++) {
                List<String> names = new ArrayList<>();
                List<String> values = new ArrayList<>();
                for (CanaryRows.Column column : table.getValue()) {
                    List<String> given = fixed.getOrDefault(
                            table.getKey() + "." + column.name(), fixed.getOrDefault(column.name(), List.of()));
                    names.add('"' + column.name() + '"');
                    values.add(given.isEmpty() ? value(column, row) : given.get(row % given.size()));
                }
                CanaryRows.run(
                        owner,
                        "INSERT INTO \"" + table.getKey() + "\" (" + String.join(", ", names) + ") VALUES ("
                                + String.join(", ", values) + ")");
            }
        }
    }

    private static String value(CanaryRows.Column column, int row) {
        if (column.nullable() && row % 4 == 3) {
            return "NULL";
        }
        int salt = Math.floorMod(column.name().hashCode(), 100) + row;
        return switch (column.type()) {
            case "text" -> "'" + row + "' || " + TEXTS.get(salt % TEXTS.size());
            case "text[]" -> "ARRAY['" + row + "', NULL, " + TEXTS.get(salt % TEXTS.size()) + "]";
            case "integer[]" -> "ARRAY[" + salt + ", NULL, -1]";
            case "json" -> DOCUMENTS.get(salt % DOCUMENTS.size());
            // Numbers as large as that are for text alone.
            case "jsonb" -> DOCUMENTS.get(salt % 2);
            case "bytea" -> "decode('00ff" + "%04x".formatted(salt) + "5c27', 'hex')";
            case "uuid" -> "CAST('00000000-0000-4000-8000-" + "%012x".formatted(salt) + "' AS uuid)";
            case "boolean" -> String.valueOf(salt % 2 == 0);
            case "date" -> "DATE '2026-11-22' + " + salt;
            case "timestamp with time zone" ->
                salt % 5 == 0 && column.nullable()
                        ? "'infinity'"
                        : "TIMESTAMPTZ '2026-11-22T05:06:07.000001Z' + " + salt + " * INTERVAL '1 hour'";
            case "double precision" -> NUMBERS.get(salt % NUMBERS.size());
            case "bigint" -> "9007199254740993 + " + salt;
            case "xid8" -> "pg_current_xact_id()";
            case "smallint" -> String.valueOf(salt);
            default -> String.valueOf(2_000_000_000 - salt);
        };
    }
}
