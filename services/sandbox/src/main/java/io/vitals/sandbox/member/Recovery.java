package io.vitals.sandbox.member;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/** The recovery that belongs to a main sleep. */
public record Recovery(
        long cycleId,
        UUID sleepId,
        Instant sleepStart,
        ScoreState state,
        @Nullable Score score,
        Instant createdAt,
        Instant updatedAt) {

    /** Percent, beats per minute, milliseconds, percent, degrees Celsius; the last two are null on an old strap. */
    public record Score(
            boolean calibrating,
            double recovery,
            double restingHeartRate,
            double hrvRmssd,
            @Nullable Double oxygenSaturation,
            @Nullable Double skinTemperature) {}
}
