package io.vitals.sandbox.member;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/** A workout that has ended. */
public record Workout(
        UUID id,
        Instant start,
        Instant end,
        ZoneOffset offset,
        String sport,
        int sportId,
        ScoreState state,
        @Nullable Score score,
        Instant createdAt,
        Instant updatedAt) {

    /** Strain 0–21, kilojoules, metres (null when the sport has no distance), six heart rate zones. */
    public record Score(
            double strain,
            int averageHeartRate,
            int maxHeartRate,
            double kilojoule,
            @Nullable Double distanceMeter,
            @Nullable Double altitudeGainMeter,
            @Nullable Double altitudeChangeMeter,
            List<Duration> zones) {

        public Score {
            zones = List.copyOf(zones);
        }
    }
}
