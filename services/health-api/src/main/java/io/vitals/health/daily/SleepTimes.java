package io.vitals.health.daily;

import io.vitals.health.whoop.WhoopDay;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Arithmetic on WHOOP sleeps. */
final class SleepTimes {
    static final String SCORED = "SCORED";

    /** Scored ones first, longest asleep first; what is left decides only among equals, so that the choice is stable. */
    private static final Comparator<WhoopDay.Sleep> PRIMARY_FIRST = Comparator.comparing(
                    (WhoopDay.Sleep sleep) -> !scored(sleep))
            .thenComparing(SleepTimes::asleepOrZero, Comparator.reverseOrder())
            .thenComparing(sleep -> Duration.between(sleep.start(), sleep.end()), Comparator.reverseOrder())
            .thenComparing(WhoopDay.Sleep::end, Comparator.reverseOrder())
            .thenComparing(WhoopDay.Sleep::id);

    private SleepTimes() {}

    static boolean scored(WhoopDay.Sleep sleep) {
        return SCORED.equals(sleep.scoreState());
    }

    /** Light, slow wave and REM together; null when any of them is unknown. */
    static @Nullable Long asleepMillis(WhoopDay.Sleep sleep) {
        Long light = sleep.lightMilli();
        Long slowWave = sleep.slowWaveMilli();
        Long rem = sleep.remMilli();
        return light == null || slowWave == null || rem == null ? null : light + slowWave + rem;
    }

    /** The baseline with what debt and strain add and what naps take off (their part is zero or negative). */
    static @Nullable Long neededMillis(WhoopDay.Sleep sleep) {
        Long baseline = sleep.needBaselineMilli();
        return baseline == null
                ? null
                : baseline
                        + orZero(sleep.needDebtMilli())
                        + orZero(sleep.needStrainMilli())
                        + orZero(sleep.needNapMilli());
    }

    /** Main sleeps, the primary one first. */
    static List<WhoopDay.Sleep> mainSleeps(WhoopDay day) {
        return day.sleeps().stream()
                .filter(sleep -> !sleep.nap())
                .sorted(PRIMARY_FIRST)
                .toList();
    }

    static Optional<WhoopDay.Sleep> primary(WhoopDay day) {
        return day.sleeps().stream().filter(sleep -> !sleep.nap()).min(PRIMARY_FIRST);
    }

    private static long asleepOrZero(WhoopDay.Sleep sleep) {
        return orZero(asleepMillis(sleep));
    }

    private static long orZero(@Nullable Long millis) {
        return millis == null ? 0 : millis;
    }
}
