package io.vitals.health.sahha;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.limits.SourceLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/** A flood of events is turned away before anything of it is read; the clock of the buckets stands still here. */
class WebhookLimitTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final HttpClient http = HttpClient.newHttpClient();
    private final HealthDatabase database = HealthDatabase.start();
    private final List<HttpServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(HttpServer::close);
        database.close();
    }

    @Test
    void one_address_gets_its_burst_and_others_theirs() throws Exception {
        HttpServer server = start(new SourceLimits(1, 3, 1, 100));
        assertThat(from(server, "192.0.2.1", 5)).containsExactly(401, 401, 401, 429, 429);
        assertThat(from(server, "192.0.2.2", 4)).containsExactly(401, 401, 401, 429);
        assertThat(count("source")).isEqualTo(3);
        assertThat(count("global")).isZero();
        // What was turned away has cost no hash.
        assertThat(registry.get("vitals.sahha.webhooks")
                        .tag("outcome", "bad_signature")
                        .counter()
                        .count())
                .isEqualTo(6);
    }

    @Test
    void all_together_get_theirs() throws Exception {
        HttpServer server = start(new SourceLimits(1, 3, 1, 5));
        assertThat(from(server, "192.0.2.1", 3)).containsOnly(401);
        assertThat(from(server, "192.0.2.2", 3)).containsExactly(401, 401, 429);
        assertThat(count("global")).isEqualTo(1);
    }

    @Test
    void a_refusal_says_when_to_come_again() throws Exception {
        HttpServer server = start(new SourceLimits(1, 1, 1, 1));
        send(server, "192.0.2.1");
        HttpResponse<String> refused = send(server, "192.0.2.1");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.body()).contains("urn:vitals:problem:rate-limited");
    }

    private HttpServer start(SourceLimits limits) {
        WebhookIntake intake = new WebhookIntake(
                database.database(),
                Secret.of("secret"),
                new ClientAddresses(List.of("127.0.0.0/8")),
                limits.limiter(() -> 0, new Random(1)),
                Clock.systemUTC(),
                () -> {},
                registry);
        HttpServer server = HttpServer.builder(
                        HttpSettings.defaults(), new SimpleMeterRegistry(), Tracer.noOp(), new SecureRandom())
                .listener(
                        "public",
                        new ListenerSettings("127.0.0.1", 0),
                        new DataSize(1000),
                        routes -> routes.post("/webhooks/sahha", intake))
                .build()
                .start();
        servers.add(server);
        return server;
    }

    private List<Integer> from(HttpServer server, String address, int events) throws IOException, InterruptedException {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            statuses.add(send(server, address).statusCode());
        }
        return statuses;
    }

    private HttpResponse<String> send(HttpServer server, String address) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("public") + "/webhooks/sahha"))
                        .header("X-Forwarded-For", address)
                        .header("X-Signature", "00")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private double count(String scope) {
        return registry.get("vitals.sahha.webhooks.limited")
                .tag("scope", scope)
                .counter()
                .count();
    }
}
