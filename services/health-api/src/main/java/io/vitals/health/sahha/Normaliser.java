package io.vitals.health.sahha;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.sahha.SahhaRecord.Outcome;
import io.vitals.health.sahha.SahhaRecord.Skipped;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Reads Sahha's records in every shape that is seen: scores with {@code score} or {@code value}, as a ratio or a
 * percentage, values as text. Unknown types pass; what cannot be read is skipped and says why.
 */
final class Normaliser {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,64}");
    private static final LocalDate FIRST = LocalDate.of(2000, 1, 1);
    private static final int LONGEST_TEXT = 128;
    private static final String SESSION = "exercise_session";
    /** Nobody exercises longer; a session that does would hide what belongs to other days. */
    private static final Duration LONGEST_SESSION = Duration.ofDays(2);

    private Normaliser() {}

    /** {@code receivedAt} stands in for a creation time that is not told, and bounds the dates that can be. */
    static Outcome score(JsonNode record, Instant receivedAt) {
        Optional<String> type = name(record, "type");
        Optional<OffsetDateTime> time = firstTime(record, "scoreDateTime", "createdAt", "createdAtUtc");
        OptionalDouble told = number(record.hasNonNull("score") ? record.path("score") : record.path("value"));
        if (type.isEmpty() || time.isEmpty() || told.isEmpty() || unstorable(record)) {
            return Outcome.skip(Skipped.MALFORMED);
        }
        double amount = told.getAsDouble();
        double percent = amount <= 1 ? amount * 100 : amount;
        LocalDate date = time.get().toLocalDate();
        if (!(percent >= 0 && percent <= 100) || impossible(date, receivedAt)) {
            return Outcome.skip(Skipped.OUT_OF_RANGE);
        }
        Instant observed = time.get().toInstant();
        return Outcome.of(new SahhaRecord.Score(
                text(record, "id").orElse(type.get() + "@" + observed),
                type.get(),
                date,
                percent,
                text(record, "state").map(s -> s.toLowerCase(Locale.ROOT)).orElse("unknown"),
                observed,
                time.get().getOffset().getId(),
                firstTime(record, "createdAtUtc", "createdAt")
                        .map(OffsetDateTime::toInstant)
                        .orElse(observed),
                record));
    }

    /** The sessions of a data log event: one of exercise may hold many. */
    static List<Outcome> sessions(JsonNode event, Instant receivedAt) {
        Optional<String> kind = name(event, "dataType");
        JsonNode logs = event.path("dataLogs");
        if (kind.isEmpty() || !logs.isArray()) {
            return List.of(Outcome.skip(Skipped.MALFORMED));
        }
        Instant createdAt =
                firstTime(event, "receivedAtUtc").map(OffsetDateTime::toInstant).orElse(receivedAt);
        List<Outcome> outcomes = new ArrayList<>();
        logs.forEach(log -> outcomes.add(session(kind.get(), log, createdAt, receivedAt)));
        return outcomes;
    }

    /** Laps and segments are parts of a session that is told by itself; other kinds of exercise log pass. */
    private static Outcome session(String kind, JsonNode record, Instant createdAt, Instant receivedAt) {
        Optional<OffsetDateTime> start = firstTime(record, "startDateTime");
        Optional<OffsetDateTime> end = firstTime(record, "endDateTime");
        if (start.isEmpty() || end.isEmpty() || unstorable(record)) {
            return Outcome.skip(Skipped.MALFORMED);
        }
        if (!kind.startsWith(SESSION) || text(record, "parentId").isPresent()) {
            return Outcome.skip(Skipped.UNSUPPORTED);
        }
        LocalDate date = start.get().toLocalDate();
        // A session is known by its begin, which the database keeps less finely than it may be told.
        Instant from = start.get().toInstant().truncatedTo(ChronoUnit.MILLIS);
        Instant to = end.get().toInstant().truncatedTo(ChronoUnit.MILLIS);
        if (impossible(date, receivedAt)
                || to.isBefore(from)
                || Duration.between(from, to).compareTo(LONGEST_SESSION) > 0) {
            return Outcome.skip(Skipped.OUT_OF_RANGE);
        }
        String sport = kind.substring(SESSION.length()).replaceFirst("^_", "");
        return Outcome.of(new SahhaRecord.Session(
                text(record, "id").orElse(kind + "@" + from),
                sport.isEmpty() ? "unknown" : sport,
                date,
                from,
                to,
                start.get().getOffset().getId(),
                createdAt,
                record));
    }

    /** As {@link #score}; the day is the one of {@code startDateTime} in its offset. One of exercise may be a session. */
    static Outcome biomarker(JsonNode record, Instant receivedAt) {
        Optional<String> type = name(record, "type");
        if (type.filter(name -> name.startsWith(SESSION)).isPresent()) {
            Instant createdAt = firstTime(record, "createdAtUtc", "createdAt")
                    .map(OffsetDateTime::toInstant)
                    .orElse(receivedAt);
            return session(type.get(), record, createdAt, receivedAt);
        }
        Optional<OffsetDateTime> start = firstTime(record, "startDateTime");
        if (type.isEmpty() || start.isEmpty() || unstorable(record)) {
            return Outcome.skip(Skipped.MALFORMED);
        }
        String kind = record.path("valueType").asText("").toLowerCase(Locale.ROOT);
        String periodicity = record.path("periodicity").asText("daily").toLowerCase(Locale.ROOT);
        if (kind.contains("time") || kind.equals("string") || !periodicity.equals("daily")) {
            return Outcome.skip(Skipped.UNSUPPORTED);
        }
        OptionalDouble amount = number(record.path("value"));
        if (amount.isEmpty()) {
            return Outcome.skip(Skipped.MALFORMED);
        }
        LocalDate date = start.get().toLocalDate();
        if (impossible(date, receivedAt)) {
            return Outcome.skip(Skipped.OUT_OF_RANGE);
        }
        Instant from = start.get().toInstant();
        return Outcome.of(new SahhaRecord.Biomarker(
                text(record, "id").orElse(type.get() + "@" + from),
                type.get(),
                name(record, "category").orElse("unknown"),
                date,
                amount.getAsDouble(),
                text(record, "unit").orElse(""),
                from,
                firstTime(record, "endDateTime").map(OffsetDateTime::toInstant).orElse(from),
                start.get().getOffset().getId(),
                firstTime(record, "createdAtUtc", "createdAt")
                        .map(OffsetDateTime::toInstant)
                        .orElse(receivedAt),
                record));
    }

    private static boolean impossible(LocalDate date, Instant receivedAt) {
        LocalDate last = LocalDate.ofInstant(receivedAt, ZoneOffset.UTC).plusDays(2);
        return date.isBefore(FIRST) || date.isAfter(last);
    }

    /** PostgreSQL keeps no NUL in text or jsonb. */
    private static boolean unstorable(JsonNode record) {
        return !record.isObject() || record.toString().contains("\\u0000");
    }

    private static Optional<String> name(JsonNode record, String field) {
        return text(record, field)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> NAME.matcher(name).matches());
    }

    private static Optional<String> text(JsonNode record, String field) {
        JsonNode value = record.path(field);
        return value.isTextual()
                        && !value.textValue().isBlank()
                        && value.textValue().length() <= LONGEST_TEXT
                ? Optional.of(value.textValue().strip())
                : Optional.empty();
    }

    private static OptionalDouble number(JsonNode value) {
        double number = Double.NaN;
        if (value.isNumber()) {
            number = value.doubleValue();
        } else if (value.isTextual() && value.textValue().length() <= 40) {
            try {
                number = Double.parseDouble(value.textValue().strip());
            } catch (NumberFormatException e) {
                return OptionalDouble.empty();
            }
        }
        return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
    }

    private static Optional<OffsetDateTime> firstTime(JsonNode record, String... fields) {
        for (String field : fields) {
            Optional<OffsetDateTime> time = text(record, field).flatMap(Normaliser::time);
            if (time.isPresent()) {
                return time;
            }
        }
        return Optional.empty();
    }

    /** A time without an offset is UTC, as the fields that lack one are named. */
    private static Optional<OffsetDateTime> time(String text) {
        try {
            TemporalAccessor parsed =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            return Optional.of(
                    parsed instanceof OffsetDateTime time
                            ? time
                            : LocalDateTime.from(parsed).atOffset(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
