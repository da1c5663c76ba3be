package io.vitals.health.sahha;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;

/** A record as it is stored: the day in its own offset, the number checked, the original kept. */
sealed interface SahhaRecord {
    String type();

    LocalDate date();

    Instant createdAt();

    record Score(
            String id,
            String type,
            LocalDate date,
            double percent,
            String state,
            Instant observedAt,
            String timezoneOffset,
            Instant createdAt,
            JsonNode raw)
            implements SahhaRecord {}

    record Biomarker(
            String id,
            String type,
            String category,
            LocalDate date,
            double amount,
            String unit,
            Instant start,
            Instant end,
            String timezoneOffset,
            Instant createdAt,
            JsonNode raw)
            implements SahhaRecord {}

    /** An exercise session; its type is the sport. */
    record Session(
            String id,
            String type,
            LocalDate date,
            Instant start,
            Instant end,
            String timezoneOffset,
            Instant createdAt,
            JsonNode raw)
            implements SahhaRecord {}

    /** Why a record is not stored. */
    enum Skipped {
        /** Not what a score, a biomarker or a session looks like. */
        MALFORMED,
        /** Well-formed, but nothing that we keep: a time of day, an hourly value. */
        UNSUPPORTED,
        /** A number or date that cannot be. */
        OUT_OF_RANGE
    }

    /** A record, or why there is none. */
    record Outcome(@Nullable SahhaRecord stored, @Nullable Skipped skipped) {
        static Outcome of(SahhaRecord stored) {
            return new Outcome(stored, null);
        }

        static Outcome skip(Skipped why) {
            return new Outcome(null, why);
        }
    }
}
