package io.vitals.oncall;

import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.json.Json;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Alertmanager says of a group of alerts. Of what an alert carries only what is named here is taken over: the rest could be anything.
 *
 * @param page by what the same group is called in a page
 * @param over whether nothing of the group fires any more
 * @param truncated alerts of the group that were left out
 */
record Notification(String groupKey, String page, boolean over, List<Alert> alerts, int truncated) {
    private static final int LONGEST_LABEL = 200;
    private static final int LONGEST_SUMMARY = 300;
    private static final String FIRING = "firing";
    private static final String RESOLVED = "resolved";
    /** Alertmanager writes year 1 for no time at all. */
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /**
     * One alert.
     *
     * @param fingerprint of all its labels
     * @param endedAt null while it fires
     */
    record Alert(
            String fingerprint,
            String alertname,
            String serviceId,
            String slo,
            String severity,
            String cluster,
            String namespace,
            String summary,
            Instant startedAt,
            @Nullable Instant endedAt) {
        boolean firing() {
            return endedAt == null;
        }
    }

    private record Wire(
            @Nullable String groupKey,
            @Nullable Map<String, String> groupLabels,
            @Nullable String status,
            @Nullable List<@Nullable WireAlert> alerts,
            @Nullable Integer truncatedAlerts) {}

    private record WireAlert(
            @Nullable String fingerprint,
            @Nullable String status,
            @Nullable Map<String, String> labels,
            @Nullable Map<String, String> annotations,
            @Nullable Instant startsAt,
            @Nullable Instant endsAt) {}

    /**
     * Reads version 4 of Alertmanager's webhook.
     *
     * @param now the end of an alert that is over and does not say since when
     * @throws io.vitals.kit.http.FailureException 400, with the field that is wrong
     */
    static Notification read(byte[] body, Instant now) {
        Wire wire = Json.read(body, Wire.class);
        String groupKey = text(wire.groupKey(), "groupKey");
        boolean over = over(wire.status(), "status");
        if (wire.alerts() == null || wire.alerts().isEmpty()) {
            throw invalid("alerts", "is empty");
        }
        List<Alert> alerts = new ArrayList<>();
        for (int i = 0; i < wire.alerts().size(); i++) {
            alerts.add(alert(wire.alerts().get(i), "alerts[" + i + "]", now));
        }
        int truncated = wire.truncatedAlerts() == null ? 0 : Math.max(0, wire.truncatedAlerts());
        return new Notification(groupKey, page(wire.groupLabels()), over, List.copyOf(alerts), truncated);
    }

    private static Alert alert(@Nullable WireAlert wire, String where, Instant now) {
        if (wire == null) {
            throw invalid(where, "is missing");
        }
        Instant start = wire.startsAt();
        if (start == null || start.isBefore(EARLIEST) || start.isAfter(LATEST)) {
            throw invalid(where + ".startsAt", "is no time of an alert");
        }
        Map<String, String> labels = wire.labels() == null ? Map.of() : wire.labels();
        return new Alert(
                text(wire.fingerprint(), where + ".fingerprint"),
                text(labels.get("alertname"), where + ".labels.alertname"),
                label(labels, "service_id"),
                label(labels, "slo"),
                label(labels, "severity"),
                label(labels, "cluster"),
                label(labels, "namespace"),
                cut(wire.annotations() == null ? null : wire.annotations().get("summary"), LONGEST_SUMMARY),
                start,
                over(wire.status(), where + ".status") ? end(start, wire.endsAt(), now) : null);
    }

    private static Instant end(Instant start, @Nullable Instant end, Instant now) {
        return end == null || end.isBefore(start) || end.isAfter(now) ? now : end;
    }

    /** As vitals.incident of Alertmanager's templates. */
    private static String page(@Nullable Map<String, String> groupLabels) {
        Map<String, String> labels = groupLabels == null ? Map.of() : groupLabels;
        return Stream.of("cluster", "service_id", "slo")
                .map(name -> label(labels, name))
                .collect(Collectors.joining("/"));
    }

    private static boolean over(@Nullable String status, String field) {
        return switch (status) {
            case FIRING -> false;
            case RESOLVED -> true;
            case null, default -> throw invalid(field, "is neither firing nor resolved");
        };
    }

    private static String text(@Nullable String value, String field) {
        if (value == null || value.isBlank()) {
            throw invalid(field, "is missing");
        }
        return cut(value, field.equals("groupKey") ? Integer.MAX_VALUE : LONGEST_LABEL);
    }

    private static String label(Map<String, String> labels, String name) {
        return cut(labels.get(name), LONGEST_LABEL);
    }

    private static String cut(@Nullable String text, int longest) {
        String whole = text == null ? "" : text;
        return whole.length() > longest ? whole.substring(0, longest) : whole;
    }

    private static RuntimeException invalid(String field, String why) {
        return new CommonFailure.InvalidInput(field, why).toException();
    }
}
