package io.vitals.health.daily;

import io.vitals.health.daily.DailyRecord.SleepEntry;
import io.vitals.health.daily.DailyRecord.SleepSection;
import io.vitals.health.daily.MetricValue.Reading;
import io.vitals.health.sahha.SahhaBiomarker;
import io.vitals.health.whoop.WhoopDay;
import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;

/** The night as one block from one source: stages of two sources do not add up to one night. */
final class SleepBlock {

    private SleepBlock() {}

    /** WHOOP's night when it is scored, or when Sahha has none either. */
    static boolean fromWhoop(WhoopReadings whoop, SahhaReadings sahha) {
        return whoop.read(Metric.SLEEP_ASLEEP).present()
                || Metric.SLEEP_BLOCK.stream()
                        .noneMatch(metric -> sahha.read(metric).present());
    }

    static SleepSection section(@Nullable WhoopDay day, SahhaReadings sahha) {
        List<SleepEntry> main = day == null
                ? List.of()
                : SleepTimes.mainSleeps(day).stream().map(SleepBlock::entry).toList();
        List<SleepEntry> naps = day == null
                ? List.of()
                : day.sleeps().stream()
                        .filter(WhoopDay.Sleep::nap)
                        .sorted(Comparator.comparing(WhoopDay.Sleep::start).thenComparing(WhoopDay.Sleep::id))
                        .map(SleepBlock::entry)
                        .toList();
        return main.isEmpty()
                ? new SleepSection(fromSahha(sahha), List.of(), naps)
                : new SleepSection(main.getFirst(), main.subList(1, main.size()), naps);
    }

    private static SleepEntry entry(WhoopDay.Sleep sleep) {
        boolean scored = SleepTimes.scored(sleep);
        return new SleepEntry(
                sleep.id(),
                sleep.start(),
                sleep.end(),
                sleep.timezoneOffset(),
                sleep.scoreState(),
                scored ? minutes(SleepTimes.asleepMillis(sleep)) : null,
                scored ? minutes(sleep.inBedMilli()) : null,
                scored ? minutes(sleep.awakeMilli()) : null,
                scored ? minutes(sleep.lightMilli()) : null,
                scored ? minutes(sleep.slowWaveMilli()) : null,
                scored ? minutes(sleep.remMilli()) : null,
                Source.WHOOP);
    }

    private static @Nullable SleepEntry fromSahha(SahhaReadings sahha) {
        SahhaBiomarker night = sahha.biomarker("sleep_duration");
        return night == null
                ? null
                : new SleepEntry(
                        night.id(),
                        night.start(),
                        night.end(),
                        night.timezoneOffset(),
                        "MEASURED",
                        quantity(sahha, Metric.SLEEP_ASLEEP),
                        quantity(sahha, Metric.SLEEP_IN_BED),
                        quantity(sahha, Metric.SLEEP_AWAKE),
                        quantity(sahha, Metric.SLEEP_LIGHT),
                        quantity(sahha, Metric.SLEEP_DEEP),
                        quantity(sahha, Metric.SLEEP_REM),
                        Source.SAHHA);
    }

    private static @Nullable Quantity quantity(SahhaReadings sahha, Metric metric) {
        return sahha.read(metric) instanceof Reading reading ? reading.quantity() : null;
    }

    private static @Nullable Quantity minutes(@Nullable Long millis) {
        return millis == null ? null : new Quantity(Quantity.minutesOfMillis(millis), Unit.MINUTE);
    }
}
