package io.vitals.whoop.days;

import io.vitals.whoop.model.Body;
import io.vitals.whoop.model.Cycle;
import io.vitals.whoop.model.Recovery;
import io.vitals.whoop.model.Sleep;
import io.vitals.whoop.model.Stored;
import io.vitals.whoop.model.Workout;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** Records in the shape of the internal API. */
final class Views {
    private Views() {}

    static WhoopDay.CycleView cycle(Stored<Cycle> stored, Instant now) {
        Cycle cycle = stored.record();
        return new WhoopDay.CycleView(
                cycle.id(),
                cycle.start(),
                cycle.end(),
                cycle.offset().getId(),
                cycle.state(),
                cycle.strain(),
                cycle.kilojoule(),
                cycle.averageHeartRate(),
                cycle.maxHeartRate(),
                cycle.updatedAt(),
                stored.fetchedAt(),
                DayRules.isMultiDay(cycle, now));
    }

    static WhoopDay.RecoveryView recovery(Stored<Recovery> stored) {
        Recovery recovery = stored.record();
        return new WhoopDay.RecoveryView(
                recovery.cycleId(),
                recovery.sleepId(),
                recovery.state(),
                recovery.userCalibrating(),
                recovery.recoveryScore(),
                recovery.restingHeartRate(),
                recovery.hrvRmssdMilli(),
                recovery.spo2Percentage(),
                recovery.skinTempCelsius(),
                recovery.updatedAt(),
                stored.fetchedAt());
    }

    static WhoopDay.SleepView sleep(Stored<Sleep> stored) {
        Sleep sleep = stored.record();
        Sleep.Stages stages = sleep.stages();
        Sleep.Need need = sleep.need();
        return new WhoopDay.SleepView(
                sleep.id(),
                sleep.cycleId(),
                sleep.nap(),
                sleep.start(),
                sleep.end(),
                sleep.offset().getId(),
                sleep.state(),
                stages.inBedMilli(),
                stages.awakeMilli(),
                stages.noDataMilli(),
                stages.lightMilli(),
                stages.slowWaveMilli(),
                stages.remMilli(),
                stages.sleepCycleCount(),
                stages.disturbanceCount(),
                need.baselineMilli(),
                need.debtMilli(),
                need.strainMilli(),
                need.napMilli(),
                sleep.respiratoryRate(),
                sleep.performancePercentage(),
                sleep.consistencyPercentage(),
                sleep.efficiencyPercentage(),
                sleep.updatedAt(),
                stored.fetchedAt());
    }

    static WhoopDay.WorkoutView workout(Stored<Workout> stored) {
        Workout workout = stored.record();
        return new WhoopDay.WorkoutView(
                workout.id(),
                workout.start(),
                workout.end(),
                workout.offset().getId(),
                workout.sportName(),
                workout.state(),
                workout.strain(),
                workout.averageHeartRate(),
                workout.maxHeartRate(),
                workout.kilojoule(),
                workout.percentRecorded(),
                workout.distanceMeter(),
                workout.altitudeGainMeter(),
                workout.zoneMilli(),
                workout.updatedAt(),
                stored.fetchedAt());
    }

    static WhoopDay.@Nullable BodyView body(@Nullable Stored<Body> stored) {
        if (stored == null) {
            return null;
        }
        Body body = stored.record();
        return new WhoopDay.BodyView(
                body.heightMeter(), body.weightKilogram(), body.maxHeartRate(), stored.fetchedAt());
    }
}
