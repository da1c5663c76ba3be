package io.vitals.health.daily;

import io.vitals.health.daily.DayInputs.Connection;
import io.vitals.health.sahha.SahhaBiomarker;
import io.vitals.health.sahha.SahhaDay;
import io.vitals.health.sahha.SahhaScore;
import io.vitals.health.sahha.SahhaSession;
import io.vitals.health.whoop.WhoopDay;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** Synthetic days for the tests of this package. */
final class Days {
    static final LocalDate DATE = LocalDate.of(2026, 11, 22);
    static final Instant WAKE = Instant.parse("2026-11-22T06:30:00Z");
    static final Instant FETCHED = Instant.parse("2026-11-22T06:40:00Z");
    static final Instant LONG_AFTER = Instant.parse("2026-12-20T00:00:00Z");
    private static final long MINUTE = 60_000;

    private Days() {}

    static WhoopDay whoop() {
        return new WhoopDay(
                DATE,
                7,
                cycle("SCORED", WAKE.plus(Duration.ofHours(16))),
                recovery("SCORED", false),
                List.of(night("s-1", 400)),
                List.of(),
                null,
                List.of());
    }

    static WhoopDay whoop(
            WhoopDay.@Nullable Cycle cycle, WhoopDay.@Nullable Recovery recovery, List<WhoopDay.Sleep> sleeps) {
        return new WhoopDay(DATE, 7, cycle, recovery, sleeps, List.of(), null, List.of());
    }

    static WhoopDay.Cycle cycle(String state, @Nullable Instant end) {
        return cycle(state, end, false);
    }

    static WhoopDay.Cycle cycle(String state, @Nullable Instant end, boolean multiDay) {
        boolean scored = state.equals("SCORED");
        return new WhoopDay.Cycle(
                93_845,
                WAKE.minus(Duration.ofHours(8)),
                end,
                "+01:00",
                state,
                scored ? 11.5 : null,
                scored ? 8368.0 : null,
                scored ? 68.0 : null,
                scored ? 160.0 : null,
                WAKE,
                FETCHED,
                multiDay);
    }

    static WhoopDay.Recovery recovery(String state, boolean calibrating) {
        boolean scored = state.equals("SCORED");
        return new WhoopDay.Recovery(
                93_845,
                "s-1",
                state,
                scored ? calibrating : null,
                scored ? 64.0 : null,
                scored ? 52.0 : null,
                scored ? 71.25 : null,
                null,
                scored ? 33.7 : null,
                WAKE,
                FETCHED);
    }

    /** A scored main sleep that ends at {@link #WAKE}. */
    static WhoopDay.Sleep night(String id, long asleepMinutes) {
        return sleep(id, false, "SCORED", asleepMinutes, WAKE);
    }

    static WhoopDay.Sleep sleep(String id, boolean nap, String state, long asleepMinutes, Instant end) {
        boolean scored = state.equals("SCORED");
        long asleep = asleepMinutes * MINUTE;
        return new WhoopDay.Sleep(
                id,
                93_845L,
                nap,
                end.minus(Duration.ofMinutes(asleepMinutes + 30)),
                end,
                "+01:00",
                state,
                scored ? asleep + 30 * MINUTE : null,
                scored ? 30 * MINUTE : null,
                scored ? 0L : null,
                scored ? asleep / 2 : null,
                scored ? asleep / 4 : null,
                scored ? asleep - asleep / 2 - asleep / 4 : null,
                4L,
                9L,
                scored ? 480 * MINUTE : null,
                scored ? 20 * MINUTE : null,
                scored ? 10 * MINUTE : null,
                scored ? -15 * MINUTE : null,
                scored ? 15.5 : null,
                scored ? 88.0 : null,
                scored ? 79.0 : null,
                scored ? 93.0 : null,
                end,
                FETCHED);
    }

    static WhoopDay.Workout workout(String id, Instant start, Duration length) {
        return new WhoopDay.Workout(
                id,
                start,
                start.plus(length),
                "+01:00",
                "running",
                "SCORED",
                9.5,
                141.0,
                172.0,
                2092.0,
                1.0,
                8000.0,
                40.0,
                List.of(1L, 2L, 3L, 4L, 5L, 6L),
                start,
                FETCHED);
    }

    static SahhaScore score(String type, double percent) {
        return new SahhaScore("score-" + type, type, DATE, percent, "high", WAKE, FETCHED);
    }

    static SahhaBiomarker biomarker(String type, double amount, String unit) {
        return new SahhaBiomarker(
                "marker-" + type, type, DATE, amount, unit, WAKE.minus(Duration.ofHours(6)), WAKE, "+01:00", FETCHED);
    }

    static SahhaSession session(String id, Instant start, Duration length) {
        return new SahhaSession(id, "running", start, start.plus(length), "+01:00", FETCHED);
    }

    static SahhaDay sahha(List<SahhaScore> scores, List<SahhaBiomarker> biomarkers) {
        return new SahhaDay(DATE, scores, biomarkers, List.of());
    }

    static SahhaDay sahha() {
        return sahha(
                List.of(
                        score("readiness", 70),
                        score("sleep", 75),
                        score("activity", 50),
                        score("wellbeing", 66),
                        score("mental_wellbeing", 80)),
                List.of(
                        biomarker("steps", 9000, "count"), biomarker("sleep_duration", 380, "minute"),
                        biomarker("sleep_deep_duration", 70, "minute"), biomarker("heart_rate_resting", 55, "bpm"),
                        biomarker("heart_rate_variability_sdnn", 44, "ms"),
                                biomarker("total_energy_burned", 2500, "kcal")));
    }

    static DayInputs inputs(@Nullable WhoopDay whoop, SahhaDay sahha) {
        return new DayInputs(DATE, whoop, sahha, Connection.FRESH, Connection.FRESH, LONG_AFTER);
    }

    static DailyRecord merged(@Nullable WhoopDay whoop, SahhaDay sahha) {
        return DayMerge.merge(inputs(whoop, sahha));
    }
}
