package io.vitals.whoop.upstream;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Database;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.http.Replies;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.whoop.quota.Lane;
import io.vitals.whoop.quota.Quota;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Which failures cost the work an attempt. */
class WhoopApiTest {
    private static final Secret TOKEN = Secret.of("test-token");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile IntUnaryOperator status = call -> 500;
    private Database database;
    private HttpServer whoop;
    private OutboundClient client;
    private WhoopApi api;

    @BeforeEach
    void start() {
        database = TestDatabases.open(TestDatabases.migrated());
        whoop = HttpServer.builder(HttpSettings.defaults(), registry, Tracer.noOp(), new SecureRandom())
                .listener(
                        "only",
                        new ListenerSettings("127.0.0.1", 0),
                        DataSize.ofKibibytes(64),
                        routes -> routes.get(
                                "/v2/cycle/{id}",
                                (request, response) ->
                                        Replies.empty(response, status.applyAsInt(calls.getAndIncrement()))))
                .build()
                .start();
        client = client(Duration.ofHours(1));
        api = api();
    }

    private OutboundClient client(Duration circuitDelay) {
        return OutboundClient.builder("whoop-api", URI.create("http://127.0.0.1:" + whoop.port("only")))
                .circuitDelay(circuitDelay)
                .build(registry, Tracer.noOp());
    }

    private WhoopApi api() {
        Quota quota = new Quota(database, new Random(1), registry);
        return new WhoopApi(client, quota, Duration.ofHours(1), Duration.ofSeconds(1), registry);
    }

    @AfterEach
    void stop() {
        client.close();
        whoop.close();
        database.close();
    }

    @Test
    void whenWhoopKeepsFailingWorkIsPutOffWithoutAnAttemptAndWithoutACall() {
        for (int i = 0; i < 4; i++) {
            assertThat(cycle()).isEqualTo(new Answer.Failed("status_500"));
        }
        assertThat(cycle())
                .isInstanceOfSatisfying(
                        Answer.Later.class, later -> assertThat(later.reason()).isEqualTo("status_500"));
        for (int i = 0; i < 20; i++) {
            assertThat(cycle()).isInstanceOfSatisfying(Answer.Later.class, later -> {
                assertThat(later.reason()).isEqualTo("circuit_open");
                assertThat(later.pause()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
            });
        }

        assertThat(calls).hasValue(5);
        assertThat(registry.get("whoop.client.quota.used.today").gauge().value())
                .isEqualTo(5);
        assertThat(registry.get("whoop.client.circuit.state")
                        .tag("state", "open")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    /** The control: one bad record among good ones is no outage, so its attempts count. */
    @Test
    void aRequestThatFailsWhileOthersSucceedCostsAttempts() {
        status = call -> call % 3 == 0 ? 500 : 404;
        for (int i = 0; i < 12; i++) {
            assertThat(cycle()).isEqualTo(i % 3 == 0 ? new Answer.Failed("status_500") : new Answer.Absent());
        }
        assertThat(calls).hasValue(12);
    }

    /** One record that WHOOP cannot give must not hide behind the breaker that it has opened itself. */
    @Test
    void aProbeThatFailsIsChargedOnceWhoopHasAnsweredSomebodyElse() {
        client.close();
        client = client(Duration.ofMillis(1));
        api = api();
        for (int i = 0; i < 5; i++) {
            cycle();
        }
        // Nobody was answered: for all that is known, WHOOP is down.
        for (int i = 0; i < 20; i++) {
            assertThat(probe()).isInstanceOf(Answer.Later.class);
        }

        for (int i = 0; i < 3; i++) {
            status = call -> 404;
            assertThat(probe()).isInstanceOf(Answer.Absent.class);
            status = call -> 500;
            assertThat(probe()).isEqualTo(new Answer.Failed("status_500"));
            assertThat(probe()).isInstanceOf(Answer.Later.class);
        }
    }

    /** The next answer of a WHOOP that is asked again after its rest. */
    private Answer probe() {
        int before = calls.get();
        AtomicReference<Answer> answer = new AtomicReference<>();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    answer.set(cycle());
                    return calls.get() > before;
                });
        return answer.get();
    }

    @Test
    void repetitionsBeyondTheirShareArePutOffWithoutAnAttempt() {
        status = call -> call < 3 ? 500 : 404;
        assertThat(cycle()).isInstanceOf(Answer.Failed.class);
        assertThat(repeated()).isInstanceOf(Answer.Failed.class);
        assertThat(repeated())
                .isInstanceOfSatisfying(
                        Answer.Later.class, later -> assertThat(later.reason()).isEqualTo("retry_budget"));
        assertThat(calls).hasValue(2);
        // What was not tried before goes through.
        assertThat(cycle()).isInstanceOf(Answer.Failed.class);
        assertThat(cycle()).isInstanceOf(Answer.Absent.class);
    }

    private Answer repeated() {
        return WhoopApi.again(true, this::cycle);
    }

    private Answer cycle() {
        return api.cycle(TOKEN, Lane.WEBHOOK, 7);
    }
}
