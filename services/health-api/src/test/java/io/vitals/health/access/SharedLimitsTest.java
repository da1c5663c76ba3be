package io.vitals.health.access;

import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.MovableClock;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.limits.Decision;
import io.vitals.kit.limits.Quota;
import io.vitals.kit.limits.RateLimiter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** One limit over eight replicas, to the request. */
class SharedLimitsTest {
    private static final int REPLICAS = 8;
    private static final byte[] WHO = "mira".getBytes(StandardCharsets.US_ASCII);
    private static HealthDatabase health;

    private final MovableClock clock = MovableClock.stopped(Instant.parse("2026-11-22T08:00:00Z"));
    private List<RateLimiter> replicas = List.of();

    @BeforeAll
    static void start() {
        health = HealthDatabase.start();
    }

    @AfterAll
    static void stop() {
        health.close();
    }

    @BeforeEach
    void fresh() {
        health.clear(List.of("rate_bucket"));
        replicas = IntStream.range(0, REPLICAS)
                .mapToObj(i -> new RateLimiter(health.raw(), clock))
                .toList();
    }

    @Test
    void allowedIsBurstPlusRateTimesTimeExactly() throws Exception {
        Quota quota = Quota.of(100, 1000, 10_000);
        long allowed = everythingThatIsLetThrough(quota);
        assertThat(allowed).isEqualTo(100);
        Duration passed = Duration.ZERO;
        for (Duration step : List.of(
                Duration.ofMillis(599),
                Duration.ofMillis(1),
                Duration.ofMillis(601),
                Duration.ofSeconds(7),
                Duration.ofSeconds(30),
                Duration.ofMillis(333),
                Duration.ofSeconds(59),
                Duration.ofSeconds(45))) {
            clock.move(step);
            passed = passed.plus(step);
            allowed += everythingThatIsLetThrough(quota);
            // One every 600 ms, and the hour's limit is not reached yet.
            assertThat(allowed).as("after %s", passed).isEqualTo(100 + passed.toMillis() / 600);
        }
    }

    @Test
    void theHourAndTheDayHoldToo() throws Exception {
        Quota quota = Quota.of(10, 25, 40);
        long allowed = 0;
        for (int minute = 0; minute < 180; minute++) {
            allowed += everythingThatIsLetThrough(quota);
            long seconds = minute * 60L;
            // The hour refills one in 144 s and the day one in 2160 s; the fullest use is the least of the three.
            long most =
                    Math.min(10 + seconds * 10 / 60, Math.min(25 + seconds * 25 / 3600, 40 + seconds * 40 / 86_400));
            assertThat(allowed).as("minute %s", minute).isLessThanOrEqualTo(most);
            if (minute >= 60) {
                assertThat(allowed).as("minute %s", minute).isEqualTo(most);
            }
            clock.move(Duration.ofMinutes(1));
        }
    }

    @Test
    void wideLimitsAreTakenByTheHandfulAndNeverExceeded() throws Exception {
        Quota quota = Quota.of(20_000, 2_000_000, 20_000_000);
        long statements = health.statements("rate-take");
        assertThat(everythingThatIsLetThrough(quota)).isEqualTo(20_000);
        assertThat(health.statements("rate-take") - statements).isLessThan(2_000);
    }

    @Test
    void whoIsRefusedIsToldExactlyWhenToComeBack() {
        Quota quota = Quota.of(3, 1000, 10_000);
        RateLimiter limiter = replicas.getFirst();
        for (int left = 2; left >= 0; left--) {
            Decision decision = limiter.take("t", WHO, quota);
            assertThat(decision.allowed()).isTrue();
            assertThat(decision.limit()).isEqualTo(3);
            assertThat(decision.remaining()).isEqualTo(left);
        }
        Decision refused = limiter.take("t", WHO, quota);
        assertThat(refused.allowed()).isFalse();
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(20));
        clock.move(refused.retryAfter().minusNanos(1000));
        assertThat(replicas.get(5).take("t", WHO, quota).allowed()).isFalse();
        clock.move(Duration.ofNanos(1000));
        assertThat(replicas.get(5).take("t", WHO, quota).allowed()).isTrue();
    }

    @Test
    void aFloodOfRefusedCallsCostsTheDatabaseNothing() {
        Quota quota = Quota.of(3, 1000, 10_000);
        RateLimiter limiter = replicas.getFirst();
        IntStream.range(0, 4).forEach(i -> limiter.take("t", WHO, quota));
        long before = health.statements("rate-take");
        for (int i = 0; i < 1000; i++) {
            assertThat(limiter.take("t", WHO, quota).allowed()).isFalse();
        }
        assertThat(health.statements("rate-take")).isEqualTo(before);
    }

    @Test
    void callersAndKindsDoNotShare() {
        Quota quota = Quota.of(1, 1000, 10_000);
        RateLimiter limiter = replicas.getFirst();
        assertThat(limiter.take("key", WHO, quota).allowed()).isTrue();
        assertThat(limiter.take("key", WHO, quota).allowed()).isFalse();
        assertThat(limiter.take("member", WHO, quota).allowed()).isTrue();
        assertThat(limiter.take("key", new byte[] {1}, quota).allowed()).isTrue();
    }

    @Test
    void withoutTheDatabaseEachReplicaCountsForItself() {
        Quota quota = Quota.of(10, 1000, 10_000);
        RateLimiter limiter = replicas.getFirst();
        assertThat(limiter.take("t", WHO, quota).allowed()).isTrue();
        health.asOwner("ALTER TABLE rate_bucket RENAME TO rate_bucket_away");
        try {
            long allowed = IntStream.range(0, 50)
                    .filter(i -> limiter.take("t", WHO, quota).allowed())
                    .count();
            assertThat(allowed).as("nine of ten are left").isEqualTo(9);
            assertThat(replicas.get(1).take("t", WHO, quota).allowed()).isTrue();
        } finally {
            health.asOwner("ALTER TABLE rate_bucket_away RENAME TO rate_bucket");
        }
        clock.move(Duration.ofSeconds(12));
        assertThat(limiter.take("t", WHO, quota).allowed()).isTrue();
    }

    @Test
    void aClockThatIsSetBackDoesNotLockAnybodyOut() throws Exception {
        Quota quota = Quota.of(10, 1000, 10_000);
        clock.move(Duration.ofDays(2));
        assertThat(everythingThatIsLetThrough(quota)).isEqualTo(10);
        clock.move(Duration.ofDays(-2));
        assertThat(replicas.get(3).take("t", WHO, quota).allowed()).isFalse();
        clock.move(Duration.ofMinutes(1));
        assertThat(replicas.get(3).take("t", WHO, quota).allowed()).isTrue();
        assertThat(replicas.get(5).take("t", WHO, quota).allowed()).isTrue();
    }

    @Test
    void rowsThatSayNothingAreDropped() {
        replicas.getFirst().take("t", WHO, Quota.of(10, 1000, 10_000));
        replicas.getFirst().forget();
        assertThat(rows()).isOne();
        clock.move(Duration.ofDays(1).plusSeconds(1));
        replicas.getFirst().forget();
        assertThat(rows()).isZero();
    }

    private static long rows() {
        return health.raw()
                .first(Sql.named("rows", "SELECT count(*) AS n FROM rate_bucket"), Params.none(), r -> r.longValue("n"))
                .orElseThrow();
    }

    /** All replicas ask at once, each until it is refused some times. */
    private long everythingThatIsLetThrough(Quota quota) throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> counts = replicas.stream()
                    .map(limiter -> pool.submit(() -> {
                        long allowed = 0;
                        for (int refused = 0; refused < 3; ) {
                            if (limiter.take("t", WHO, quota).allowed()) {
                                allowed++;
                            } else {
                                refused++;
                            }
                        }
                        return allowed;
                    }))
                    .toList();
            long sum = 0;
            for (Future<Long> count : counts) {
                sum += count.get();
            }
            return sum;
        }
    }
}
