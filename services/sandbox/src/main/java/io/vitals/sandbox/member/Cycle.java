package io.vitals.sandbox.member;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;

/** A physiological day: from falling asleep to falling asleep; {@code end} is null while it runs. */
public record Cycle(
        long id,
        Instant start,
        @Nullable Instant end,
        ZoneOffset offset,
        ScoreState state,
        @Nullable Score score,
        Instant createdAt,
        Instant updatedAt) {

    /** Strain 0–21; energy in kilojoules. */
    public record Score(double strain, double kilojoule, int averageHeartRate, int maxHeartRate) {}
}
