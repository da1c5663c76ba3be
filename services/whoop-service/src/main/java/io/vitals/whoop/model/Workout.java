package io.vitals.whoop.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * A workout or recovery activity. The sport is WHOOP's own word and may be one nobody has seen before.
 *
 * @param zoneMilli time in heart-rate zones 0 to 5 in milliseconds, or empty when not scored
 */
public record Workout(
        UUID id,
        Instant start,
        Instant end,
        ZoneOffset offset,
        @Nullable String sportName,
        ScoreState state,
        @Nullable Double strain,
        @Nullable Double averageHeartRate,
        @Nullable Double maxHeartRate,
        @Nullable Double kilojoule,
        @Nullable Double percentRecorded,
        @Nullable Double distanceMeter,
        @Nullable Double altitudeGainMeter,
        List<Long> zoneMilli,
        Instant createdAt,
        Instant updatedAt)
        implements WhoopRecord {

    public Workout {
        zoneMilli = List.copyOf(zoneMilli);
    }

    @Override
    public RecordType type() {
        return RecordType.WORKOUT;
    }

    @Override
    public String key() {
        return id.toString();
    }
}
