package io.vitals.health.daily;

import io.vitals.health.daily.DayInputs.Connection;
import io.vitals.health.daily.MetricValue.Reading;
import io.vitals.health.sahha.SahhaBiomarker;
import io.vitals.health.sahha.SahhaDay;
import io.vitals.health.sahha.SahhaScore;
import io.vitals.health.whoop.WhoopDay;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import static io.vitals.health.daily.Days.DATE;
import static org.assertj.core.api.Assertions.assertThat;

/** What holds for every day that the two sources can describe. */
class DayMergeProperties {

    @Property(tries = 400)
    void everyValueIsOneThatOneSourceSaid(@ForAll("inputs") DayInputs inputs) {
        WhoopReadings whoop = new WhoopReadings(inputs.whoop());
        SahhaReadings sahha = new SahhaReadings(inputs.sahha());
        DailyRecord day = DayMerge.merge(inputs);

        for (Metric metric : Metric.values()) {
            if (metric.pick() != Metric.Pick.DERIVED && day.metric(metric) instanceof Reading reading) {
                MetricValue said = switch (reading.source()) {
                    case WHOOP -> whoop.read(metric);
                    case SAHHA -> sahha.read(metric);
                };
                assertThat(reading).as(metric.wire()).isEqualTo(said);
                assertThat(metric.offeredBy(reading.source())).isTrue();
            }
        }
    }

    @Property(tries = 400)
    void everyMetricIsThereWithAValueOrAReason(@ForAll("inputs") DayInputs inputs) {
        DailyRecord day = DayMerge.merge(inputs);

        assertThat(day.metrics()).containsOnlyKeys(Metric.values());
        assertThat(day.completeness()).isBetween(0.0, 1.0);
        assertThat(day.missing())
                .allSatisfy(metric -> assertThat(day.metric(metric).present()).isFalse());
        assertThat(day.missing().isEmpty() && anyConnected(inputs)).isEqualTo(day.completeness() == 1.0);
    }

    @Property(tries = 400)
    void stagesComeFromOneSource(@ForAll("inputs") DayInputs inputs) {
        DailyRecord day = DayMerge.merge(inputs);

        Set<Source> sources = Metric.SLEEP_BLOCK.stream()
                .map(day::metric)
                .filter(Reading.class::isInstance)
                .map(value -> ((Reading) value).source())
                .collect(Collectors.toSet());
        assertThat(sources).hasSizeLessThanOrEqualTo(1);
    }

    @Property(tries = 400)
    void rmssdNeverComesFromSdnn(@ForAll("inputs") DayInputs inputs) {
        DailyRecord day = DayMerge.merge(inputs);

        if (day.metric(Metric.HRV_RMSSD) instanceof Reading reading && reading.source() == Source.SAHHA) {
            assertThat(reading.recordId()).isEqualTo("marker-heart_rate_variability_rmssd");
        }
        if (day.metric(Metric.HRV_SDNN) instanceof Reading reading) {
            assertThat(reading.recordId()).isEqualTo("marker-heart_rate_variability_sdnn");
        }
    }

    @Property(tries = 200)
    void theOrderOfRowsDoesNotMatter(@ForAll("inputs") DayInputs inputs, @ForAll Random random) {
        assertThat(DayMerge.merge(shuffled(inputs, random))).isEqualTo(DayMerge.merge(inputs));
    }

    @Property(tries = 200)
    void theSameInputsGiveTheSameRecord(@ForAll("inputs") DayInputs inputs) {
        assertThat(DayMerge.merge(inputs)).isEqualTo(DayMerge.merge(inputs));
    }

    /** Deleting brings the day to where it would be had the record never been. */
    @Property(tries = 200)
    void aDeletedRecordLeavesNothingBehind(@ForAll("inputs") DayInputs inputs) {
        WhoopDay.Workout extra = Days.workout("w-extra", Days.WAKE.plusSeconds(90), Duration.ofMinutes(1));
        WhoopDay whoop = Objects.requireNonNullElseGet(inputs.whoop(), () -> Days.whoop(null, null, List.of()));
        List<WhoopDay.Workout> more = new ArrayList<>(whoop.workouts());
        more.add(extra);
        DailyRecord with = DayMerge.merge(with(inputs, withWorkouts(whoop, more)));
        DailyRecord without = DayMerge.merge(with(inputs, whoop));

        assertThat(with.workouts()).extracting(DailyRecord.WorkoutEntry::id).contains("w-extra");
        assertThat(without.workouts())
                .extracting(DailyRecord.WorkoutEntry::id)
                .doesNotContain("w-extra")
                .hasSizeBetween(with.workouts().size() - 1, with.workouts().size() + 3);
    }

    /** A late score only turns absences into readings: it takes nothing away from WHOOP's side. */
    @Property(tries = 200)
    void aLateScoreOnlyAdds(@ForAll boolean calibrating, @ForAll("sahhaDays") SahhaDay sahha) {
        Instant end = Days.WAKE.plus(Duration.ofHours(15));
        List<WhoopDay.Sleep> night = List.of(Days.night("s-1", 400));
        DailyRecord before = Days.merged(
                Days.whoop(Days.cycle("SCORED", end), Days.recovery("PENDING_SCORE", calibrating), night), sahha);
        DailyRecord after =
                Days.merged(Days.whoop(Days.cycle("SCORED", end), Days.recovery("SCORED", calibrating), night), sahha);

        assertThat(after.completeness()).isGreaterThanOrEqualTo(before.completeness());
        assertThat(before.isFinal()).isFalse();
        assertThat(after.isFinal()).isTrue();
        assertThat(after.metric(Metric.RECOVERY_SCORE).present()).isTrue();
    }

    @Property(tries = 400)
    void theOverallScoreLiesWithinItsComponents(@ForAll("inputs") DayInputs inputs) {
        DailyRecord.OverallScore overall = DayMerge.merge(inputs).overallScore();

        if (overall != null) {
            assertThat(overall.components()).hasSizeGreaterThanOrEqualTo(2);
            double sum = overall.components().stream()
                    .mapToDouble(DailyRecord.OverallScore.Component::weight)
                    .sum();
            assertThat(sum).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
            var parts = overall.components().stream()
                    .mapToDouble(part -> part.score().amount())
                    .summaryStatistics();
            assertThat(overall.score().amount()).isBetween(parts.getMin() - 1e-3, parts.getMax() + 1e-3);
        }
    }

    @Property(tries = 400)
    void noWorkoutIsListedTwice(@ForAll("inputs") DayInputs inputs) {
        List<DailyRecord.WorkoutEntry> workouts = DayMerge.merge(inputs).workouts();

        for (DailyRecord.WorkoutEntry phone : workouts) {
            for (DailyRecord.WorkoutEntry strap : workouts) {
                if (phone.source() == Source.SAHHA && strap.source() == Source.WHOOP) {
                    assertThat(Workouts.same(strap.start(), strap.end(), phone.start(), phone.end()))
                            .isFalse();
                }
            }
        }
        assertThat(new HashSet<>(workouts)).hasSameSizeAs(workouts);
    }

    @Property(tries = 300)
    void sharingAWorkoutIsMutual(
            @ForAll("spans") List<Integer> one, @ForAll("spans") List<Integer> other, @ForAll("moves") int shift) {
        Instant start = Days.WAKE;
        boolean same = Workouts.same(at(start, one, 0), at(start, one, 1), at(start, other, 0), at(start, other, 1));

        assertThat(Workouts.same(at(start, other, 0), at(start, other, 1), at(start, one, 0), at(start, one, 1)))
                .isEqualTo(same);
        Instant moved = start.plusSeconds(shift);
        assertThat(Workouts.same(at(moved, one, 0), at(moved, one, 1), at(moved, other, 0), at(moved, other, 1)))
                .isEqualTo(same);
    }

    @Property(tries = 400)
    void passingTimeOnlySettlesADay(@ForAll("inputs") DayInputs inputs) {
        DailyRecord now = DayMerge.merge(inputs);
        Instant recheckAt = now.recheckAt();
        if (recheckAt != null) {
            assertThat(recheckAt).isAfter(inputs.asOf());
            DailyRecord then = DayMerge.merge(new DayInputs(
                    inputs.date(),
                    inputs.whoop(),
                    inputs.sahha(),
                    inputs.whoopConnection(),
                    inputs.sahhaConnection(),
                    recheckAt));
            assertThat(then.recheckAt()).isNull();
            assertThat(then.metrics()).isEqualTo(now.metrics());
        }
    }

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
                        new WhoopDay(DATE, 3, cycle, recovery, nights, sessions, null));
    }

    @Provide
    Arbitrary<List<Integer>> spans() {
        return Arbitraries.integers()
                .between(0, 10_000)
                .list()
                .ofSize(2)
                .map(pair -> pair.stream().sorted().toList());
    }

    @Provide
    Arbitrary<Integer> moves() {
        return Arbitraries.integers().between(-1_000_000, 1_000_000);
    }

    private static Arbitrary<Boolean> booleans() {
        return Arbitraries.of(true, false);
    }

    private static Instant at(Instant zero, List<Integer> span, int index) {
        return zero.plusSeconds(span.get(index));
    }

    private static boolean anyConnected(DayInputs inputs) {
        return inputs.connected(Source.WHOOP) || inputs.connected(Source.SAHHA);
    }

    private static DayInputs with(DayInputs inputs, @Nullable WhoopDay whoop) {
        return new DayInputs(
                inputs.date(),
                whoop,
                inputs.sahha(),
                inputs.whoopConnection(),
                inputs.sahhaConnection(),
                inputs.asOf());
    }

    private static WhoopDay withWorkouts(WhoopDay day, List<WhoopDay.Workout> workouts) {
        return new WhoopDay(day.date(), day.version(), day.cycle(), day.recovery(), day.sleeps(), workouts, day.body());
    }

    private static DayInputs shuffled(DayInputs inputs, Random random) {
        WhoopDay day = inputs.whoop();
        SahhaDay sahha = inputs.sahha();
        WhoopDay turned = day == null
                ? null
                : new WhoopDay(
                        day.date(),
                        day.version(),
                        day.cycle(),
                        day.recovery(),
                        turn(day.sleeps(), random),
                        turn(day.workouts(), random),
                        day.body());
        return new DayInputs(
                inputs.date(),
                turned,
                new SahhaDay(
                        sahha.date(),
                        turn(sahha.scores(), random),
                        turn(sahha.biomarkers(), random),
                        turn(sahha.sessions(), random)),
                inputs.whoopConnection(),
                inputs.sahhaConnection(),
                inputs.asOf());
    }

    private static <T> List<T> turn(List<T> rows, Random random) {
        List<T> turned = new ArrayList<>(rows);
        Collections.shuffle(turned, random);
        return turned;
    }
}
