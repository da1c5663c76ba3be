package io.vitals.whoop.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

/** A main sleep or a nap. Durations in milliseconds. */
public record Sleep(
        UUID id,
        @Nullable Long cycleId,
        boolean nap,
        Instant start,
        Instant end,
        ZoneOffset offset,
        ScoreState state,
        Stages stages,
        Need need,
        @Nullable Double respiratoryRate,
        @Nullable Double performancePercentage,
        @Nullable Double consistencyPercentage,
        @Nullable Double efficiencyPercentage,
        Instant createdAt,
        Instant updatedAt)
        implements WhoopRecord {

    /** Time in each stage, and how often the night was broken. */
    public record Stages(
            @Nullable Long inBedMilli,
            @Nullable Long awakeMilli,
            @Nullable Long noDataMilli,
            @Nullable Long lightMilli,
            @Nullable Long slowWaveMilli,
            @Nullable Long remMilli,
            @Nullable Long sleepCycleCount,
            @Nullable Long disturbanceCount) {
        public static final Stages NONE = new Stages(null, null, null, null, null, null, null, null);
    }

    /** Sleep needed: the baseline and what debt, strain and naps add to it (naps: zero or less). */
    public record Need(
            @Nullable Long baselineMilli,
            @Nullable Long debtMilli,
            @Nullable Long strainMilli,
            @Nullable Long napMilli) {
        public static final Need NONE = new Need(null, null, null, null);
    }

    @Override
    public RecordType type() {
        return RecordType.SLEEP;
    }

    @Override
    public String key() {
        return id.toString();
    }

    /** Light, slow-wave and REM sleep together; 0 while WHOOP has not scored the sleep. */
    public long asleepMilli() {
        return zeroIfNull(stages.lightMilli) + zeroIfNull(stages.slowWaveMilli) + zeroIfNull(stages.remMilli);
    }

    private static long zeroIfNull(@Nullable Long milli) {
        return milli == null ? 0 : milli;
    }
}
