package io.vitals.health.daily;

import io.vitals.health.daily.DailyRecord.OverallScore;
import io.vitals.health.daily.DailyRecord.OverallScore.Component;
import io.vitals.health.daily.MetricValue.Reading;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The overall score of a day, formula version {@link DailyRecord#FORMULA_VERSION}. */
final class OverallScores {
    /** One component says nothing about the whole. */
    private static final int FEWEST = 2;

    /** The first metric of each row that is present takes the row's weight. */
    private static final List<Weighted> WEIGHTS = List.of(
            new Weighted(0.40, List.of(Metric.EFFECTIVE_READINESS)),
            new Weighted(0.30, List.of(Metric.SLEEP_SCORE, Metric.SLEEP_SCORE_SAHHA)),
            new Weighted(0.20, List.of(Metric.ACTIVITY_SCORE)),
            new Weighted(0.10, List.of(Metric.MENTAL_WELLBEING_SCORE)));

    private OverallScores() {}

    /** The weighted mean of the components that are there, their weights made to add up to 1; null below two. */
    static @Nullable OverallScore of(Map<Metric, MetricValue> metrics) {
        List<Component> found = new ArrayList<>();
        for (Weighted row : WEIGHTS) {
            for (Metric metric : row.metrics()) {
                if (metrics.get(metric) instanceof Reading reading) {
                    found.add(new Component(metric, reading.source(), reading.quantity(), row.weight()));
                    break;
                }
            }
        }
        if (found.size() < FEWEST) {
            return null;
        }
        double total = found.stream().mapToDouble(Component::weight).sum();
        double mean = found.stream()
                        .mapToDouble(part -> part.weight() * part.score().amount())
                        .sum()
                / total;
        List<Component> components = found.stream()
                .map(part -> new Component(part.metric(), part.source(), part.score(), part.weight() / total))
                .toList();
        return new OverallScore(new Quantity(mean, Unit.PERCENT), components);
    }

    /** The parts with the weights that they have when all are there. */
    static List<Weighted> weights() {
        return WEIGHTS;
    }

    record Weighted(double weight, List<Metric> metrics) {}
}
