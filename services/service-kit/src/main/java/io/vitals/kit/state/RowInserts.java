package io.vitals.kit.state;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Inserts rows by the batch, each value as the text that it was read as. Not by {@code COPY}, which row-level security does not let in.
 */
final class RowInserts implements AutoCloseable {
    private static final int MOST_ROWS = 500;
    private static final long MOST_CHARACTERS = 4L << 20;

    private final Connection connection;
    private final PreparedStatement statement;
    private final int width;
    private final List<@Nullable String[]> rows = new ArrayList<>();
    private long characters;

    RowInserts(Connection connection, Catalogue.Table table, List<String> columns) throws SQLException {
        this.connection = connection;
        this.width = columns.size();
        String names = columns.stream().map(Catalogue::quote).collect(Collectors.joining(", "));
        String values = IntStream.range(0, width)
                .mapToObj(i -> "CAST(r.c" + i + " AS " + type(table, columns.get(i)) + ")")
                .collect(Collectors.joining(", "));
        String arrays =
                IntStream.range(0, width).mapToObj(_ -> "CAST(? AS text[])").collect(Collectors.joining(", "));
        String aliases = IntStream.range(0, width).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        this.statement = connection.prepareStatement("INSERT INTO " + table.quoted() + " (" + names
                + ") OVERRIDING SYSTEM VALUE SELECT " + values + " FROM unnest(" + arrays + ") AS r (" + aliases + ")");
    }

    private static String type(Catalogue.Table table, String column) {
        Catalogue.Column known = table.columns().get(column);
        if (known == null) {
            throw new IllegalArgumentException("columns were compared before");
        }
        return known.type();
    }

    void add(@Nullable String[] row) throws SQLException {
        rows.add(row);
        for (String value : row) {
            characters += value == null ? 0 : value.length();
        }
        if (rows.size() >= MOST_ROWS || characters >= MOST_CHARACTERS) {
            flush();
        }
    }

    void flush() throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        for (int column = 0; column < width; column++) {
            @Nullable Object[] values = new @Nullable Object[rows.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.get(row)[column];
            }
            statement.setArray(column + 1, connection.createArrayOf("text", values));
        }
        statement.executeUpdate();
        rows.clear();
        characters = 0;
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
