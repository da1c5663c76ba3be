package io.vitals.runbooks.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Begins a record from the file that on-call keeps of an incident, so that no time is copied by hand. */
public final class IncidentDraft {
    private static final ObjectMapper JSON = new ObjectMapper();

    private IncidentDraft() {}

    /**
     * A draft.
     *
     * @param kept the file, as on-call writes it
     * @param merged what came to run shortly before and during it, a line each
     * @throws IOException when it is no such file
     */
    public static Draft of(String kept, List<String> merged) throws IOException {
        JsonNode incident = JSON.readTree(kept);
        for (String field : List.of("id", "page", "severity", "started_at", "notified_at", "alerts", "timeline")) {
            if (!incident.hasNonNull(field)) {
                throw new IOException(field + " is missing: it is no file of on-call");
            }
        }
        return new Draft(incident.path("id").asText(), text(incident, merged));
    }

    /** The text of a record, and by what it is called. */
    public record Draft(String id, String text) {}

    private static String text(JsonNode incident, List<String> merged) {
        List<String> alerts = incident.path("alerts")
                .valueStream()
                .map(alert -> alert.path("alertname").asText())
                .distinct()
                .sorted()
                .toList();
        var text = new StringBuilder("---\n");
        line(text, "incident", Optional.of(incident.path("id").asText()));
        line(
                text,
                "title",
                Optional.of(String.join(", ", alerts) + " of "
                        + incident.path("page").asText()));
        line(text, "sev", Optional.of(incident.path("severity").asText().equals("critical") ? "SEV2" : "SEV3"));
        line(text, "status", Optional.of("draft"));
        line(text, "page", Optional.of(incident.path("page").asText()));
        line(text, "alerts", Optional.of(alerts.toString()));
        for (String time : List.of("started_at", "notified_at", "acknowledged_at")) {
            line(text, time, time(incident, time));
        }
        line(
                text,
                "acknowledged_by",
                Optional.of(incident.path("acknowledged_by").asText()).filter(by -> !by.isEmpty()));
        line(text, "mitigated_at", time(incident, "resolved_at"));
        line(text, "resolved_at", time(incident, "resolved_at"));
        line(text, "impact", Optional.of("{members: 0, minutes: 0, data: none, budget: 0}"));
        line(text, "actions", Optional.of("[]"));
        text.append("---\n# ").append(incident.path("id").asText()).append('\n');
        for (String section : RecordLint.SECTIONS) {
            text.append("\n## ").append(section).append('\n');
            text.append(section.equals("Timeline") ? timeline(incident, merged) : RecordLint.OPEN + ".\n");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String field, Optional<String> value) {
        value.ifPresent(known -> text.append(field).append(": ").append(known).append('\n'));
    }

    private static Optional<String> time(JsonNode of, String field) {
        return Optional.of(of.path(field).asText())
                .filter(time -> !time.isEmpty())
                .map(time -> Instant.parse(time).truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static String timeline(JsonNode incident, List<String> merged) {
        String rows = incident.path("timeline")
                .valueStream()
                .map(entry -> "| " + time(entry, "at").orElse("") + " | "
                        + String.join(
                                " ",
                                List.of(
                                                entry.path("alertname").asText(),
                                                entry.path("event").asText(),
                                                entry.hasNonNull("by")
                                                        ? "by "
                                                                + entry.path("by")
                                                                        .asText()
                                                        : "")
                                        .stream()
                                        .filter(word -> !word.isEmpty())
                                        .toList())
                        + " |\n")
                .collect(Collectors.joining());
        return "| UTC | |\n|---|---|\n" + rows
                + merged.stream()
                        .map(commit -> "| | merged: " + commit + " |\n")
                        .collect(Collectors.joining());
    }
}
