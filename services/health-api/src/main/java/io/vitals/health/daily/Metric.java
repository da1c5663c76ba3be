package io.vitals.health.daily;

import io.vitals.health.whoop.WhoopDay;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import static io.vitals.health.daily.SahhaRule.biomarker;
import static io.vitals.health.daily.SahhaRule.score;
import static io.vitals.health.daily.WhoopRule.body;
import static io.vitals.health.daily.WhoopRule.cycle;
import static io.vitals.health.daily.WhoopRule.recovery;
import static io.vitals.health.daily.WhoopRule.sleep;
import static io.vitals.health.daily.WhoopRule.sleepMillis;

/**
 * The metric mapping as data: for each metric its unit, where each source has it, which source is preferred, and
 * whether a day that lacks it is incomplete. A metric is always read from one source; nothing is ever added up across
 * sources.
 */
// The rules hold stateless method references only; their type cannot say so.
@SuppressWarnings("ImmutableEnumChecker")
enum Metric {
    RECOVERY_SCORE(Unit.PERCENT, recovery(WhoopDay.Recovery::recoveryScore), null, Pick.WHOOP, true),
    READINESS_SCORE(Unit.PERCENT, null, score("readiness"), Pick.SAHHA, true),
    /** Derived: see {@link DayMerge}. */
    EFFECTIVE_READINESS(Unit.PERCENT, null, null, Pick.DERIVED, false),
    RESTING_HR(
            Unit.BPM, recovery(WhoopDay.Recovery::restingHeartRate), biomarker("heart_rate_resting"), Pick.WHOOP, true),
    HRV_RMSSD(
            Unit.MS,
            recovery(WhoopDay.Recovery::hrvRmssdMilli),
            biomarker("heart_rate_variability_rmssd"),
            Pick.WHOOP,
            true),
    /** Another statistic than RMSSD, with another scale: never a stand-in for it. */
    HRV_SDNN(Unit.MS, null, biomarker("heart_rate_variability_sdnn"), Pick.SAHHA, false),
    SPO2(Unit.PERCENT, recovery(WhoopDay.Recovery::spo2Percentage), biomarker("oxygen_saturation"), Pick.WHOOP, false),
    SKIN_TEMP(Unit.CELSIUS, recovery(WhoopDay.Recovery::skinTempCelsius), null, Pick.WHOOP, false),
    RESPIRATORY_RATE(
            Unit.PER_MINUTE, sleep(WhoopDay.Sleep::respiratoryRate), biomarker("respiratory_rate"), Pick.WHOOP, false),
    SLEEP_SCORE(Unit.PERCENT, sleep(WhoopDay.Sleep::performancePercentage), null, Pick.WHOOP, true),
    SLEEP_SCORE_SAHHA(Unit.PERCENT, null, score("sleep"), Pick.SAHHA, true),
    SLEEP_ASLEEP(Unit.MINUTE, sleepMillis(SleepTimes::asleepMillis), biomarker("sleep_duration"), Pick.BLOCK, true),
    SLEEP_IN_BED(
            Unit.MINUTE, sleepMillis(WhoopDay.Sleep::inBedMilli), biomarker("sleep_in_bed_duration"), Pick.BLOCK, true),
    SLEEP_AWAKE(
            Unit.MINUTE, sleepMillis(WhoopDay.Sleep::awakeMilli), biomarker("sleep_awake_duration"), Pick.BLOCK, false),
    SLEEP_LIGHT(
            Unit.MINUTE, sleepMillis(WhoopDay.Sleep::lightMilli), biomarker("sleep_light_duration"), Pick.BLOCK, false),
    SLEEP_DEEP(
            Unit.MINUTE,
            sleepMillis(WhoopDay.Sleep::slowWaveMilli),
            biomarker("sleep_deep_duration"),
            Pick.BLOCK,
            false),
    SLEEP_REM(Unit.MINUTE, sleepMillis(WhoopDay.Sleep::remMilli), biomarker("sleep_rem_duration"), Pick.BLOCK, false),
    SLEEP_EFFICIENCY(
            Unit.PERCENT,
            sleep(WhoopDay.Sleep::efficiencyPercentage),
            biomarker("sleep_efficiency"),
            Pick.WHOOP,
            false),
    SLEEP_CONSISTENCY(Unit.PERCENT, sleep(WhoopDay.Sleep::consistencyPercentage), null, Pick.WHOOP, false),
    /** Sahha's own definition; not WHOOP's consistency under another name. */
    SLEEP_REGULARITY(Unit.PERCENT, null, biomarker("sleep_regularity"), Pick.SAHHA, false),
    SLEEP_NEED(Unit.MINUTE, sleepMillis(SleepTimes::neededMillis), null, Pick.WHOOP, false),
    SLEEP_DEBT(Unit.MINUTE, sleepMillis(WhoopDay.Sleep::needDebtMilli), biomarker("sleep_debt"), Pick.WHOOP, false),
    STRAIN(Unit.STRAIN, cycle(WhoopDay.Cycle::strain), null, Pick.WHOOP, true),
    ENERGY_TOTAL(
            Unit.KCAL,
            cycle(cycle -> cycle.kilojoule() == null ? null : Quantity.kcalOfKilojoule(cycle.kilojoule())),
            biomarker("total_energy_burned"),
            Pick.FULL_CYCLE,
            true),
    ACTIVE_ENERGY(Unit.KCAL, null, biomarker("active_energy_burned"), Pick.SAHHA, false),
    STEPS(Unit.COUNT, null, biomarker("steps"), Pick.SAHHA, true),
    FLOORS(Unit.COUNT, null, biomarker("floors_climbed"), Pick.SAHHA, false),
    ACTIVE_DURATION(Unit.MINUTE, null, biomarker("active_duration"), Pick.SAHHA, false),
    SEDENTARY_DURATION(Unit.MINUTE, null, biomarker("activity_sedentary_duration"), Pick.SAHHA, false),
    ACTIVITY_SCORE(Unit.PERCENT, null, score("activity"), Pick.SAHHA, true),
    WELLBEING_SCORE(Unit.PERCENT, null, score("wellbeing"), Pick.SAHHA, false),
    MENTAL_WELLBEING_SCORE(Unit.PERCENT, null, score("mental_wellbeing"), Pick.SAHHA, true),
    HEIGHT(Unit.METER, body(WhoopDay.Body::heightMeter), biomarker("height"), Pick.NEWEST, false),
    WEIGHT(Unit.KILOGRAM, body(WhoopDay.Body::weightKilogram), biomarker("weight"), Pick.NEWEST, false),
    MAX_HR(Unit.BPM, body(WhoopDay.Body::maxHeartRate), null, Pick.NEWEST, false);

    /** How one source is chosen for a metric. */
    enum Pick {
        WHOOP,
        SAHHA,
        /** WHOOP for a full cycle, else Sahha's calendar total, else the running cycle so far. */
        FULL_CYCLE,
        /** With all other metrics of the sleep block from the same source. */
        BLOCK,
        NEWEST,
        DERIVED
    }

    /** The metrics that describe one night together: stages of two sources do not fit each other. */
    static final List<Metric> SLEEP_BLOCK =
            Arrays.stream(values()).filter(m -> m.pick == Pick.BLOCK).toList();

    private final Unit unit;
    private final @Nullable WhoopRule whoop;
    private final @Nullable SahhaRule sahha;
    private final Pick pick;
    private final boolean expected;

    Metric(Unit unit, @Nullable WhoopRule whoop, @Nullable SahhaRule sahha, Pick pick, boolean expected) {
        this.unit = unit;
        this.whoop = whoop;
        this.sahha = sahha;
        this.pick = pick;
        this.expected = expected;
    }

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    Unit unit() {
        return unit;
    }

    @Nullable
    WhoopRule whoop() {
        return whoop;
    }

    @Nullable
    SahhaRule sahha() {
        return sahha;
    }

    Pick pick() {
        return pick;
    }

    /** Whether a day without it is incomplete, given that a source that offers it is connected. */
    boolean expected() {
        return expected;
    }

    boolean offeredBy(Source source) {
        return switch (source) {
            case WHOOP -> whoop != null;
            case SAHHA -> sahha != null;
        };
    }
}
