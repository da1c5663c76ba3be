package io.vitals.health.daily;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Makes the report on one source out of the recent documents. */
final class SourceReports {
    private SourceReports() {}

    static SourcesReport.Source of(
            Source source, SourceStore.@Nullable State state, boolean stale, List<JsonNode> recent) {
        Set<Metric> seen = EnumSet.noneOf(Metric.class);
        Set<Metric> fromHere = EnumSet.noneOf(Metric.class);
        for (JsonNode day : recent) {
            for (Metric metric : Metric.values()) {
                String by =
                        day.path("metrics").path(metric.wire()).path("source").asText("");
                if (!by.isEmpty()) {
                    seen.add(metric);
                }
                if (by.equals(source.wire()) && metric.offeredBy(source)) {
                    fromHere.add(metric);
                }
            }
        }
        List<String> missing = Arrays.stream(Metric.values())
                .filter(metric -> metric.expected() && metric.offeredBy(source) && !seen.contains(metric))
                .map(Metric::wire)
                .toList();
        boolean connected = state != null && state.connected();
        return new SourcesReport.Source(
                source.wire(),
                connected,
                state == null ? "none" : state.name(),
                state == null ? null : state.last(),
                stale,
                fromHere.stream().map(Metric::wire).toList(),
                missing,
                recommendation(source, state, connected, stale));
    }

    private static @Nullable String recommendation(
            Source source, SourceStore.@Nullable State state, boolean connected, boolean stale) {
        return switch (source) {
            case WHOOP -> {
                if (state != null && state.name().equals("reauth_required")) {
                    yield "WHOOP asks you to sign in again. Connect your strap once more.";
                }
                if (!connected) {
                    yield "Connect your WHOOP strap to see recovery, strain and sleep.";
                }
                yield stale ? "WHOOP cannot be reached right now. Your days are as they were last seen." : null;
            }
            case SAHHA -> {
                if (!connected) {
                    yield state == null || state.name().equals("withdrawn")
                            ? "Agree to the use of health data to add activity and wellbeing scores."
                            : null;
                }
                yield stale ? "Sahha cannot be reached right now. Its scores are as they were last seen." : null;
            }
        };
    }
}
