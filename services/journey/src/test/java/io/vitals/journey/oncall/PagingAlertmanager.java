package io.vitals.journey.oncall;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.journey.stack.Part;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** The Alertmanager of the chart's version, which pages on-call and groups as ours does, in seconds where ours takes minutes. */
final class PagingAlertmanager implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    /** Prometheus always says when; without it an alert would begin at its end. */
    private final Map<String, Instant> starts = new HashMap<>();

    private final Part process;

    PagingAlertmanager(Path folder, OnCallProcess onCall) throws IOException {
        Path config = Files.writeString(
                folder.resolve("alertmanager.yaml"), """
                receivers:
                  - name: pager
                    webhook_configs:
                      - http_config:
                          authorization:
                            credentials_file: %s
                        send_resolved: true
                        timeout: 10s
                        url: %s
                route:
                  group_by: [cluster, service_id, slo]
                  group_interval: 5s
                  group_wait: 1s
                  receiver: pager
                  repeat_interval: 5s
                """.formatted(onCall.credential(), onCall.notifications()));
        process = Part.alertmanager(folder, config);
    }

    void fire(String alertname) throws IOException, InterruptedException {
        send(alertname, Instant.now().plusSeconds(3600));
    }

    void clear(String alertname) throws IOException, InterruptedException {
        send(alertname, Instant.now());
    }

    private void send(String alertname, Instant end) throws IOException, InterruptedException {
        var alert = new HashMap<String, Object>();
        alert.put("annotations", Map.of("summary", alertname + " it is"));
        alert.put("endsAt", end.toString());
        alert.put(
                "startsAt",
                starts.computeIfAbsent(alertname, _ -> Instant.now()).toString());
        alert.put(
                "labels",
                Map.of(
                        "alertname", alertname,
                        "cluster", "production",
                        "pod", "health-api-7f9c",
                        "service_id", "health-api",
                        "severity", "critical"));
        var answer = http.send(
                HttpRequest.newBuilder(URI.create("http://" + process.address() + "/api/v2/alerts"))
                        .timeout(LONGEST)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(List.of(alert))))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Override
    public void close() {
        process.close();
        http.close();
    }
}
