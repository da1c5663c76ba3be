package io.vitals.sandbox.member;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/**
 * What a person will do on a date: the night that ends on it, then naps and workouts until the next night.
 *
 * @param nights main sleeps that end on the date: usually one, two when split, none after a night awake
 * @param background load an hour awake adds, without workouts
 * @param strapOff whether the strap lay on the table, so that the cycle cannot be scored
 */
record DayPlan(
        LocalDate date,
        ZoneId zone,
        List<Span> nights,
        List<Span> naps,
        List<Session> sessions,
        double background,
        int steps,
        int floors,
        boolean strapOff,
        boolean unscorable,
        boolean zeroRecovery,
        Duration pending) {

    record Span(Instant start, Instant end) {
        Duration length() {
            return Duration.between(start, end);
        }

        boolean overlaps(Span other) {
            return start.isBefore(other.end) && other.start.isBefore(end);
        }
    }

    /** A planned workout; a deleted one disappears a few hours after it was recorded. */
    record Session(Sport sport, Span span, boolean deleted) {}
}
