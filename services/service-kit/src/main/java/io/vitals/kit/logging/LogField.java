package io.vitals.kit.logging;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.UUID;

/**
 * The fields that a log line may carry: ids and facts of operation, never a token, never a health value. The {@code of}
 * methods take only types that cannot hold one by accident; free text goes through enumerated reasons.
 */
public enum LogField {
    ATTEMPT,
    COUNT,
    DATE,
    DURATION_MS,
    KEY,
    LINK_STATE,
    LISTENER,
    MEMBER,
    OPERATION,
    OUTCOME,
    PHASE,
    PORT,
    REASON,
    RECORD_ID,
    REQUEST_ID,
    ROUTE,
    STATE,
    STATUS,
    TYPE,
    UPSTREAM,
    WHOOP_TRACE_ID,
    WORKER;

    private static final int MAX_LENGTH = 200;

    /** A field with its value. */
    public record Entry(LogField field, Object value) {}

    public Entry of(String code) {
        return new Entry(this, code.length() > MAX_LENGTH ? code.substring(0, MAX_LENGTH) : code);
    }

    public Entry of(long number) {
        return new Entry(this, number);
    }

    public Entry of(Enum<?> code) {
        return new Entry(this, code.name().toLowerCase(Locale.ROOT));
    }

    public Entry of(@Nullable UUID id) {
        return new Entry(this, String.valueOf(id));
    }

    public Entry of(LocalDate date) {
        return new Entry(this, date.toString());
    }

    public Entry of(Instant time) {
        return new Entry(this, time.toString());
    }

    public Entry of(Duration duration) {
        return new Entry(this, duration.toMillis());
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
