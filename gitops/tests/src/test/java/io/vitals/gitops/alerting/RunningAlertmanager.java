package io.vitals.gitops.alerting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A real Alertmanager with our configuration, but that it sends to sinks and that its times are shorter. */
final class RunningAlertmanager implements AutoCloseable {
    /** Half an hour is four and a half seconds. */
    static final int FASTER = 400;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern SECRETS = Pattern.compile("/etc/alertmanager/secrets/[a-z-]+/");
    private static final String ON_CALL = "http://on-call.monitoring.svc:8085";
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final Process process;
    private final Path log;
    private final int port;

    /**
     * @param open whether it is always a time of business, or never
     */
    RunningAlertmanager(Path folder, Sinks sinks, boolean open) throws IOException {
        ObjectNode config = Alertmanager.ours();
        Times.shorten(config, FASTER);
        for (var secret : Map.of(
                        "credential", "credential-of-alertmanager-in-tests",
                        "heartbeat-url", sinks.url("/heartbeat"),
                        "slack-url", sinks.url("/slack"),
                        "sms-url", sinks.url("/sms"),
                        "smtp-password", Sinks.PASSWORD)
                .entrySet()) {
            Files.writeString(folder.resolve(secret.getKey()), secret.getValue());
        }
        ((ObjectNode) config.path("global"))
                .put("smtp_smarthost", sinks.smarthost())
                // There is no certificate here.
                .put("smtp_require_tls", false);
        config.putArray("templates")
                .add(Alertmanager.TEMPLATES.resolveSibling("*.tmpl").toString());
        ((ObjectNode) config.at("/time_intervals/0"))
                .putArray("time_intervals")
                .addObject()
                .putArray("years")
                .add(open ? "2000:2999" : "2000");
        unguarded(config, sinks);
        Path file = folder.resolve("alertmanager.json");
        Files.writeString(
                file,
                SECRETS.matcher(MAPPER.writeValueAsString(config))
                        .replaceAll(folder + "/")
                        .replace(ON_CALL, sinks.url("/on-call")));
        log = folder.resolve("log");
        process = new ProcessBuilder(
                        Alertmanager.tool("alertmanager").toString(),
                        "--config.file=" + file,
                        "--storage.path=" + folder.resolve("data"),
                        "--cluster.listen-address=",
                        "--web.external-url=http://localhost:9093",
                        "--web.listen-address=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        port = Program.listening(log);
    }

    /** A receiver without a payload of ours, to which what is marked goes too: what we keep back is really there. */
    private static void unguarded(ObjectNode config, Sinks sinks) {
        var receiver = config.withArray("receivers").addObject().put("name", "unguarded");
        receiver.putArray("webhook_configs").addObject().put("url", sinks.url("/unguarded"));
        ObjectNode route =
                MAPPER.createObjectNode().put("receiver", "unguarded").put("continue", true);
        route.putArray("matchers").add("control = unguarded");
        ((ArrayNode) config.at("/route/routes")).insert(0, route);
    }

    /** An alert as Prometheus sends it. */
    record Alert(Map<String, String> labels, Map<String, String> annotations) {
        static Alert of(String labels) {
            return new Alert(
                    pairs(labels),
                    Map.of(
                            "summary", "Something is wrong",
                            "description", "6 % of it; usual is none.",
                            "runbook_url", "https://github.com/vitals/vitals/blob/main/runbooks/README.md"));
        }

        private static Map<String, String> pairs(String text) {
            var pairs = new TreeMap<String, String>();
            for (String pair : text.strip().split("\\s+", -1)) {
                pairs.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
            return pairs;
        }
    }

    void fire(List<Alert> alerts) {
        send(alerts, false);
    }

    void clear(List<Alert> alerts) {
        send(alerts, true);
    }

    private void send(List<Alert> alerts, boolean over) {
        var body = new ArrayList<Map<String, Object>>();
        for (Alert alert : alerts) {
            var json =
                    new HashMap<String, Object>(Map.of("labels", alert.labels(), "annotations", alert.annotations()));
            if (over) {
                json.put("endsAt", Instant.now().toString());
            }
            body.add(json);
        }
        ask("POST", "/api/v2/alerts", body);
    }

    /** Silences what fits all of these, and says how that is called. */
    String silence(Map<String, String> matchers) {
        var all = matchers.entrySet().stream()
                .map(matcher -> Map.of(
                        "name", matcher.getKey(), "value", matcher.getValue(), "isRegex", false, "isEqual", true))
                .toList();
        Instant now = Instant.now();
        return ask(
                        "POST",
                        "/api/v2/silences",
                        Map.of(
                                "matchers",
                                all,
                                "startsAt",
                                now.toString(),
                                "endsAt",
                                now.plusSeconds(3600).toString(),
                                "createdBy",
                                "on-call",
                                "comment",
                                "known"))
                .path("silenceID")
                .asText();
    }

    void endSilence(String id) {
        ask("DELETE", "/api/v2/silence/" + id, List.of());
    }

    private JsonNode ask(String method, String path, Object body) {
        try {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(LONGEST)
                            .header("content-type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(body)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
            }
            return MAPPER.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it had to say itself, and what it counted. */
    String said() {
        try {
            var metrics = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                            .timeout(LONGEST)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return Files.readString(log)
                    + metrics.body()
                            .lines()
                            .filter(line -> line.matches("alertmanager_(notif|alerts|dispatcher).*[^0]$"))
                            .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        Program.end(process);
    }
}
