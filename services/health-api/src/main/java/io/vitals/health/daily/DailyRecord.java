package io.vitals.health.daily;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One member's merged day.
 *
 * @param isFinal nothing of it is expected to change: the cycle has ended, nothing waits for a score, the day is over everywhere
 * @param completeness expected metrics that are present, 0 to 1; expected is what the connected sources offer
 * @param metrics every metric, in the order of {@link Metric}
 * @param recheckAt when the passing of time alone may change it; null when it cannot
 */
record DailyRecord(
        LocalDate date,
        boolean isFinal,
        double completeness,
        @Nullable OverallScore overallScore,
        Map<Metric, MetricValue> metrics,
        SleepSection sleep,
        List<WorkoutEntry> workouts,
        List<SourceEntry> sources,
        List<Metric> missing,
        @Nullable Instant recheckAt) {

    /**
     * The rules and weights that make a record. Whoever changes one of them, so that the same rows give another record,
     * counts it up: records of a lower version are made anew in the background, see {@link Recompute}.
     */
    static final int FORMULA = 1;

    static final String FORMULA_VERSION = Integer.toString(FORMULA);

    DailyRecord {
        metrics = Map.copyOf(metrics);
        workouts = List.copyOf(workouts);
        sources = List.copyOf(sources);
        missing = List.copyOf(missing);
    }

    MetricValue metric(Metric metric) {
        MetricValue value = metrics.get(metric);
        return value == null ? MetricValue.absent(Reason.NO_RECORD) : value;
    }

    /** When the newest value of a source in this record reached us; null when it has none. */
    @Nullable
    Instant lastDataAt(Source source) {
        return sources.stream()
                .filter(entry -> entry.source() == source)
                .map(SourceEntry::lastDataAt)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The weighted mean of what is there; weights of the components add up to 1. */
    record OverallScore(Quantity score, List<Component> components) {
        OverallScore {
            components = List.copyOf(components);
        }

        record Component(Metric metric, Source source, Quantity score, double weight) {}
    }

    record SleepSection(@Nullable SleepEntry primary, List<SleepEntry> others, List<SleepEntry> naps) {
        SleepSection {
            others = List.copyOf(others);
            naps = List.copyOf(naps);
        }
    }

    /** Stage quantities are null unless the sleep is scored. */
    record SleepEntry(
            String id,
            Instant start,
            Instant end,
            String timezoneOffset,
            String state,
            @Nullable Quantity asleep,
            @Nullable Quantity inBed,
            @Nullable Quantity awake,
            @Nullable Quantity light,
            @Nullable Quantity deep,
            @Nullable Quantity rem,
            Source source) {}

    record WorkoutEntry(
            String id,
            String sport,
            Instant start,
            Instant end,
            String timezoneOffset,
            String state,
            @Nullable Quantity strain,
            @Nullable Quantity energy,
            @Nullable Quantity averageHeartRate,
            @Nullable Quantity maxHeartRate,
            @Nullable Quantity distance,
            Source source) {}

    record SourceEntry(
            Source source,
            boolean present,
            boolean stale,
            @Nullable Instant lastDataAt) {}
}
