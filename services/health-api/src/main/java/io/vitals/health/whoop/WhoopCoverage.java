package io.vitals.health.whoop;

import java.time.LocalDate;

/** What is known of one day: each of present, empty, pending, missing or failed. */
public record WhoopCoverage(LocalDate date, String cycle, String recovery, String sleep, String workout) {}
