package io.vitals.health.daily;

import io.vitals.health.daily.DayInputs.Connection;
import io.vitals.health.sahha.SahhaBiomarker;
import io.vitals.health.sahha.SahhaDay;
import io.vitals.health.sahha.SahhaScore;
import io.vitals.health.whoop.WhoopDay;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;

import java.time.Duration;
import java.util.List;

import static io.vitals.health.daily.Days.DATE;

/** Every day that the two sources can describe, for the properties of this package. */
abstract class AnyDays {
    @Provide
    Arbitrary<DayInputs> inputs() {
        Arbitrary<Connection> connections = Arbitraries.of(Connection.NONE, Connection.FRESH, Connection.STALE);
        return Combinators.combine(
                        whoopDays().injectNull(0.2),
                        sahhaDays(),
                        connections,
                        connections,
                        Arbitraries.integers().between(-48, 200))
                .as((whoop, sahha, whoopLink, sahhaLink, hours) -> new DayInputs(
                        DATE, whoop, sahha, whoopLink, sahhaLink, Days.WAKE.plus(Duration.ofHours(hours))));
    }

    @Provide
    Arbitrary<SahhaDay> sahhaDays() {
        Arbitrary<List<SahhaScore>> scores = Combinators.combine(
                        Arbitraries.of("readiness", "sleep", "activity", "wellbeing", "mental_wellbeing", "unheard_of"),
                        Arbitraries.doubles().between(0, 100))
                .as(Days::score)
                .list()
                .ofMaxSize(6)
                .uniqueElements(SahhaScore::type);
        Arbitrary<List<SahhaBiomarker>> markers = Combinators.combine(
                        Arbitraries.of(
                                "steps",
                                "sleep_duration",
                                "sleep_deep_duration",
                                "sleep_awake_duration",
                                "heart_rate_resting",
                                "heart_rate_variability_sdnn",
                                "heart_rate_variability_rmssd",
                                "oxygen_saturation",
                                "total_energy_burned",
                                "weight",
                                "vo2_max"),
                        Arbitraries.doubles().between(0, 10_000),
                        Arbitraries.of("", "minute", "count", "kg", "parsec"))
                .as(Days::biomarker)
                .list()
                .ofMaxSize(8)
                .uniqueElements(SahhaBiomarker::type);
        Arbitrary<Integer> starts = Arbitraries.integers().between(0, 600);
        return Combinators.combine(scores, markers, starts.list().ofMaxSize(3).uniqueElements())
                .as((some, more, minutes) -> new SahhaDay(
                        DATE,
                        some,
                        more,
                        minutes.stream()
                                .map(at -> Days.session(
                                        "e-" + at, Days.WAKE.plus(Duration.ofMinutes(at)), Duration.ofMinutes(45)))
                                .toList()));
    }

    Arbitrary<WhoopDay> whoopDays() {
        Arbitrary<String> states = Arbitraries.of("SCORED", "SCORED", "PENDING_SCORE", "UNSCORABLE", "NEW_STATE");
        Arbitrary<WhoopDay.Cycle> cycles = Combinators.combine(
                        states, Arbitraries.of(Days.WAKE.plusSeconds(50_000)).injectNull(0.3), booleans())
                .as(Days::cycle);
        Arbitrary<WhoopDay.Recovery> recoveries =
                Combinators.combine(states, booleans()).as(Days::recovery);
        Arbitrary<WhoopDay.Sleep> sleeps = Combinators.combine(
                        Arbitraries.integers().between(1, 5),
                        booleans(),
                        states,
                        Arbitraries.longs().between(0, 700),
                        Arbitraries.integers().between(-300, 300))
                .as((id, nap, state, asleep, end) ->
                        Days.sleep("s-" + id, nap, state, asleep, Days.WAKE.plus(Duration.ofMinutes(end))));
        Arbitrary<WhoopDay.Workout> workouts = Combinators.combine(
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.integers().between(0, 600),
                        Arbitraries.integers().between(0, 120))
                .as((id, start, length) ->
                        Days.workout("w-" + id, Days.WAKE.plus(Duration.ofMinutes(start)), Duration.ofMinutes(length)));
        return Combinators.combine(
                        cycles.injectNull(0.2),
                        recoveries.injectNull(0.2),
                        sleeps.list().ofMaxSize(4).uniqueElements(WhoopDay.Sleep::id),
                        workouts.list().ofMaxSize(3).uniqueElements(WhoopDay.Workout::id))
                .as((cycle, recovery, nights, sessions) ->
                        new WhoopDay(DATE, 3, cycle, recovery, nights, sessions, null, List.of()));
    }

    private static Arbitrary<Boolean> booleans() {
        return Arbitraries.of(true, false);
    }
}
