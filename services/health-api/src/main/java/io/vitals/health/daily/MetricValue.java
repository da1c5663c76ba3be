package io.vitals.health.daily;

import java.time.Instant;
import java.util.Set;

/** A metric of a day: one reading from one source, or the reason for having none. */
sealed interface MetricValue {

    /**
     * A value with its provenance.
     *
     * @param state the source's own word: SCORED for WHOOP, low to high for Sahha scores
     * @param recordId the record at the source that it was read from
     */
    record Reading(
            Quantity quantity,
            Source source,
            Instant observedAt,
            Instant fetchedAt,
            String recordId,
            String state,
            Set<Flag> flags)
            implements MetricValue {
        public Reading {
            flags = Set.copyOf(flags);
        }

        boolean calibrating() {
            return flags.contains(Flag.CALIBRATING);
        }
    }

    record Absence(Reason reason) implements MetricValue {}

    default boolean present() {
        return this instanceof Reading;
    }

    static MetricValue absent(Reason reason) {
        return new Absence(reason);
    }
}
