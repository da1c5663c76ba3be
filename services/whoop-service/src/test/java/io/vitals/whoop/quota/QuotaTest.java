package io.vitals.whoop.quota;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

class QuotaTest {
    private Database database;

    @BeforeEach
    void open() {
        database = TestDatabases.open(TestDatabases.migrated());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void backfillLeavesARestToPollsAndPollsLeaveOneToWebhooks() {
        Quota quota = quota();

        assertThat(takeAll(quota, Lane.BACKFILL)).isEqualTo(66);
        assertThat(takeAll(quota, Lane.POLL)).isEqualTo(80 - 66);
        assertThat(takeAll(quota, Lane.MEMBER)).isEqualTo(90 - 80);
        assertThat(takeAll(quota, Lane.WEBHOOK)).isEqualTo(95 - 90);
        assertThat(quota.take(Lane.WEBHOOK))
                .isInstanceOfSatisfying(
                        Grant.Denied.class,
                        denied -> assertThat(denied.pause()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(67)));
    }

    @Test
    void whoLooksSeesWhatEachLaneUsed() {
        Quota quota = quota();
        assertThat(takeAll(quota, Lane.BACKFILL)).isEqualTo(66);
        assertThat(takeAll(quota, Lane.POLL)).isEqualTo(14);
        quota.take(Lane.WEBHOOK);
        Map<Lane, Integer> used = quota().state().lanes().stream()
                .collect(java.util.stream.Collectors.toMap(QuotaState.LaneState::lane, QuotaState.LaneState::dayUsed));
        assertThat(used).isEqualTo(Map.of(Lane.BACKFILL, 66, Lane.POLL, 14, Lane.WEBHOOK, 1, Lane.MEMBER, 0));
        QuotaState state = quota().state();
        assertThat(state.day().used()).isEqualTo(81);
        assertThat(state.minute().used()).isEqualTo(81);
        assertThat(state.capacity())
                .as("at ten and a half requests a member and day")
                .isEqualTo(904);
    }

    @Test
    void replicasShareOneBudget() {
        Quota one = quota();
        Quota other = quota();

        int granted = IntStream.range(0, 200)
                .parallel()
                .map(i -> (i % 2 == 0 ? one : other).take(Lane.WEBHOOK) instanceof Grant.Granted ? 1 : 0)
                .sum();

        assertThat(granted).isEqualTo(95);
    }

    @Test
    void aRefusalStopsEverybodyForTheTimeThatWhoopNamed() {
        Quota quota = quota();
        assertThat(quota.take(Lane.WEBHOOK)).isInstanceOf(Grant.Granted.class);

        assertThat(quota.refused(Map.of("x-ratelimit-reset", "17"))).isGreaterThanOrEqualTo(Duration.ofSeconds(17));

        assertThat(quota().take(Lane.MEMBER))
                .isInstanceOfSatisfying(
                        Grant.Denied.class,
                        denied -> assertThat(denied.pause()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(19)));
    }

    @Test
    void whatWhoopCountedBesidesUsIsTakenIntoAccount() {
        Quota quota = quota();
        assertThat(quota.take(Lane.WEBHOOK)).isInstanceOf(Grant.Granted.class);
        quota.observe(Map.of(
                "x-ratelimit-limit", "100, 100;window=60, 10000;window=86400",
                "x-ratelimit-remaining", "10",
                "x-ratelimit-reset", "30"));

        assertThat(takeAll(quota, Lane.WEBHOOK)).isEqualTo(5);
    }

    @Test
    void limitsOfBothWindowsAreLearnedFromAnyAnswer() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Quota quota = new Quota(database, new Random(1), registry);
        assertThat(registry.get("whoop.client.rate.limit.limit")
                        .tag("window", "day")
                        .gauge()
                        .value())
                .isEqualTo(10_000);

        quota.observe(Map.of(
                "x-ratelimit-limit", "40, 40;window=60, 500;window=86400",
                "x-ratelimit-remaining", "40",
                "x-ratelimit-reset", "60"));

        assertThat(registry.get("whoop.client.rate.limit.limit")
                        .tag("window", "day")
                        .gauge()
                        .value())
                .isEqualTo(500);
        assertThat(takeAll(quota, Lane.WEBHOOK)).isEqualTo(38);
        assertThat(registry.get("whoop.client.rate.limit.remaining")
                        .tag("window", "minute")
                        .gauge()
                        .value())
                .isEqualTo(2);
    }

    @Test
    void theMembersThatTheDayCarriesAreMeasuredFromWhatTheyCause() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Quota quota = new Quota(database, new Random(1), registry);
        assertThat(capacity(registry)).isEqualTo(Math.floor(9500 / 9.0));

        assertThat(takeAll(quota, Lane.BACKFILL)).isEqualTo(66);
        quota.measure();
        assertThat(capacity(registry)).isEqualTo(Math.floor(9500 / 9.0));

        assertThat(takeAll(quota, Lane.WEBHOOK)).isEqualTo(95 - 66);
        quota.measure();
        assertThat(capacity(registry)).isEqualTo(Math.floor(9500 / ((29 + 90) / 10.0)));
    }

    private static double capacity(SimpleMeterRegistry registry) {
        return registry.get("whoop.client.quota.members.capacity").gauge().value();
    }

    private Quota quota() {
        return new Quota(database, new Random(1), new SimpleMeterRegistry());
    }

    private static int takeAll(Quota quota, Lane lane) {
        int granted = 0;
        while (quota.take(lane) instanceof Grant.Granted) {
            granted++;
        }
        return granted;
    }
}
