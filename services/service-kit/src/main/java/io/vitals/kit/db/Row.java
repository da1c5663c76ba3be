package io.vitals.kit.db;

import io.helidon.dbclient.DbRow;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/** One row of an answer. The plain readers refuse NULL; the {@code OrNull} twins pass it on. */
public final class Row {
    private final DbRow row;

    Row(DbRow row) {
        this.row = row;
    }

    public String string(String column) {
        return required(column, stringOrNull(column));
    }

    public @Nullable String stringOrNull(String column) {
        return switch (raw(column)) {
            case null -> null;
            case PGobject object -> object.getValue();
            case Object other -> other.toString();
        };
    }

    /** A json or jsonb column as UTF-8. */
    public byte[] json(String column) {
        return string(column).getBytes(StandardCharsets.UTF_8);
    }

    public UUID uuid(String column) {
        return required(column, uuidOrNull(column));
    }

    public @Nullable UUID uuidOrNull(String column) {
        return (UUID) raw(column);
    }

    public long longValue(String column) {
        return required(column, longOrNull(column));
    }

    public @Nullable Long longOrNull(String column) {
        return raw(column) instanceof Number number ? number.longValue() : null;
    }

    public int intValue(String column) {
        return required(column, intOrNull(column));
    }

    public @Nullable Integer intOrNull(String column) {
        return raw(column) instanceof Number number ? number.intValue() : null;
    }

    public double doubleValue(String column) {
        return required(column, doubleOrNull(column));
    }

    public @Nullable Double doubleOrNull(String column) {
        return raw(column) instanceof Number number ? number.doubleValue() : null;
    }

    public boolean bool(String column) {
        return required(column, boolOrNull(column));
    }

    public @Nullable Boolean boolOrNull(String column) {
        return (Boolean) raw(column);
    }

    public Instant instant(String column) {
        return required(column, instantOrNull(column));
    }

    public @Nullable Instant instantOrNull(String column) {
        return switch (raw(column)) {
            case null -> null;
            case Timestamp timestamp -> timestamp.toInstant();
            case OffsetDateTime time -> time.toInstant();
            default -> throw new IllegalStateException(column + " is not a time");
        };
    }

    public LocalDate localDate(String column) {
        return required(column, localDateOrNull(column));
    }

    public @Nullable LocalDate localDateOrNull(String column) {
        return switch (raw(column)) {
            case null -> null;
            case java.sql.Date date -> date.toLocalDate();
            case LocalDate date -> date;
            default -> throw new IllegalStateException(column + " is not a date");
        };
    }

    public byte[] bytes(String column) {
        return required(column, bytesOrNull(column));
    }

    public byte @Nullable [] bytesOrNull(String column) {
        return (byte[]) raw(column);
    }

    /** A text array; NULL reads as empty. */
    public List<String> strings(String column) {
        if (!(raw(column) instanceof Array array)) {
            return List.of();
        }
        try {
            return List.of((String[]) array.getArray());
        } catch (SQLException e) {
            throw new IllegalStateException(column + " cannot be read", e);
        }
    }

    /** An integer array; NULL reads as empty. */
    public List<Integer> integers(String column) {
        if (!(raw(column) instanceof Array array)) {
            return List.of();
        }
        try {
            return List.of((Integer[]) array.getArray());
        } catch (SQLException e) {
            throw new IllegalStateException(column + " cannot be read", e);
        }
    }

    private @Nullable Object raw(String column) {
        // The plain get() refuses NULL.
        return row.column(column).get(Object.class);
    }

    private static <T> T required(String column, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException(column + " is null");
        }
        return value;
    }
}
