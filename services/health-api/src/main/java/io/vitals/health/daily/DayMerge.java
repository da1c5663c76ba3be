package io.vitals.health.daily;

import io.vitals.health.daily.DailyRecord.SourceEntry;
import io.vitals.health.daily.MetricValue.Reading;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Makes one record of a day out of what WHOOP and Sahha say of it. Pure: no clock, no store, no transport.
 *
 * <p>One value per metric from one source, never a sum of two; a value that is missing says why.
 */
final class DayMerge {

    private DayMerge() {}

    static DailyRecord merge(DayInputs inputs) {
        WhoopReadings whoop = new WhoopReadings(inputs.whoop());
        SahhaReadings sahha = new SahhaReadings(inputs.sahha());
        Map<Metric, MetricValue> metrics = new EnumMap<>(Metric.class);
        boolean block = SleepBlock.fromWhoop(whoop, sahha);
        for (Metric metric : Metric.values()) {
            if (metric.pick() != Metric.Pick.DERIVED) {
                metrics.put(metric, pick(inputs, metric, whoop.read(metric), sahha.read(metric), block));
            }
        }
        metrics.put(Metric.EFFECTIVE_READINESS, effectiveReadiness(metrics));
        Completeness completeness = Completeness.of(inputs, metrics);
        Finality finality = Finality.of(inputs, whoop.pending());
        return new DailyRecord(
                inputs.date(),
                finality.isFinal(),
                completeness.ratio(),
                OverallScores.of(metrics),
                metrics,
                SleepBlock.section(inputs.whoop(), sahha),
                Workouts.merge(inputs.whoop(), inputs.sahha().sessions()),
                sources(inputs, metrics.values(), finality.isFinal()),
                completeness.missing(),
                finality.recheckAt());
    }

    private static MetricValue pick(
            DayInputs inputs, Metric metric, MetricValue whoop, MetricValue sahha, boolean blockFromWhoop) {
        MetricValue picked = switch (metric.pick()) {
            case WHOOP -> whoop.present() ? whoop : sahha;
            case SAHHA -> sahha.present() ? sahha : whoop;
            case FULL_CYCLE -> fullCycle(whoop, sahha);
            case BLOCK -> blockFromWhoop ? whoop : sahha;
            case NEWEST -> newest(whoop, sahha);
            case DERIVED -> throw new IllegalStateException("derived metrics are not picked");
        };
        return picked.present() ? picked : MetricValue.absent(reason(inputs, metric, whoop, sahha));
    }

    private static MetricValue fullCycle(MetricValue whoop, MetricValue sahha) {
        boolean full = whoop instanceof Reading reading && reading.flags().isEmpty();
        return full || !sahha.present() ? whoop : sahha;
    }

    private static MetricValue newest(MetricValue whoop, MetricValue sahha) {
        if (whoop instanceof Reading one && sahha instanceof Reading other) {
            return other.observedAt().isAfter(one.observedAt()) ? other : one;
        }
        return whoop.present() ? whoop : sahha;
    }

    /** The most telling reason among the connected sources that offer the metric. */
    private static Reason reason(DayInputs inputs, Metric metric, MetricValue whoop, MetricValue sahha) {
        return Stream.of(
                        offered(inputs, metric, Source.WHOOP) ? whoop : null,
                        offered(inputs, metric, Source.SAHHA) ? sahha : null)
                .map(value -> value instanceof MetricValue.Absence absence ? absence.reason() : null)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(
                        offered(inputs, metric, Source.WHOOP) || offered(inputs, metric, Source.SAHHA)
                                ? Reason.NO_RECORD
                                : Reason.NOT_CONNECTED);
    }

    private static boolean offered(DayInputs inputs, Metric metric, Source source) {
        return metric.offeredBy(source) && inputs.connected(source);
    }

    /** WHOOP's recovery unless it is missing or still calibrating, else Sahha's readiness; provenance goes with it. */
    private static MetricValue effectiveReadiness(Map<Metric, MetricValue> metrics) {
        MetricValue recovery = Objects.requireNonNull(metrics.get(Metric.RECOVERY_SCORE));
        return recovery instanceof Reading reading && !reading.calibrating()
                ? recovery
                : Objects.requireNonNull(metrics.get(Metric.READINESS_SCORE));
    }

    private static List<SourceEntry> sources(DayInputs inputs, Iterable<MetricValue> values, boolean isFinal) {
        Map<Source, Instant> newest = new EnumMap<>(Source.class);
        for (MetricValue value : values) {
            if (value instanceof Reading reading) {
                newest.merge(reading.source(), reading.fetchedAt(), DayMerge::later);
            }
        }
        List<SourceEntry> entries = new ArrayList<>();
        for (Source source : Source.values()) {
            boolean present = switch (source) {
                case WHOOP -> inputs.hasWhoop();
                case SAHHA -> !inputs.sahha().isEmpty();
            };
            // A silent source takes nothing from a day that is final.
            entries.add(new SourceEntry(source, present, !isFinal && inputs.stale(source), newest.get(source)));
        }
        return entries;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** How much of what the connected sources offer is there. */
    private record Completeness(double ratio, List<Metric> missing) {

        static Completeness of(DayInputs inputs, Map<Metric, MetricValue> metrics) {
            int expected = 0;
            List<Metric> missing = new ArrayList<>();
            for (Metric metric : Metric.values()) {
                if (metric.expected()
                        && (offered(inputs, metric, Source.WHOOP) || offered(inputs, metric, Source.SAHHA))) {
                    expected++;
                    if (!Objects.requireNonNull(metrics.get(metric)).present()) {
                        missing.add(metric);
                    }
                }
            }
            double ratio = expected == 0 ? 0 : (double) (expected - missing.size()) / expected;
            return new Completeness(Math.round(ratio * 1000) / 1000.0, missing);
        }
    }

    /** Whether the record may still change without anybody deleting or correcting something. */
    private record Finality(boolean isFinal, @Nullable Instant recheckAt) {

        static Finality of(DayInputs inputs, boolean pending) {
            // The date is over even at the western end of the zones.
            Instant over = inputs.date().plusDays(1).atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
            Instant settled = over;
            boolean open = pending;
            if (inputs.connected(Source.SAHHA)) {
                // Sahha scores a day again through the next one.
                settled = over.plusSeconds(86_400);
            }
            var whoop = inputs.whoop();
            var cycle = whoop == null ? null : whoop.cycle();
            if (inputs.connected(Source.WHOOP)) {
                if (cycle == null) {
                    // No cycle may mean a long one that began the day before, or a strap that uploads late.
                    settled = over.plusSeconds(2 * 86_400);
                } else {
                    open |= cycle.end() == null;
                }
            }
            boolean passed = !inputs.asOf().isBefore(settled);
            return new Finality(passed && !open, passed ? null : settled);
        }
    }
}
