package io.vitals.whoop.records;

import io.vitals.kit.db.Params;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Rows on their way into a table: one array a column, which is the cheapest way to hand many rows to one statement. Times, days, UUIDs and
 * documents travel as texts.
 */
final class Columns {
    private final int rows;
    private final Map<String, @Nullable Object[]> arrays = new HashMap<>();
    private int row = -1;

    private Columns(int rows) {
        this.rows = rows;
    }

    /** A column and its SQL type. */
    record Column(String name, String type) {
        /** Reads {@code name type, name type}. */
        static List<Column> list(String text) {
            return Arrays.stream(text.split(", *", -1))
                    .map(column -> column.split(" ", 2))
                    .map(parts -> new Column(parts[0], parts[1]))
                    .toList();
        }

        private boolean isText() {
            return switch (type) {
                case "bigint", "double precision", "boolean" -> false;
                default -> true;
            };
        }

        private String parameter() {
            return "CAST(:" + name + " AS " + (isText() ? "text" : type) + "[])";
        }

        private String value() {
            return isText() ? "CAST(" + name + " AS " + type + ") AS " + name : name;
        }

        private @Nullable Object[] array(int rows) {
            return switch (type) {
                case "bigint" -> new @Nullable Long[rows];
                case "double precision" -> new @Nullable Double[rows];
                case "boolean" -> new @Nullable Boolean[rows];
                default -> new @Nullable String[rows];
            };
        }
    }

    /** The rows as a table expression whose parameters are named as the columns. */
    static String sql(List<Column> columns) {
        return "(SELECT " + columns.stream().map(Column::value).collect(Collectors.joining(", ")) + " FROM unnest("
                + columns.stream().map(Column::parameter).collect(Collectors.joining(", ")) + ") AS given("
                + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + "))";
    }

    /** Room for so many rows; {@link #next()} goes to the first of them. */
    static Columns of(List<Column> columns, int rows) {
        Columns table = new Columns(rows);
        columns.forEach(column -> table.arrays.put(column.name(), column.array(rows)));
        return table;
    }

    /** Begins a row, in which nothing is known yet. */
    Columns next() {
        row++;
        return this;
    }

    Columns put(String column, @Nullable String value) {
        return set(column, value);
    }

    Columns put(String column, @Nullable Long value) {
        return set(column, value);
    }

    Columns put(String column, @Nullable Double value) {
        return set(column, value);
    }

    Columns put(String column, @Nullable Boolean value) {
        return set(column, value);
    }

    Columns put(String column, @Nullable Instant value) {
        return set(column, value == null ? null : value.toString());
    }

    Columns put(String column, UUID value) {
        return set(column, value.toString());
    }

    private Columns set(String column, @Nullable Object value) {
        @Nullable Object[] array = arrays.get(column);
        if (array == null) {
            throw new IllegalArgumentException("no column " + column);
        }
        array[row] = value;
        return this;
    }

    /** The arrays, and further parameters. */
    Params with(@Nullable Object... namesAndValues) {
        if (row != rows - 1) {
            throw new IllegalStateException("room for " + rows + " rows, but " + (row + 1) + " came");
        }
        List<@Nullable Object> all = new ArrayList<@Nullable Object>();
        Collections.addAll(all, namesAndValues);
        arrays.forEach((name, array) -> {
            all.add(name);
            all.add(array);
        });
        return Params.of(all.toArray());
    }
}
