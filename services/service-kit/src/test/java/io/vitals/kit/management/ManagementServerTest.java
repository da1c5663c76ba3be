package io.vitals.kit.management;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Counter;
import io.vitals.kit.config.ManagementSettings;
import io.vitals.kit.config.TracingSettings;
import io.vitals.kit.json.Json;
import io.vitals.kit.logging.EventLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import static org.assertj.core.api.Assertions.assertThat;

/** One server for all: MicroProfile allows one a process. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ManagementServerTest {
    private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
    private static final Clock CLOCK = ((InstantSource) NOW::get).withZone(ZoneOffset.UTC);
    private static final AtomicBoolean DATABASE_UP = new AtomicBoolean(true);
    private static final AtomicInteger ASKED = new AtomicInteger();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final AtomicBoolean MIGRATED = new AtomicBoolean();
    private static final Probes PROBES = new Probes(CLOCK)
            .startup("schema", MIGRATED::get)
            .readiness("database", () -> {
                ASKED.incrementAndGet();
                return DATABASE_UP.get();
            });
    private static ManagementServer server;

    @BeforeAll
    static void start() {
        server = ManagementServer.start(
                new ManagementSettings("127.0.0.1", 0, "green"),
                "kit-test",
                ManagementServerTest.class,
                PROBES,
                new TracingSettings(false, "127.0.0.1", 14250));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    @Order(1)
    void liveButNeitherStartedNorReadyAtFirst() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/started").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(ask("0.0.0.0", server.port())).contains("not ready, the answer is 503");
    }

    @Test
    @Order(2)
    void startedAndReadyOnceTheListenersAreUpAndTheSchemaIsMigrated() throws Exception {
        PROBES.markStarted();
        assertThat(get("/health/started").statusCode()).isEqualTo(503);
        MIGRATED.set(true);
        advance();
        assertThat(get("/health/started").statusCode()).isEqualTo(200);
        HttpResponse<byte[]> ready = get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        JsonNode check = Json.tree(ready.body()).path("checks").path(0);
        assertThat(check.path("data").path("database").asBoolean()).isTrue();
    }

    @Test
    @Order(3)
    void aDatabaseAwayMakesUnreadyButNotDead() throws Exception {
        DATABASE_UP.set(false);
        advance();
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        DATABASE_UP.set(true);
        advance();
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(ask("127.0.0.1", server.port())).isEmpty();
        assertThat(ask("0.0.0.0", server.port())).isEmpty();
    }

    @Test
    @Order(4)
    void manyProbesAskTheDatabaseOnceInTwoSeconds() throws Exception {
        advance();
        int before = ASKED.get();
        for (int i = 0; i < 10; i++) {
            get("/health/ready");
        }
        assertThat(ASKED.get() - before).isEqualTo(1);
    }

    @Test
    @Order(5)
    void ourMetersAndThoseOfTheJvmAreScraped() throws Exception {
        Counter.builder("kit.test.events").tag("outcome", "none").register(server.registry());
        EventLog.of(ManagementServerTest.class).warn("kit_test_happened");
        LoggerFactory.getLogger("org.example.library").error("told in words");
        String text = new String(get("/metrics").body(), StandardCharsets.UTF_8);
        assertThat(text)
                .containsPattern("app_log_events_total\\{event=\"kit_test_happened\",level=\"warn\"[^}]*} 1\\.0")
                .containsPattern("app_log_events_total\\{event=\"library\",level=\"error\"[^}]*} [1-9]")
                .contains("kit_test_events_total{outcome=\"none\"")
                .contains("jvm_memory_used_bytes{")
                .containsPattern(
                        "app_build_info\\{color=\"green\",git_sha=\"unknown\",[^}]*version=\"unknown\",?} 1\\.0")
                .containsPattern("(?m)^app_vthread_scheduler_parallelism [1-9]")
                .contains("app_vthread_scheduler_pool ")
                .contains("app_vthread_scheduler_mounted ")
                .contains("app_vthread_scheduler_queued ")
                .contains("process_cpu_usage")
                .contains("mp_scope=\"base\"");
    }

    @Test
    @Order(6)
    void drainingMakesUnreadyForGood() throws Exception {
        PROBES.markDraining();
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void whoDoesNotListenOrDoesNotAnswerIsNotReady() throws Exception {
        int port;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = silent.getLocalPort();
            assertThat(ask("127.0.0.1", port)).contains("not ready, there is no answer on port " + port);
        }
        assertThat(ask("127.0.0.1", port)).contains("not ready, there is no answer on port " + port);
    }

    /** As the command does, whose configuration has more in it than this needs. */
    private static Optional<String> ask(String host, int port) throws IOException {
        return ReadinessCheck.ask(Map.of(
                "VITALS_MANAGEMENT_HOST",
                host,
                "VITALS_MANAGEMENT_PORT",
                Integer.toString(port),
                "VITALS_MANAGEMENT_COLOR",
                "green",
                "VITALS_DB_USER",
                "somebody"));
    }

    private static void advance() {
        NOW.updateAndGet(now -> now.plusSeconds(3));
    }

    private static HttpResponse<byte[]> get(String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("Accept", path.equals("/metrics") ? "text/plain" : "application/json")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }
}
