package io.vitals.health.whoop;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * What WHOOP knows of one member's local day, as whoop-service answers it: day rules already applied (a main sleep
 * belongs to the date of its end, naps and workouts to the date of their start).
 *
 * <p>Score fields are null unless the record's {@code scoreState} is {@code SCORED}. Offsets have the form {@code
 * +02:00} or {@code Z}. Durations are milliseconds, energy is kilojoule.
 *
 * @param version the highest change sequence of any record that contributed, so it grows with every change of the day
 * @param deleted kinds of record, by their names at WHOOP, that the day had until WHOOP deleted them, and of which it has none
 *     now; empty from a whoop-service that does not tell yet
 */
@JsonNaming(SnakeCaseStrategy.class)
public record WhoopDay(
        LocalDate date,
        long version,
        @Nullable Cycle cycle,
        @Nullable Recovery recovery,
        List<Sleep> sleeps,
        List<Workout> workouts,
        @Nullable Body body,
        List<String> deleted) {

    public WhoopDay {
        sleeps = sleeps == null ? List.of() : List.copyOf(sleeps);
        workouts = workouts == null ? List.of() : List.copyOf(workouts);
        deleted = deleted == null ? List.of() : List.copyOf(deleted);
    }

    /** A physiological day, from one sleep to the next. A running cycle has no {@code end}. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Cycle(
            long id,
            Instant start,
            @Nullable Instant end,
            String timezoneOffset,
            String scoreState,
            @Nullable Double strain,
            @Nullable Double kilojoule,
            @Nullable Double averageHeartRate,
            @Nullable Double maxHeartRate,
            Instant updatedAt,
            Instant fetchedAt,
            boolean multiDay) {}

    /** The recovery that follows the main sleep {@code sleepId}. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Recovery(
            long cycleId,
            String sleepId,
            String scoreState,
            @Nullable Boolean userCalibrating,
            @Nullable Double recoveryScore,
            @Nullable Double restingHeartRate,
            @Nullable Double hrvRmssdMilli,
            @Nullable Double spo2Percentage,
            @Nullable Double skinTempCelsius,
            Instant updatedAt,
            Instant fetchedAt) {}

    /** One sleep or nap with its stages and what WHOOP says was needed. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Sleep(
            String id,
            @Nullable Long cycleId,
            boolean nap,
            Instant start,
            Instant end,
            String timezoneOffset,
            String scoreState,
            @Nullable Long inBedMilli,
            @Nullable Long awakeMilli,
            @Nullable Long noDataMilli,
            @Nullable Long lightMilli,
            @Nullable Long slowWaveMilli,
            @Nullable Long remMilli,
            @Nullable Long sleepCycleCount,
            @Nullable Long disturbanceCount,
            @Nullable Long needBaselineMilli,
            @Nullable Long needDebtMilli,
            @Nullable Long needStrainMilli,
            @Nullable Long needNapMilli,
            @Nullable Double respiratoryRate,
            @Nullable Double performancePercentage,
            @Nullable Double consistencyPercentage,
            @Nullable Double efficiencyPercentage,
            Instant updatedAt,
            Instant fetchedAt) {}

    /** One workout; {@code zoneMilli} holds the time in heart-rate zones 0 to 5. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Workout(
            String id,
            Instant start,
            Instant end,
            String timezoneOffset,
            @Nullable String sportName,
            String scoreState,
            @Nullable Double strain,
            @Nullable Double averageHeartRate,
            @Nullable Double maxHeartRate,
            @Nullable Double kilojoule,
            @Nullable Double percentRecorded,
            @Nullable Double distanceMeter,
            @Nullable Double altitudeGainMeter,
            @Nullable List<Long> zoneMilli,
            Instant updatedAt,
            Instant fetchedAt) {}

    /** The newest body measurement known on that day. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Body(
            @Nullable Double heightMeter,
            @Nullable Double weightKilogram,
            @Nullable Double maxHeartRate,
            Instant fetchedAt) {}
}
