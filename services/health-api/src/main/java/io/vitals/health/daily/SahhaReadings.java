package io.vitals.health.daily;

import io.vitals.health.daily.MetricValue.Reading;
import io.vitals.health.sahha.SahhaBiomarker;
import io.vitals.health.sahha.SahhaDay;
import io.vitals.health.sahha.SahhaScore;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** Reads single metrics out of a Sahha day. */
final class SahhaReadings {
    /** Biomarkers carry no state; what is there was measured. */
    private static final String MEASURED = "MEASURED";

    private final Map<String, SahhaScore> scores = new HashMap<>();
    private final Map<String, SahhaBiomarker> biomarkers = new HashMap<>();

    SahhaReadings(SahhaDay day) {
        day.scores().forEach(score -> scores.merge(score.type(), score, SahhaReadings::newer));
        day.biomarkers().forEach(marker -> biomarkers.merge(marker.type(), marker, SahhaReadings::newer));
    }

    MetricValue read(Metric metric) {
        SahhaRule rule = metric.sahha();
        return switch (rule) {
            case null -> MetricValue.absent(Reason.NO_RECORD);
            case SahhaRule.OfScore of -> score(metric, scores.get(of.type()));
            case SahhaRule.OfBiomarker of -> biomarker(metric, biomarkers.get(of.type()));
        };
    }

    @Nullable
    SahhaBiomarker biomarker(String type) {
        return biomarkers.get(type);
    }

    private static MetricValue score(Metric metric, @Nullable SahhaScore score) {
        if (score == null) {
            return MetricValue.absent(Reason.NO_RECORD);
        }
        double percent = score.percent();
        if (!(percent >= 0 && percent <= 100)) {
            return MetricValue.absent(Reason.NOT_MEASURED);
        }
        return new Reading(
                new Quantity(percent, metric.unit()),
                Source.SAHHA,
                score.observedAt(),
                score.fetchedAt(),
                score.id(),
                score.state(),
                Set.of());
    }

    private static MetricValue biomarker(Metric metric, @Nullable SahhaBiomarker marker) {
        if (marker == null) {
            return MetricValue.absent(Reason.NO_RECORD);
        }
        OptionalDouble amount = SahhaUnits.convert(marker.amount(), marker.unit(), metric.unit());
        if (amount.isEmpty()) {
            return MetricValue.absent(Reason.NOT_MEASURED);
        }
        return new Reading(
                new Quantity(amount.getAsDouble(), metric.unit()),
                Source.SAHHA,
                marker.end(),
                marker.fetchedAt(),
                marker.id(),
                MEASURED,
                Set.of());
    }

    private static SahhaScore newer(SahhaScore one, SahhaScore other) {
        return other.fetchedAt().isAfter(one.fetchedAt()) ? other : one;
    }

    private static SahhaBiomarker newer(SahhaBiomarker one, SahhaBiomarker other) {
        return other.fetchedAt().isAfter(one.fetchedAt()) ? other : one;
    }
}
