package io.vitals.health.daily;

import java.time.LocalDate;

/** Something that a live page should hear of. {@code number} is where the next read continues. */
public sealed interface DailyChange {
    long number();

    /** The record of this day has a new version. */
    record Day(long number, LocalDate date, long version) implements DailyChange {}

    /** A source changed its state; for WHOOP one of the link states. */
    record Link(long number, String source, String state) implements DailyChange {}
}
