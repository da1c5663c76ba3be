package io.vitals.whoop.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;

/** A physiological day, from falling asleep to falling asleep; the running one has no end. Energy in kilojoules. */
public record Cycle(
        long id,
        Instant start,
        @Nullable Instant end,
        ZoneOffset offset,
        ScoreState state,
        @Nullable Double strain,
        @Nullable Double kilojoule,
        @Nullable Double averageHeartRate,
        @Nullable Double maxHeartRate,
        Instant createdAt,
        Instant updatedAt)
        implements WhoopRecord {
    @Override
    public RecordType type() {
        return RecordType.CYCLE;
    }

    @Override
    public String key() {
        return Long.toString(id);
    }
}
