package io.vitals.health.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.vitals.kit.http.CommonFailure;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Which dead letters are put back.
 *
 * @param id the only one; null for all of a range
 * @param from received then or later
 * @param to received before then
 * @param dryRun they are only counted
 */
record ReplayRequest(
        AdminViews.Source source,
        @Nullable String id,
        @Nullable Instant from,
        @Nullable Instant to,
        boolean dryRun) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

    /** As it is sent. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Body(
            @Nullable String source,
            @Nullable String id,
            @Nullable String from,
            @Nullable String to,
            @Nullable Boolean dryRun) {}

    static ReplayRequest of(Body body) {
        AdminViews.Source source = AdminViews.Source.of(Objects.requireNonNullElse(body.source(), ""));
        String id = body.id();
        Instant from = time("from", body.from());
        Instant to = time("to", body.to());
        if (id != null) {
            if (!ID.matcher(id).matches()) {
                throw invalid("id", "is not that of a dead letter");
            } else if (from != null || to != null) {
                throw invalid("id", "goes without from and to");
            } else if (source == AdminViews.Source.SAHHA) {
                AdminViews.number("id", id);
            }
        } else if (from == null) {
            throw invalid("from", "must be given, or id");
        } else if (to == null) {
            throw invalid("to", "must be given");
        } else if (!from.isBefore(to)) {
            throw invalid("to", "is not after from");
        }
        return new ReplayRequest(source, id, from, to, Boolean.TRUE.equals(body.dryRun()));
    }

    /** The id of an event of Sahha, which is a number. */
    @Nullable
    Long number() {
        String text = id;
        return text == null ? null : AdminViews.number("id", text);
    }

    /** What it is about, as the audit log names it. */
    String object() {
        String one = id;
        return one != null ? one : from + ".." + to;
    }

    private static @Nullable Instant time(String field, @Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw invalid(field, "must be a time such as 2026-11-22T06:00:00Z");
        }
    }

    private static RuntimeException invalid(String field, String why) {
        return new CommonFailure.InvalidInput(field, why).toException();
    }
}
