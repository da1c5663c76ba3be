package io.vitals.oncall;

import io.vitals.kit.json.Json;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A notification as Alertmanager 0.34 writes it. */
final class Told {
    private final String service;
    private final List<Map<String, Object>> alerts = new ArrayList<>();
    private boolean firing;
    private int truncated;

    private Told(String service) {
        this.service = service;
    }

    static Told about(String service) {
        return new Told(service);
    }

    Told fires(String alertname, Instant since) {
        firing = true;
        return add(alertname, since, "0001-01-01T00:00:00Z", "firing");
    }

    Told over(String alertname, Instant since, Instant end) {
        return add(alertname, since, end.toString(), "resolved");
    }

    Told without(int more) {
        truncated = more;
        return this;
    }

    private Told add(String alertname, Instant since, String end, String status) {
        var labels = new LinkedHashMap<String, String>();
        labels.put("alertname", alertname);
        labels.put("cluster", "production");
        labels.put("namespace", service + "-production");
        labels.put("pod", service + "-7f9c");
        labels.put("service_id", service);
        labels.put("severity", "critical");
        alerts.add(Map.of(
                "annotations",
                Map.of("description", "72 bpm of mira@example.org", "summary", alertname + " it is"),
                "endsAt",
                end,
                "fingerprint",
                Integer.toHexString((service + alertname).hashCode()),
                "generatorURL",
                "http://prometheus/graph",
                "labels",
                labels,
                "startsAt",
                since.toString(),
                "status",
                status));
        return this;
    }

    String groupKey() {
        return "{}/{severity=\"critical\"}:{cluster=\"production\", service_id=\"" + service + "\"}";
    }

    String page() {
        return "production/" + service + "/";
    }

    Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("version", "4");
        document.put("groupKey", groupKey());
        document.put("truncatedAlerts", truncated);
        document.put("status", firing ? "firing" : "resolved");
        document.put("receiver", "pager");
        document.put("groupLabels", Map.of("cluster", "production", "service_id", service));
        document.put("commonLabels", Map.of());
        document.put("commonAnnotations", Map.of());
        document.put("externalURL", "http://alertmanager");
        document.put("notificationReason", "first_notification");
        document.put("alerts", List.copyOf(alerts));
        return document;
    }

    byte[] body() {
        return Json.write(document());
    }
}
