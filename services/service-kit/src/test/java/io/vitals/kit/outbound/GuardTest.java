package io.vitals.kit.outbound;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.deadline.Deadline;
import io.vitals.kit.http.DeadlineFilter;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.http.Replies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Breaker, bulkhead and the caller's deadline. */
class GuardTest {
    private static final OutboundRequest CALL = OutboundRequest.get("call", "/call");
    private static final OutboundRequest WAIT = OutboundRequest.get("wait", "/wait");
    private static final OutboundRequest LEFT = OutboundRequest.get("left", "/left");
    private static final Duration SOON = Duration.ofSeconds(30);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile int status = 200;
    private HttpServer server;

    @BeforeEach
    void start() {
        server = HttpServer.builder(HttpSettings.defaults(), registry, Tracer.noOp(), new SecureRandom())
                .listener(
                        "only",
                        new ListenerSettings("127.0.0.1", 0),
                        DataSize.ofKibibytes(64),
                        routes -> routes.filter(new DeadlineFilter())
                                .get("/call", (request, response) -> {
                                    calls.incrementAndGet();
                                    Replies.empty(response, status);
                                })
                                .get("/wait", (request, response) -> {
                                    waiting.incrementAndGet();
                                    release.await();
                                    Replies.empty(response, 204);
                                })
                                .get(
                                        "/left",
                                        (request, response) -> Replies.json(
                                                response,
                                                200,
                                                Map.of(
                                                        "left",
                                                        Deadline.left()
                                                                .map(Duration::toMillis)
                                                                .orElse(-1L)))))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
    }

    @Test
    void anUpstreamThatKeepsFailingIsLeftAloneAndTakenBackWhenItIsWell() {
        try (OutboundClient client =
                builder().circuitDelay(Duration.ofMillis(300)).build(registry, Tracer.noOp())) {
            status = 503;
            for (int i = 0; i < 5; i++) {
                assertThat(client.send(CALL).status()).isEqualTo(503);
            }
            assertThat(calls).hasValue(5);
            assertKind(client, CALL, OutboundException.Kind.CIRCUIT_OPEN);
            assertThat(calls).hasValue(5);

            // After the rest one call finds that nothing is better.
            await().atMost(SOON).until(() -> client.circuit() == Circuit.HALF_OPEN);
            assertThat(state("half_open")).isEqualTo(1);
            assertThat(client.send(CALL).status()).isEqualTo(503);
            assertThat(client.circuit()).isEqualTo(Circuit.OPEN);
            assertThat(state("open")).isEqualTo(1);

            status = 200;
            await().atMost(SOON).until(() -> client.circuit() == Circuit.HALF_OPEN);
            assertThat(client.send(CALL).status()).isEqualTo(200);
            assertThat(client.send(CALL).status()).isEqualTo(200);
            assertThat(client.circuit()).isEqualTo(Circuit.CLOSED);
            assertThat(state("closed")).isEqualTo(1);
        }
    }

    @Test
    void refusalsOfTheRequestAreNoFailuresOfTheUpstream() {
        try (OutboundClient client = builder().build(registry, Tracer.noOp())) {
            for (int code : new int[] {400, 401, 404, 429}) {
                status = code;
                for (int i = 0; i < 6; i++) {
                    assertThat(client.send(CALL).status()).isEqualTo(code);
                }
            }
            assertThat(client.circuit()).isEqualTo(Circuit.CLOSED);
        }
    }

    @Test
    void aCallBeyondThoseUnderWayIsRefusedAtOnce() throws Exception {
        try (OutboundClient client = builder().atOnce(1).build(registry, Tracer.noOp())) {
            Thread first = Thread.ofVirtual().start(() -> client.send(WAIT));
            await().atMost(SOON).until(() -> waiting.get() == 1);
            assertKind(client, CALL, OutboundException.Kind.BUSY);
            release.countDown();
            first.join();
            assertThat(client.send(CALL).status()).isEqualTo(200);
        }
    }

    @Test
    void aCallEndsWithTheRequestItIsMadeFor() {
        try (OutboundClient client = builder().build(registry, Tracer.noOp())) {
            // Would wait until the end of the test.
            Deadline.within(Duration.ofMillis(200), () -> assertKind(client, WAIT, OutboundException.Kind.TIMEOUT));
            Deadline.within(Duration.ZERO, () -> assertKind(client, CALL, OutboundException.Kind.TIMEOUT));
            assertThat(calls).hasValue(0);
            Deadline.within(
                    Duration.ofMinutes(1),
                    () -> assertThat(client.send(CALL).status()).isEqualTo(200));
        }
    }

    @Test
    void theCallersDeadlineHoldsForTheHandlerAndOnlyShortens() {
        try (OutboundClient client = builder().build(registry, Tracer.noOp())) {
            assertThat(left(client, LEFT)).isEqualTo("-1");
            assertThat(Long.parseLong(left(client, LEFT.header(DeadlineFilter.HEADER, "60000"))))
                    .isBetween(1L, 60_000L);
            assertThat(client.send(LEFT.header(DeadlineFilter.HEADER, "0")).status())
                    .isEqualTo(503);
            assertThat(client.send(LEFT.header(DeadlineFilter.HEADER, "soon")).status())
                    .isEqualTo(400);
        }
        Deadline.within(
                Duration.ofSeconds(1),
                () -> Deadline.within(
                        Duration.ofDays(1),
                        () -> assertThat(Deadline.atMost(Duration.ofHours(1)))
                                .isLessThanOrEqualTo(Duration.ofSeconds(1))));
    }

    private static String left(OutboundClient client, OutboundRequest request) {
        return io.vitals.kit.json.Json.tree(client.send(request).body())
                .path("left")
                .asText();
    }

    private double state(String state) {
        return registry.get("outbound.circuit.state")
                .tag("upstream", "peer")
                .tag("state", state)
                .gauge()
                .value();
    }

    private static void assertKind(OutboundClient client, OutboundRequest call, OutboundException.Kind kind) {
        assertThatThrownBy(() -> client.send(call))
                .isInstanceOfSatisfying(
                        OutboundException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private OutboundClient.Builder builder() {
        // So long a deadline that a machine at its limit makes no fault of it.
        return OutboundClient.builder("peer", URI.create("http://127.0.0.1:" + server.port("only")))
                .deadline(Duration.ofMinutes(5));
    }
}
