package io.vitals.sandbox.member;

import java.time.LocalDate;

/**
 * Which dates are the awkward ones. Every person has each kind of awkward day once in four weeks.
 *
 * @param shift days by which the four weeks are moved
 */
public record Almanac(long shift) {
    /** For everything that tells the same story whenever it is run: the clock moves on, the awkward dates stay. */
    public static final Almanac USUAL = new Almanac(16);

    private static final LocalDate PINNED = LocalDate.parse("2026-11-23");

    /**
     * The awkward days lie around this date as they usually do around one fixed date, so that a test with the real clock meets the same
     * days whenever it runs.
     */
    public static Almanac pinned(LocalDate today) {
        return new Almanac(USUAL.shift + PINNED.toEpochDay() - today.toEpochDay());
    }
}
