package io.vitals.journey.tracing;

import io.vitals.journey.stack.RunningVitals;
import io.vitals.journey.stack.Tools;
import io.vitals.sandbox.launcher.Stack;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okhttp3.Protocol;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A second whoop-service beside the one that runs, with tracing switched on. */
@ExtendWith(RunningVitals.class)
class TracingTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable Process service;
    private int port;

    @AfterEach
    void stop() throws Exception {
        Process started = service;
        if (started != null) {
            started.destroy();
            assertThat(started.waitFor(40, TimeUnit.SECONDS)).as("it stops").isTrue();
        }
    }

    @Test
    void spansReachAJaegerCollector(Stack stack) throws Exception {
        try (MockWebServer collector = new MockWebServer()) {
            collector.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
            for (int i = 0; i < 20; i++) {
                collector.enqueue(emptyGrpcAnswer());
            }
            collector.start(InetAddress.getLoopbackAddress(), 0);
            start(stack, collector.getPort());
            HttpResponse<String> refused = refusedWebhook();
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).containsPattern("\"trace_id\":\"[0-9a-f]{32}\"");

            RecordedRequest export =
                    Objects.requireNonNull(collector.takeRequest(20, TimeUnit.SECONDS), "no export within 20 s");
            assertThat(export.getUrl().encodedPath()).isEqualTo("/jaeger.api_v2.CollectorService/PostSpans");
            assertThat(Objects.requireNonNull(export.getBody()).string(StandardCharsets.ISO_8859_1))
                    .contains("whoop-service")
                    .contains("POST /webhooks/whoop");
        }
    }

    @Test
    void aCollectorThatIsAwayCostsNothing(Stack stack) throws Exception {
        start(stack, Tools.freePort());
        for (int i = 0; i < 50; i++) {
            assertThat(refusedWebhook().statusCode()).isEqualTo(401);
        }
    }

    private HttpResponse<String> refusedWebhook() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/webhooks/whoop"))
                .header("Content-Type", "application/json")
                .header("X-WHOOP-Signature", "bm90IGEgc2lnbmF0dXJl")
                .header("X-WHOOP-Signature-Timestamp", Long.toString(System.currentTimeMillis()))
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void start(Stack stack, int collectorPort) throws IOException {
        assertThat(stack.whoopService().isAlive()).isTrue();
        port = Tools.freePort();
        int management = Tools.freePort();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("..", "whoop-service", "target", "whoop-service.jar").toString());
        builder.environment()
                .put(
                        "VITALS_CONFIG",
                        stack.directory().resolve("config/whoop-service.yaml").toString());
        builder.environment().put("VITALS_PUBLIC_PORT", Integer.toString(port));
        builder.environment().put("VITALS_INTERNAL_PORT", Integer.toString(Tools.freePort()));
        builder.environment().put("VITALS_MANAGEMENT_PORT", Integer.toString(management));
        builder.environment().put("VITALS_TRACING_ENABLED", "true");
        builder.environment().put("VITALS_TRACING_PORT", Integer.toString(collectorPort));
        service = builder.redirectErrorStream(true)
                .redirectOutput(Path.of("target", "traced-whoop-service.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> ready(management));
    }

    private boolean ready(int management) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/health/ready"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }

    private static MockResponse emptyGrpcAnswer() {
        return new MockResponse.Builder()
                .addHeader("content-type", "application/grpc")
                .body(new Buffer().write(new byte[5]))
                .trailers(Headers.of("grpc-status", "0"))
                .build();
    }
}
