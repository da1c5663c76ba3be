package io.vitals.whoop.days;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.vitals.whoop.model.ScoreState;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/**
 * Everything WHOOP says about one member's local day, in the shape of the internal API.
 *
 * @param version grows with every change of the day; 0 when nothing changed since the feed began
 * @param deleted kinds of record that the day had until WHOOP deleted them, and of which it has none now
 */
@JsonNaming(SnakeCaseStrategy.class)
public record WhoopDay(
        LocalDate date,
        long version,
        @Nullable CycleView cycle,
        @Nullable RecoveryView recovery,
        List<SleepView> sleeps,
        List<WorkoutView> workouts,
        @Nullable BodyView body,
        List<String> deleted) {

    @JsonNaming(SnakeCaseStrategy.class)
    public record CycleView(
            long id,
            Instant start,
            @Nullable Instant end,
            String timezoneOffset,
            ScoreState scoreState,
            @Nullable Double strain,
            @Nullable Double kilojoule,
            @Nullable Double averageHeartRate,
            @Nullable Double maxHeartRate,
            Instant updatedAt,
            Instant fetchedAt,
            boolean multiDay) {}

    @JsonNaming(SnakeCaseStrategy.class)
    public record RecoveryView(
            long cycleId,
            UUID sleepId,
            ScoreState scoreState,
            @Nullable Boolean userCalibrating,
            @Nullable Double recoveryScore,
            @Nullable Double restingHeartRate,
            @Nullable Double hrvRmssdMilli,
            @Nullable Double spo2Percentage,
            @Nullable Double skinTempCelsius,
            Instant updatedAt,
            Instant fetchedAt) {}

    @JsonNaming(SnakeCaseStrategy.class)
    public record SleepView(
            UUID id,
            @Nullable Long cycleId,
            boolean nap,
            Instant start,
            Instant end,
            String timezoneOffset,
            ScoreState scoreState,
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

    @JsonNaming(SnakeCaseStrategy.class)
    public record WorkoutView(
            UUID id,
            Instant start,
            Instant end,
            String timezoneOffset,
            @Nullable String sportName,
            ScoreState scoreState,
            @Nullable Double strain,
            @Nullable Double averageHeartRate,
            @Nullable Double maxHeartRate,
            @Nullable Double kilojoule,
            @Nullable Double percentRecorded,
            @Nullable Double distanceMeter,
            @Nullable Double altitudeGainMeter,
            List<Long> zoneMilli,
            Instant updatedAt,
            Instant fetchedAt) {}

    @JsonNaming(SnakeCaseStrategy.class)
    public record BodyView(
            @Nullable Double heightMeter,
            @Nullable Double weightKilogram,
            @Nullable Double maxHeartRate,
            Instant fetchedAt) {}
}
