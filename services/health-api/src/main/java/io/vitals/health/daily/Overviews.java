package io.vitals.health.daily;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.daily.Overview.ProcessingStats;
import io.vitals.health.daily.Overview.Score;
import io.vitals.health.daily.Overview.WhoopData;
import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the overview out of a stored document. */
final class Overviews {
    private Overviews() {}

    static Overview of(
            LocalDate date,
            Optional<JsonNode> document,
            Map<Source, SourceStore.State> states,
            ProcessingStats stats,
            Freshness freshness) {
        JsonNode metrics = document.map(day -> day.path("metrics")).orElse(null);
        Reason otherwise = states.values().stream().anyMatch(SourceStore.State::connected)
                ? Reason.NO_RECORD
                : Reason.NOT_CONNECTED;
        boolean whoop = document.map(day -> present(day, Source.WHOOP)).orElse(false);
        List<String> sources = Arrays.stream(Source.values())
                .filter(source -> document.map(day -> present(day, source)).orElse(false))
                .map(Source::wire)
                .toList();
        return new Overview(
                date,
                score(metrics, otherwise, Metric.EFFECTIVE_READINESS),
                score(metrics, otherwise, Metric.ACTIVITY_SCORE),
                score(metrics, otherwise, Metric.SLEEP_SCORE, Metric.SLEEP_SCORE_SAHHA),
                score(metrics, otherwise, Metric.MENTAL_WELLBEING_SCORE),
                whoop ? whoopData(metrics) : null,
                sources,
                whoop,
                stats,
                freshness);
    }

    /** The first of the metrics that has a value; else the reason of the first. */
    private static Score score(@Nullable JsonNode metrics, Reason otherwise, Metric... choices) {
        if (metrics == null) {
            return new Score(null, null, null, otherwise.wire());
        }
        for (Metric metric : choices) {
            JsonNode value = metrics.path(metric.wire());
            if (value.path("value").isNumber()) {
                return new Score(
                        value.path("value").doubleValue(),
                        value.path("source").asText(),
                        value.path("state").asText(),
                        null);
            }
        }
        return new Score(
                null, null, null, metrics.path(choices[0].wire()).path("reason").asText(otherwise.wire()));
    }

    private static WhoopData whoopData(@Nullable JsonNode metrics) {
        return new WhoopData(
                fromWhoop(metrics, Metric.RECOVERY_SCORE),
                fromWhoop(metrics, Metric.STRAIN),
                fromWhoop(metrics, Metric.SLEEP_SCORE),
                fromWhoop(metrics, Metric.HRV_RMSSD),
                fromWhoop(metrics, Metric.RESTING_HR),
                fromWhoop(metrics, Metric.SPO2),
                fromWhoop(metrics, Metric.SKIN_TEMP),
                fromWhoop(metrics, Metric.RESPIRATORY_RATE),
                fromWhoop(metrics, Metric.ENERGY_TOTAL));
    }

    private static @Nullable Double fromWhoop(@Nullable JsonNode metrics, Metric metric) {
        JsonNode value = metrics == null ? null : metrics.get(metric.wire());
        return value != null && value.path("source").asText().equals(Source.WHOOP.wire())
                ? value.path("value").doubleValue()
                : null;
    }

    private static boolean present(JsonNode day, Source source) {
        for (JsonNode entry : day.path("sources")) {
            if (entry.path("source").asText().equals(source.wire())) {
                return entry.path("present").asBoolean();
            }
        }
        return false;
    }
}
