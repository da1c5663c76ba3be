package io.vitals.whoop.records;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vitals.kit.json.Json;
import io.vitals.whoop.model.ScoreState;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * A row that PostgreSQL returned as one JSON list: a week of records in one column costs a fraction of what their columns cost one by one. The
 * plain readers refuse null; the {@code OrNull} twins pass it on.
 */
final class Cells {
    private final Layout layout;
    private final @Nullable Object[] values;

    private Cells(Layout layout, @Nullable Object[] values) {
        this.layout = layout;
        this.values = values;
    }

    /** The columns of such a list in their order; the SQL that makes it and the reading of it both follow from here. */
    static final class Layout {
        private final Map<String, Integer> places = new HashMap<>();
        private final String sql;

        Layout(List<String> columns) {
            columns.forEach(column -> places.put(column, places.size()));
            this.sql = "json_build_array(" + String.join(", ", columns) + ")";
        }

        /** The expression over a row. */
        String sql() {
            return sql;
        }

        /** Reads one row. */
        <T> T one(String json, Function<Cells, T> reader) {
            try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
                parser.nextToken();
                return reader.apply(row(parser));
            } catch (IOException e) {
                throw new IllegalStateException("not a row", e);
            }
        }

        /** Reads a list of rows; null, as SQL aggregates nothing, reads as none. */
        <T> List<T> all(@Nullable String json, Function<Cells, T> reader) {
            if (json == null) {
                return List.of();
            }
            List<T> rows = new ArrayList<>();
            try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
                parser.nextToken();
                while (parser.nextToken() == JsonToken.START_ARRAY) {
                    rows.add(reader.apply(row(parser)));
                }
                return rows;
            } catch (IOException e) {
                throw new IllegalStateException("not a list of rows", e);
            }
        }

        private Cells row(JsonParser parser) throws IOException {
            @Nullable Object[] values = new @Nullable Object[places.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (parser.nextToken()) {
                    case VALUE_NULL -> null;
                    case VALUE_TRUE -> true;
                    case VALUE_FALSE -> false;
                    case VALUE_NUMBER_INT -> parser.getLongValue();
                    case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
                    case VALUE_STRING -> parser.getText();
                    default -> throw new IllegalStateException("a row ends early or holds more than values");
                };
            }
            if (parser.nextToken() != JsonToken.END_ARRAY) {
                throw new IllegalStateException("a row is longer than its columns");
            }
            return new Cells(this, values);
        }
    }

    String string(String column) {
        return required(column, stringOrNull(column));
    }

    @Nullable
    String stringOrNull(String column) {
        return (String) value(column);
    }

    UUID uuid(String column) {
        return UUID.fromString(string(column));
    }

    long longValue(String column) {
        return required(column, longOrNull(column));
    }

    @Nullable
    Long longOrNull(String column) {
        return (Long) value(column);
    }

    @Nullable
    Double doubleOrNull(String column) {
        return value(column) instanceof Number number ? number.doubleValue() : null;
    }

    boolean bool(String column) {
        return required(column, boolOrNull(column));
    }

    @Nullable
    Boolean boolOrNull(String column) {
        return (Boolean) value(column);
    }

    Instant instant(String column) {
        return Times.parse(string(column));
    }

    @Nullable
    Instant instantOrNull(String column) {
        String text = stringOrNull(column);
        return text == null ? null : Times.parse(text);
    }

    LocalDate localDate(String column) {
        return Times.date(string(column));
    }

    @Nullable
    LocalDate localDateOrNull(String column) {
        String text = stringOrNull(column);
        return text == null ? null : Times.date(text);
    }

    ZoneOffset offset(String column) {
        return ZoneOffset.of(string(column));
    }

    ScoreState state() {
        return ScoreState.of(string("score_state"));
    }

    private @Nullable Object value(String column) {
        Integer place = layout.places.get(column);
        if (place == null) {
            throw new IllegalArgumentException("no column " + column);
        }
        return values[place];
    }

    private static <T> T required(String column, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException(column + " is null");
        }
        return value;
    }
}
