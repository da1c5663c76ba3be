package io.vitals.health.daily;

import io.vitals.health.daily.DailyRecord.OverallScore;
import io.vitals.health.daily.DayInputs.Connection;
import io.vitals.health.daily.MetricValue.Reading;
import io.vitals.health.sahha.SahhaDay;
import io.vitals.health.whoop.WhoopDay;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import static io.vitals.health.daily.Days.DATE;
import static io.vitals.health.daily.Days.LONG_AFTER;
import static io.vitals.health.daily.Days.WAKE;
import static io.vitals.health.daily.Days.biomarker;
import static io.vitals.health.daily.Days.cycle;
import static io.vitals.health.daily.Days.merged;
import static io.vitals.health.daily.Days.night;
import static io.vitals.health.daily.Days.recovery;
import static io.vitals.health.daily.Days.sahha;
import static io.vitals.health.daily.Days.score;
import static io.vitals.health.daily.Days.whoop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class DayMergeTest {

    @Test
    void takesEachMetricFromItsPreferredSourceWithProvenance() {
        DailyRecord day = merged(whoop(), sahha());

        Reading recovery = reading(day, Metric.RECOVERY_SCORE);
        assertThat(recovery.quantity()).isEqualTo(new Quantity(64, Unit.PERCENT));
        assertThat(recovery.source()).isEqualTo(Source.WHOOP);
        assertThat(recovery.recordId()).isEqualTo("s-1");
        assertThat(recovery.observedAt()).isEqualTo(WAKE);
        assertThat(reading(day, Metric.RESTING_HR).source()).isEqualTo(Source.WHOOP);
        assertThat(reading(day, Metric.READINESS_SCORE).source()).isEqualTo(Source.SAHHA);
        assertThat(reading(day, Metric.STEPS).quantity()).isEqualTo(new Quantity(9000, Unit.COUNT));
        assertThat(amount(day, Metric.SLEEP_NEED)).isEqualTo(495);
        assertThat(amount(day, Metric.ENERGY_TOTAL)).isEqualTo(2000);
    }

    @Test
    void fallsBackToSahhaWhenWhoopHasNoValue() {
        DailyRecord day = merged(whoop(cycle("SCORED", WAKE), null, List.of()), sahha());

        assertThat(reading(day, Metric.RESTING_HR).source()).isEqualTo(Source.SAHHA);
        assertThat(reading(day, Metric.SLEEP_ASLEEP).source()).isEqualTo(Source.SAHHA);
        assertThat(reason(day, Metric.RECOVERY_SCORE)).isEqualTo(Reason.NO_RECORD);
    }

    @Test
    void neverStandsSdnnInForRmssd() {
        DailyRecord day = merged(null, sahha());

        assertThat(day.metric(Metric.HRV_RMSSD).present()).isFalse();
        assertThat(amount(day, Metric.HRV_SDNN)).isEqualTo(44);
    }

    @Test
    void takesTheWholeNightFromOneSource() {
        WhoopDay.Sleep pending = Days.sleep("s-1", false, "PENDING_SCORE", 400, WAKE);
        DailyRecord sahhaNight = merged(whoop(null, null, List.of(pending)), sahha());
        assertThat(reading(sahhaNight, Metric.SLEEP_ASLEEP).source()).isEqualTo(Source.SAHHA);
        assertThat(reason(sahhaNight, Metric.SLEEP_LIGHT)).isEqualTo(Reason.PENDING_SCORE);

        DailyRecord whoopNight = merged(whoop(), sahha());
        assertThat(Metric.SLEEP_BLOCK)
                .allSatisfy(metric ->
                        assertThat(reading(whoopNight, metric).source()).isEqualTo(Source.WHOOP));
    }

    @Test
    void saysWhatWhoopDeletedUnlessAnotherRecordOrSourceBringsTheValue() {
        WhoopDay gone = deleted(null, List.of(), "sleep", "recovery", "cycle", "something_new");
        DailyRecord day = merged(gone, SahhaDay.empty(DATE));
        assertThat(reason(day, Metric.RECOVERY_SCORE)).isEqualTo(Reason.DELETED);
        assertThat(reason(day, Metric.SLEEP_ASLEEP)).isEqualTo(Reason.DELETED);
        assertThat(reason(day, Metric.STRAIN)).isEqualTo(Reason.DELETED);
        // Only Sahha offers it, and Sahha deleted nothing.
        assertThat(reason(day, Metric.STEPS)).isEqualTo(Reason.NO_RECORD);

        DailyRecord withSahha = merged(gone, sahha());
        assertThat(reading(withSahha, Metric.SLEEP_ASLEEP).source()).isEqualTo(Source.SAHHA);
        assertThat(reason(withSahha, Metric.RECOVERY_SCORE)).isEqualTo(Reason.DELETED);

        // What is there says more than what was.
        WhoopDay half = deleted(recovery("UNSCORABLE", false), List.of(night("s-2", 300)), "cycle");
        DailyRecord other = merged(half, SahhaDay.empty(DATE));
        assertThat(reason(other, Metric.RECOVERY_SCORE)).isEqualTo(Reason.UNSCORABLE);
        assertThat(amount(other, Metric.SLEEP_ASLEEP)).isEqualTo(300);
        assertThat(reason(other, Metric.STRAIN)).isEqualTo(Reason.DELETED);

        DailyRecord unlinked = DayMerge.merge(
                new DayInputs(DATE, gone, SahhaDay.empty(DATE), Connection.NONE, Connection.NONE, LONG_AFTER));
        assertThat(reason(unlinked, Metric.STRAIN)).isEqualTo(Reason.NOT_CONNECTED);
    }

    private static WhoopDay deleted(
            WhoopDay.@Nullable Recovery recovery, List<WhoopDay.Sleep> sleeps, String... kinds) {
        return new WhoopDay(DATE, 7, null, recovery, sleeps, List.of(), null, List.of(kinds));
    }

    @Test
    void saysWhyAValueIsMissing() {
        DailyRecord day = merged(
                whoop(cycle("UNSCORABLE", WAKE), recovery("PENDING_SCORE", false), List.of()), SahhaDay.empty(DATE));
        assertThat(reason(day, Metric.STRAIN)).isEqualTo(Reason.UNSCORABLE);
        assertThat(reason(day, Metric.RECOVERY_SCORE)).isEqualTo(Reason.PENDING_SCORE);
        assertThat(reason(day, Metric.SLEEP_SCORE)).isEqualTo(Reason.NO_RECORD);
        assertThat(reason(merged(whoop(), sahha()), Metric.SPO2)).isEqualTo(Reason.NOT_MEASURED);

        DailyRecord alone =
                DayMerge.merge(new DayInputs(DATE, null, sahha(), Connection.NONE, Connection.FRESH, LONG_AFTER));
        assertThat(reason(alone, Metric.STRAIN)).isEqualTo(Reason.NOT_CONNECTED);
    }

    @Test
    void treatsAnUnknownScoreStateAsPending() {
        DailyRecord day = merged(whoop(cycle("REVIEWING", WAKE), null, List.of()), SahhaDay.empty(DATE));

        assertThat(reason(day, Metric.STRAIN)).isEqualTo(Reason.PENDING_SCORE);
        assertThat(day.isFinal()).isFalse();
    }

    @Test
    void countsAZeroAsAValue() {
        DailyRecord day = merged(null, sahha(List.of(score("activity", 0)), List.of(biomarker("steps", 0, "count"))));

        assertThat(amount(day, Metric.ACTIVITY_SCORE)).isZero();
        assertThat(amount(day, Metric.STEPS)).isZero();
    }

    @Test
    void leavesEffectiveReadinessToSahhaWhileWhoopCalibrates() {
        WhoopDay calibrating = whoop(null, recovery("SCORED", true), List.of(night("s-1", 400)));
        DailyRecord day = merged(calibrating, sahha());

        assertThat(reading(day, Metric.RECOVERY_SCORE).flags()).containsExactly(Flag.CALIBRATING);
        assertThat(reading(day, Metric.EFFECTIVE_READINESS).source()).isEqualTo(Source.SAHHA);
        assertThat(amount(day, Metric.EFFECTIVE_READINESS)).isEqualTo(70);
        assertThat(reading(merged(whoop(), sahha()), Metric.EFFECTIVE_READINESS).source())
                .isEqualTo(Source.WHOOP);
        assertThat(merged(calibrating, SahhaDay.empty(DATE))
                        .metric(Metric.EFFECTIVE_READINESS)
                        .present())
                .isFalse();
    }

    @Test
    void marksARunningAndALongCycle() {
        DailyRecord running = merged(whoop(cycle("SCORED", null), null, List.of()), sahha());
        assertThat(reading(running, Metric.STRAIN).flags()).containsExactly(Flag.PROVISIONAL);
        assertThat(running.isFinal()).isFalse();
        assertThat(reading(running, Metric.ENERGY_TOTAL).source()).isEqualTo(Source.SAHHA);

        DailyRecord longCycle = merged(whoop(cycle("SCORED", WAKE, true), null, List.of()), SahhaDay.empty(DATE));
        assertThat(reading(longCycle, Metric.STRAIN).flags()).containsExactly(Flag.PARTIAL);
        assertThat(reading(longCycle, Metric.ENERGY_TOTAL).source()).isEqualTo(Source.WHOOP);
        assertThat(reason(longCycle, Metric.RECOVERY_SCORE)).isEqualTo(Reason.NO_RECORD);
    }

    @Test
    void listsTheLongestSleepAsPrimaryThenOthersAndNaps() {
        WhoopDay.Sleep shortNight = Days.sleep("s-2", false, "SCORED", 120, WAKE.plus(Duration.ofHours(8)));
        WhoopDay.Sleep nap = Days.sleep("n-1", true, "SCORED", 500, WAKE.plus(Duration.ofHours(6)));
        DailyRecord day = merged(whoop(null, null, List.of(shortNight, nap, night("s-1", 400))), sahha());

        assertThat(Objects.requireNonNull(day.sleep().primary()).id()).isEqualTo("s-1");
        assertThat(day.sleep().others()).extracting(DailyRecord.SleepEntry::id).containsExactly("s-2");
        assertThat(day.sleep().naps()).extracting(DailyRecord.SleepEntry::id).containsExactly("n-1");
        assertThat(amount(day, Metric.SLEEP_ASLEEP)).isEqualTo(400);
    }

    @Test
    void takesANightWithoutStrapFromSahha() {
        DailyRecord.SleepEntry primary =
                Objects.requireNonNull(merged(null, sahha()).sleep().primary());

        assertThat(primary.source()).isEqualTo(Source.SAHHA);
        assertThat(primary.asleep()).isEqualTo(new Quantity(380, Unit.MINUTE));
        assertThat(primary.rem()).isNull();
    }

    @Test
    void weighsTheOverallScoreOverWhatIsThere() {
        OverallScore all = Objects.requireNonNull(merged(whoop(), sahha()).overallScore());
        assertThat(all.score().amount()).isCloseTo(0.4 * 64 + 0.3 * 88 + 0.2 * 50 + 0.1 * 80, within(1e-4));

        OverallScore two =
                Objects.requireNonNull(merged(whoop(), SahhaDay.empty(DATE)).overallScore());
        assertThat(two.score().amount()).isCloseTo((0.4 * 64 + 0.3 * 88) / 0.7, within(1e-4));
        assertThat(two.components())
                .extracting(OverallScore.Component::metric)
                .containsExactly(Metric.EFFECTIVE_READINESS, Metric.SLEEP_SCORE);

        assertThat(merged(null, sahha(List.of(score("activity", 50)), List.of()))
                        .overallScore())
                .isNull();
    }

    @Test
    void takesBodyMeasuresFromWhoeverMeasuredLast() {
        WhoopDay.Body body = new WhoopDay.Body(1.72, 64.5, 190.0, WAKE.plusSeconds(60));
        WhoopDay day = new WhoopDay(DATE, 1, null, null, List.of(), List.of(), body, List.of());
        DailyRecord newerStrap = merged(day, sahha(List.of(), List.of(biomarker("weight", 65_000, "g"))));
        assertThat(amount(newerStrap, Metric.WEIGHT)).isEqualTo(64.5);

        WhoopDay.Body old = new WhoopDay.Body(1.72, 64.5, 190.0, WAKE.minusSeconds(60));
        DailyRecord newerPhone = merged(
                new WhoopDay(DATE, 1, null, null, List.of(), List.of(), old, List.of()),
                sahha(List.of(), List.of(biomarker("weight", 65_000, "g"))));
        assertThat(amount(newerPhone, Metric.WEIGHT)).isEqualTo(65);
    }

    @Test
    void dropsAnUnknownUnitInsteadOfGuessing() {
        DailyRecord day = merged(
                null,
                sahha(List.of(), List.of(biomarker("weight", 10, "stone"), biomarker("oxygen_saturation", 0.97, ""))));

        assertThat(reason(day, Metric.WEIGHT)).isEqualTo(Reason.NOT_MEASURED);
        assertThat(amount(day, Metric.SPO2)).isEqualTo(97);
    }

    @Test
    void countsCompletenessOverConnectedSourcesOnly() {
        DailyRecord strapOnly = DayMerge.merge(
                new DayInputs(DATE, whoop(), SahhaDay.empty(DATE), Connection.FRESH, Connection.NONE, LONG_AFTER));
        assertThat(strapOnly.completeness()).isEqualTo(1.0);
        assertThat(strapOnly.missing()).isEmpty();

        DailyRecord both = merged(whoop(), SahhaDay.empty(DATE));
        assertThat(both.completeness()).isLessThan(1.0);
        assertThat(both.missing()).contains(Metric.READINESS_SCORE, Metric.STEPS);
    }

    @Test
    void isFinalOnlyWhenTheDayIsOverEverywhereAndNothingWaits() {
        Instant noonAfter = Instant.parse("2026-11-23T12:00:00Z");
        DayInputs early = new DayInputs(
                DATE, whoop(), SahhaDay.empty(DATE), Connection.FRESH, Connection.NONE, noonAfter.minusSeconds(1));
        assertThat(DayMerge.merge(early).isFinal()).isFalse();
        assertThat(DayMerge.merge(early).recheckAt()).isEqualTo(noonAfter);

        DayInputs late =
                new DayInputs(DATE, whoop(), SahhaDay.empty(DATE), Connection.FRESH, Connection.NONE, noonAfter);
        assertThat(DayMerge.merge(late).isFinal()).isTrue();
        assertThat(DayMerge.merge(late).recheckAt()).isNull();
    }

    private static Reading reading(DailyRecord day, Metric metric) {
        assertThat(day.metric(metric)).as(metric.wire()).isInstanceOf(Reading.class);
        return (Reading) day.metric(metric);
    }

    private static double amount(DailyRecord day, Metric metric) {
        return reading(day, metric).quantity().amount();
    }

    private static Reason reason(DailyRecord day, Metric metric) {
        assertThat(day.metric(metric)).as(metric.wire()).isInstanceOf(MetricValue.Absence.class);
        return ((MetricValue.Absence) day.metric(metric)).reason();
    }
}
