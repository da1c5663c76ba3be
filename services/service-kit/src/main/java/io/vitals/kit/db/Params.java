package io.vitals.kit.db;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Values for a statement's parameters; the only way a value reaches SQL. */
public final class Params {
    private static final Params NONE = new Params(Map.of());

    private final Map<String, @Nullable Object> values;

    private Params(Map<String, @Nullable Object> values) {
        this.values = values;
    }

    public static Params none() {
        return NONE;
    }

    /**
     * Alternating names and values. Instants, dates, UUIDs, enums (as lower-case names), byte arrays and boxed arrays are
     * taken as they are.
     */
    public static Params of(@Nullable Object... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values come in pairs");
        }
        Map<String, @Nullable Object> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(String.valueOf(namesAndValues[i]), convert(namesAndValues[i + 1]));
        }
        return new Params(values);
    }

    /** These and one more. */
    public Params with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new HashMap<>(values);
        more.put(name, convert(value));
        return new Params(more);
    }

    Map<String, @Nullable Object> values() {
        return values;
    }

    private static @Nullable Object convert(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Instant instant -> instant.atOffset(ZoneOffset.UTC);
            case Instant[] instants -> {
                java.time.OffsetDateTime[] times = new java.time.OffsetDateTime[instants.length];
                for (int i = 0; i < times.length; i++) {
                    times[i] = instants[i].atOffset(ZoneOffset.UTC);
                }
                yield times;
            }
            case Enum<?> code -> code.name().toLowerCase(Locale.ROOT);
            default -> value;
        };
    }
}
