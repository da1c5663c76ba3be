package io.vitals.journey.oncall;

import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The Alertmanager of the chart's version, which pages on-call and groups as ours does, in seconds where ours takes minutes. */
final class PagingAlertmanager implements AutoCloseable {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern LISTENS = Pattern.compile("msg=\"Listening on\" address=127\\.0\\.0\\.1:(\\d+)");
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    PagingAlertmanager(Path folder, OnCallProcess onCall) throws IOException, InterruptedException {
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
        Path log = folder.resolve("alertmanager.log");
        process = new ProcessBuilder(
                        program(),
                        "--config.file=" + config,
                        "--storage.path=" + folder.resolve("data"),
                        "--cluster.listen-address=",
                        "--web.listen-address=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        port = await("Alertmanager listens: " + log)
                .atMost(LONGEST)
                .until(
                        () -> LISTENS.matcher(Files.readString(log))
                                .results()
                                .map(match -> Integer.parseInt(match.group(1)))
                                .findFirst()
                                .orElse(0),
                        found -> found > 0);
    }

    private static String program() throws IOException, InterruptedException {
        Process build = new ProcessBuilder(ROOT.resolve("tools/build").toString(), "alertmanager")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String path = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(build.waitFor(10, TimeUnit.MINUTES)).isTrue();
        assertThat(build.exitValue()).isZero();
        return path;
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
                "labels",
                Map.of(
                        "alertname", alertname,
                        "cluster", "production",
                        "pod", "health-api-7f9c",
                        "service_id", "health-api",
                        "severity", "critical"));
        var answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v2/alerts"))
                        .timeout(LONGEST)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(List.of(alert))))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Override
    public void close() {
        process.destroy();
        if (process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join()
                .isAlive()) {
            process.destroyForcibly();
        }
        http.close();
    }
}
