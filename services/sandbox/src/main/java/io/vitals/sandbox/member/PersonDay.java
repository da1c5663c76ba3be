package io.vitals.sandbox.member;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * A local calendar day of a person as it is known now, free of any vendor's shapes.
 *
 * @param offset the person's offset on that day
 * @param start local midnight
 * @param until what has happened so far: the next midnight, or now for today
 * @param complete whether {@code until} is the next midnight
 * @param sleeps main sleeps that ended and naps that began on the day, oldest first; none after a night without sleep
 * @param vitals measured in the main sleep; null without one
 */
public record PersonDay(
        LocalDate date,
        ZoneOffset offset,
        Instant start,
        Instant until,
        boolean complete,
        List<SleepSpan> sleeps,
        @Nullable Vitals vitals,
        Movement movement,
        List<Exercise> exercises,
        Scores scores) {

    /** Measures of the main sleep: beats per minute, milliseconds, breaths per minute, percent. */
    public record Vitals(
            Instant measuredAt,
            double restingHeartRate,
            double hrvRmssd,
            double hrvSdnn,
            double respiratoryRate,
            double oxygenSaturation) {}

    /** Totals since midnight; energy in kilocalories. */
    public record Movement(
            int steps,
            int floors,
            int activeMinutes,
            int sedentaryMinutes,
            double activeEnergyKcal,
            double totalEnergyKcal) {}

    /** An exercise session that has ended. */
    public record Exercise(
            String sport, Instant start, Instant end, ZoneOffset offset, double energyKcal, double distanceMeter) {}

    /**
     * How a health score service would judge the day, 0–1; sleep is null without a sleep.
     *
     * @param sleepDebtMinutes sleep missed over the last nights
     * @param sleepRegularity how alike the last bedtimes are, 0–1
     */
    public record Scores(
            @Nullable Double sleep,
            double activity,
            double readiness,
            double wellbeing,
            double mentalWellbeing,
            double sleepDebtMinutes,
            double sleepRegularity) {}
}
