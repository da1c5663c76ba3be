package io.vitals.kit.state;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import io.vitals.kit.json.Json;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows as lines: one object each, its keys in order, each value the text that PostgreSQL has for it, or null. So no number is rounded on
 * its way, a document keeps its spaces, and equal rows are equal bytes.
 */
final class Rows {
    /** As many rows as the driver holds at once. */
    private static final int FETCH = 500;

    private static final SerializedString NEWLINE = new SerializedString("\n");

    private Rows() {}

    /** Takes one row, whose values are in the order of its columns. */
    @FunctionalInterface
    interface Sink {
        void row(@Nullable String[] values) throws SQLException;
    }

    /** Writes all rows of a table in its order; the connection is in a transaction, else the driver would fetch all of them at once. */
    static void write(Connection connection, Catalogue.Table table, List<String> columns, OutputStream out)
            throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                JsonGenerator json = Json.mapper().getFactory().createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
            json.enable(JsonGenerator.Feature.COMBINE_UNICODE_SURROGATES_IN_UTF8);
            json.setRootValueSeparator(NEWLINE);
            statement.setFetchSize(FETCH);
            boolean any = false;
            try (ResultSet rows = statement.executeQuery(select(table, columns))) {
                while (rows.next()) {
                    json.writeStartObject();
                    for (int i = 0; i < columns.size(); i++) {
                        json.writeStringField(columns.get(i), rows.getString(i + 1));
                    }
                    json.writeEndObject();
                    any = true;
                }
            }
            if (any) {
                json.writeRaw('\n');
            }
        }
    }

    private static String select(Catalogue.Table table, List<String> columns) {
        return columns.stream()
                        .map(name -> "CAST(" + Catalogue.quote(name) + " AS text)")
                        .collect(Collectors.joining(", ", "SELECT ", " FROM " + table.quoted() + " AS t"))
                + table.order().stream()
                        .map(column ->
                                "t." + Catalogue.quote(column.name()) + (column.collated() ? " COLLATE \"C\"" : ""))
                        .collect(Collectors.joining(", ", " ORDER BY ", ""));
    }

    /**
     * Reads lines.
     *
     * @param name of the file, for what is wrong with it
     */
    static void read(InputStream lines, String name, List<String> columns, Sink sink)
            throws IOException, SQLException, StateException {
        long number = 0;
        try (JsonParser json = Json.mapper().getFactory().createParser(lines)) {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                number++;
                @Nullable String[] values = new @Nullable String[columns.size()];
                for (int i = 0; i < values.length; i++) {
                    boolean expected = columns.get(i).equals(json.nextFieldName());
                    JsonToken value = json.nextToken();
                    if (!expected || (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NULL)) {
                        throw new StateException(
                                name + " line " + number + ": field " + columns.get(i) + " is not where it belongs");
                    }
                    values[i] = value == JsonToken.VALUE_NULL ? null : json.getText();
                }
                if (json.nextToken() != JsonToken.END_OBJECT) {
                    throw new StateException(name + " line " + number + ": has more fields than the manifest names");
                }
                sink.row(values);
            }
        }
    }
}
