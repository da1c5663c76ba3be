package io.vitals.health.sahha;

import java.time.Instant;
import java.time.LocalDate;

/**
 * The newest score of one type for a local day.
 *
 * @param percent 0 to 100
 * @param state Sahha's own band (minimal, low, medium, high), trusted as it is: the published limits contradict each other
 * @param observedAt the score's own time
 * @param fetchedAt when it reached us
 */
public record SahhaScore(
        String id, String type, LocalDate date, double percent, String state, Instant observedAt, Instant fetchedAt) {}
