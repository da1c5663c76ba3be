package io.vitals.oncall;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.ManagementSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.json.Json;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.management.Probes;
import io.vitals.sandbox.member.SimulatedClock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** on-call on loopback, by a clock that a test moves; it can be stopped, and started again on the same files. */
final class Bridge implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    static final String CREDENTIAL = "credential-of-alertmanager-in-tests";
    static final Secret KEY = Secret.of("key-of-whoever-answers-pages-in-tests");
    static final Duration SETTLE = Duration.ofMinutes(10);
    static final int LARGEST_BODY = 64 * 1024;
    static final int ALERTS = 3;
    static final int ENTRIES = 6;

    private final HttpClient http = HttpClient.newHttpClient();
    private final SimulatedClock clock = new SimulatedClock(Clock.fixed(NOON, ZoneOffset.UTC));
    private final Path folder;
    private SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Lifecycle lifecycle;
    private int port;

    /** What came back. */
    record Answer(int status, JsonNode body) {
        String incident() {
            return body.path("incident").asText();
        }

        boolean changed() {
            return body.path("changed").asBoolean();
        }
    }

    Bridge(Path folder) throws IOException {
        this.folder = folder;
        lifecycle = start();
    }

    private Lifecycle start() throws IOException {
        registry = new SimpleMeterRegistry();
        Lifecycle parts = new Lifecycle(new Probes(clock), Duration.ZERO);
        ListenerSettings anywhere = new ListenerSettings("127.0.0.1", 0);
        port = OnCall.start(
                        new OnCallSettings(
                                Duration.ZERO,
                                anywhere,
                                new ManagementSettings("127.0.0.1", 0),
                                new OnCallSettings.Notifications(Secret.of(CREDENTIAL), new DataSize(LARGEST_BODY)),
                                new OnCallSettings.Acknowledgements(KEY, Duration.ofMinutes(5)),
                                new OnCallSettings.Keeping(folder, Duration.ofDays(30), SETTLE, ALERTS, ENTRIES)),
                        registry,
                        Tracer.noOp(),
                        parts,
                        clock,
                        new SecureRandom())
                .port(OnCall.LISTENER);
        return parts;
    }

    void restart() throws IOException {
        lifecycle.close();
        lifecycle = start();
    }

    void pass(Duration time) {
        clock.offset(clock.offset().plus(time));
    }

    Instant now() {
        return clock.instant();
    }

    int port() {
        return port;
    }

    Answer tell(Told told) {
        return tell(told.body());
    }

    Answer tell(byte[] body) {
        return tell(body, "Bearer " + CREDENTIAL);
    }

    Answer tell(byte[] body, String authorization) {
        return send(request("/api/v1/notifications")
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    Answer acknowledge(String incident, String by) {
        return acknowledge(Json.write(Map.of("incident", incident, "by", by)), clock.instant(), KEY);
    }

    Answer acknowledge(byte[] body, Instant at, Secret key) {
        String timestamp = Long.toString(at.getEpochSecond());
        return acknowledge(body, timestamp, Signature.sign(key, timestamp, body));
    }

    Answer acknowledge(byte[] body, String timestamp, String signature) {
        return send(request("/api/v1/acknowledgements")
                .header(Signature.TIMESTAMP, timestamp)
                .header(Signature.SIGNATURE, signature)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    Answer get(String path) {
        return send(request(path).header("Authorization", "Bearer " + CREDENTIAL));
    }

    JsonNode incident(String id) {
        return get("/api/v1/incidents/" + id).body();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json");
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), Json.tree(answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The values of a metric by its labels. */
    Map<String, Double> metric(String name) {
        return registry.find(name).meters().stream()
                .collect(Collectors.toMap(
                        meter -> meter.getId().getTags().stream()
                                .map(tag -> tag.getKey() + "=" + tag.getValue())
                                .collect(Collectors.joining(",")),
                        Bridge::value,
                        Double::sum,
                        TreeMap::new));
    }

    private static double value(Meter meter) {
        return meter.measure().iterator().next().getValue();
    }

    SimpleMeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        lifecycle.close();
        http.close();
    }
}
