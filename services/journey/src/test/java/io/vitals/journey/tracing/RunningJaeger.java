package io.vitals.journey.tracing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.journey.stack.Tool;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import static org.awaitility.Awaitility.await;

/** A real Jaeger that keeps what it gets in memory. */
final class RunningJaeger implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Tool process;
    private final int query;

    /**
     * @param collector the port that services send to
     * @param query the port that is asked
     */
    RunningJaeger(Path folder, int collector, int query) throws IOException {
        this.query = query;
        process = Tool.start(
                folder,
                "jaeger",
                "--admin.http.host-port=127.0.0.1:0",
                "--collector.grpc-server.host-port=127.0.0.1:" + collector,
                "--collector.http-server.host-port=127.0.0.1:0",
                "--collector.otlp.enabled=false",
                "--http-server.host-port=127.0.0.1:0",
                "--processor.jaeger-binary.server-host-port=127.0.0.1:0",
                "--processor.jaeger-compact.server-host-port=127.0.0.1:0",
                "--processor.zipkin-compact.server-host-port=127.0.0.1:0",
                "--query.grpc-server.host-port=127.0.0.1:0",
                "--query.http-server.host-port=127.0.0.1:" + query);
        await("Jaeger answers: " + process.log())
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> process.runs() && ask("/api/services").has("data"));
    }

    /**
     * A span.
     *
     * @param parent the one that it is part of, or nothing
     */
    record Span(String trace, String id, String parent, String service, String name, Map<String, String> tags) {}

    /** The spans of a trace. */
    List<Span> trace(String id) throws IOException, InterruptedException {
        return spans(ask("/api/traces/" + id));
    }

    /** The spans of all traces that a service has a part in. */
    List<Span> of(String service) throws IOException, InterruptedException {
        return spans(ask("/api/traces?limit=1500&lookback=1h&service=" + service));
    }

    private static List<Span> spans(JsonNode answer) {
        var spans = new ArrayList<Span>();
        for (JsonNode trace : answer.path("data")) {
            for (JsonNode span : trace.path("spans")) {
                var tags = new HashMap<String, String>();
                span.path("tags")
                        .forEach(tag -> tags.put(
                                tag.path("key").asText(), tag.path("value").asText()));
                spans.add(new Span(
                        span.path("traceID").asText(),
                        span.path("spanID").asText(),
                        span.at("/references/0/spanID").asText(),
                        trace.path("processes")
                                .path(span.path("processID").asText())
                                .path("serviceName")
                                .asText(),
                        span.path("operationName").asText(),
                        tags));
            }
        }
        return spans;
    }

    private JsonNode ask(String path) throws IOException, InterruptedException {
        var answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + query + path))
                        .timeout(PATIENCE)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return Objects.requireNonNull(MAPPER.readTree(answer.body()));
    }

    @Override
    public void close() {
        http.close();
        process.close();
    }
}
