package io.vitals.health.daily;

import io.vitals.health.daily.MetricValue.Reading;
import io.vitals.health.sahha.SahhaDay;
import io.vitals.health.whoop.WhoopDay;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for every day that the two sources can describe. */
class DayMergeProperties extends AnyDays {

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
        return new WhoopDay(
                day.date(),
                day.version(),
                day.cycle(),
                day.recovery(),
                day.sleeps(),
                workouts,
                day.body(),
                day.deleted());
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
                        day.body(),
                        day.deleted());
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
