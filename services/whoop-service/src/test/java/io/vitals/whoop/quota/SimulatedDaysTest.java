package io.vitals.whoop.quota;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.kit.json.Json;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.whoop.WhoopControl;
import io.vitals.sandbox.whoop.WhoopSimulator;
import io.vitals.sandbox.whoop.WhoopSimulatorConfig;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.UnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three replicas with pools of their own spend the budget of one simulated app, whose counter says what WHOOP would have seen. Time is an
 * agenda: what happens next happens at once, and a request arrives up to five seconds after it was granted.
 */
class SimulatedDaysTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T05:00:00Z");
    private static final String REDIRECT = "http://localhost/callback";
    private static final String CLIENT = "vitals-test";
    private static final String SECRET = "test-client-secret";

    private final Agenda agenda = new Agenda();
    private final Random random = new Random(Long.getLong("vitals.seed", 7));
    private final SandboxDatabase shared = TestDatabases.migrated();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void overDaysNoMinuteAndNoDayHoldsMoreThanWhoopAllowsAndAStormOfHistoryHoldsUpNoWebhook() {
        int days = Integer.getInteger("vitals.quota.days", 2);
        Whoop whoop = new Whoop(100, 300, true);
        List<Quota> replicas = replicas(3, _ -> shared);
        for (int i = 0; i < 5; i++) {
            work(whoop, replicas, i, Lane.BACKFILL, Duration.ZERO, days);
        }
        work(whoop, replicas, 0, Lane.POLL, Duration.ofMinutes(30), days);
        List<Duration> delays = webhooks(whoop, replicas, Lane.WEBHOOK, 4 * days, days);

        agenda.runUntil(BEGIN.plus(Duration.ofDays(days)));

        WhoopControl.Figures figures = whoop.simulator.control().figures();
        assertThat(whoop.refused).isZero();
        assertThat(figures.busiestMinute()).isBetween(40, 95);
        assertThat(figures.busiestDay()).isBetween(200, 285);
        assertThat(delays)
                .hasSize(4 * days * 10)
                .allSatisfy(delay -> assertThat(delay).isLessThanOrEqualTo(Duration.ofSeconds(5)));
    }

    @Test
    void withoutTheSharedRowTheLimitIsBroken() {
        Whoop whoop = new Whoop(100, 10_000, false);
        List<Quota> replicas = replicas(3, _ -> TestDatabases.migrated());
        for (int i = 0; i < 12; i++) {
            work(whoop, replicas, i, Lane.BACKFILL, Duration.ZERO, 1);
        }

        agenda.runUntil(BEGIN.plus(Duration.ofSeconds(80)));

        assertThat(whoop.refused).isPositive();
        assertThat(whoop.simulator.control().figures().busiestMinute()).isGreaterThan(100);
    }

    @Test
    void withoutLanesAStormOfHistoryHoldsUpWebhooks() {
        Whoop whoop = new Whoop(100, 10_000, true);
        List<Quota> replicas = replicas(3, _ -> shared);
        for (int i = 0; i < 12; i++) {
            work(whoop, replicas, i, Lane.WEBHOOK, Duration.ZERO, 1);
        }
        List<Duration> delays = webhooks(whoop, replicas, Lane.WEBHOOK, 2, 1);

        agenda.runUntil(BEGIN.plus(Duration.ofMinutes(2)));

        assertThat(delays).anySatisfy(delay -> assertThat(delay).isGreaterThan(Duration.ofSeconds(5)));
    }

    /** Work without an end: ask, fetch, ask again after a pause. */
    private void work(Whoop whoop, List<Quota> replicas, int number, Lane lane, Duration pause, int days) {
        Quota quota = replicas.get(number % replicas.size());
        agenda.after(Duration.ofMillis(random.nextInt(2000)), () -> step(whoop, quota, lane, pause, days));
    }

    private void step(Whoop whoop, Quota quota, Lane lane, Duration pause, int days) {
        if (agenda.now.isAfter(BEGIN.plus(Duration.ofDays(days)))) {
            return;
        }
        Duration again = switch (quota.take(lane)) {
            case Grant.Granted() -> {
                Duration underWay = Duration.ofMillis(random.nextInt(5000));
                agenda.after(underWay, () -> whoop.fetch(quota));
                yield underWay.plus(pause);
            }
            case Grant.Denied(Duration wait) -> wait;
        };
        agenda.after(again, () -> step(whoop, quota, lane, pause, days));
    }

    /** Ten at once, so many times, spread over the time; tells how long each waited for its grant. */
    private List<Duration> webhooks(Whoop whoop, List<Quota> replicas, Lane lane, int bursts, int days) {
        List<Duration> delays = new ArrayList<>();
        Duration every =
                days == 1 ? Duration.ofSeconds(50) : Duration.ofDays(days).dividedBy(bursts + 1L);
        for (int burst = 1; burst <= bursts; burst++) {
            for (int i = 0; i < 10; i++) {
                Instant due = BEGIN.plus(every.multipliedBy(burst));
                Quota quota = replicas.get(i % replicas.size());
                agenda.at(due, () -> deliver(whoop, quota, lane, due, delays));
            }
        }
        return delays;
    }

    private void deliver(Whoop whoop, Quota quota, Lane lane, Instant due, List<Duration> delays) {
        switch (quota.take(lane)) {
            case Grant.Granted() -> {
                delays.add(Duration.between(due, agenda.now));
                agenda.after(Duration.ofMillis(random.nextInt(5000)), () -> whoop.fetch(quota));
            }
            case Grant.Denied(Duration wait) -> agenda.after(wait, () -> deliver(whoop, quota, lane, due, delays));
        }
    }

    private List<Quota> replicas(int count, UnaryOperator<SandboxDatabase> databases) {
        List<Quota> replicas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Database pool = TestDatabases.open(databases.apply(shared));
            open.add(pool);
            replicas.add(new Quota(pool, random, new SimpleMeterRegistry(), Optional.of(agenda)));
        }
        return replicas;
    }

    /** A simulated WHOOP with one linked member, whose profile is fetched again and again. */
    private final class Whoop {
        final WhoopSimulator simulator;
        final OutboundClient client;
        final String token;
        final boolean heard;
        int refused;

        /** Its answers' headers reach the quota only if it is heard. */
        Whoop(int perMinute, int perDay, boolean heard) {
            this.heard = heard;
            simulator = WhoopSimulator.start(
                    WhoopSimulatorConfig.of(CLIENT, SECRET, REDIRECT)
                            .withQuota(perMinute, perDay)
                            .withTokenLifetime(Duration.ofDays(30)),
                    Population.of(11, 1, agenda));
            open.add(simulator);
            client = OutboundClient.builder("whoop", simulator.url()).build(new SimpleMeterRegistry(), Tracer.noOp());
            open.add(client);
            token = token();
        }

        private String token() {
            URI sentBack = simulator.approve(
                    URI.create(simulator.authorizeUrl() + "?response_type=code&client_id=" + CLIENT + "&redirect_uri="
                            + REDIRECT + "&scope=read:profile&state=0123456789abcdef"),
                    1);
            String code = sentBack.getRawQuery().replaceAll(".*\\bcode=([^&]+).*", "$1");
            String form = "grant_type=authorization_code&code=" + code + "&redirect_uri=" + REDIRECT + "&client_id="
                    + CLIENT + "&client_secret=" + SECRET;
            OutboundResponse answer = client.send(OutboundRequest.post("token", "/oauth/oauth2/token")
                    .body(form.getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded"));
            return Json.tree(answer.body()).path("access_token").asText();
        }

        void fetch(Quota quota) {
            OutboundResponse answer = client.send(OutboundRequest.get("profile", "/developer/v2/user/profile/basic")
                    .header("Authorization", "Bearer " + token));
            if (answer.status() == 429) {
                refused++;
            } else {
                assertThat(answer.status()).isEqualTo(200);
                if (heard) {
                    quota.observe(answer.headers());
                }
            }
        }
    }

    /** What is to happen when; its clock stands at what happens now. */
    private static final class Agenda extends Clock {
        private record Entry(Instant due, long number, Runnable what) {}

        private final PriorityQueue<Entry> entries =
                new PriorityQueue<>(Comparator.comparing(Entry::due).thenComparingLong(Entry::number));
        private volatile Instant now = BEGIN;
        private long numbers;

        void after(Duration pause, Runnable what) {
            at(now.plus(pause), what);
        }

        void at(Instant due, Runnable what) {
            entries.add(new Entry(due, numbers++, what));
        }

        void runUntil(Instant end) {
            while (!entries.isEmpty() && !entries.peek().due().isAfter(end)) {
                Entry next = entries.remove();
                now = next.due();
                next.what().run();
            }
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
