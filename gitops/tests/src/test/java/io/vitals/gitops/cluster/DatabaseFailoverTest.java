package io.vitals.gitops.cluster;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** The machine of the instance that writes is gone from one moment to the next, while lines are written and health-api is asked. */
@Scenario
@Order(80)
class DatabaseFailoverTest {
    private static final String SERVICE = "health-api";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration BACK = Duration.ofSeconds(10);
    /** Of an erasure: asked without a sign-in, and read from the database each time. */
    private static final UUID CERTIFICATE = UUID.randomUUID();

    @BeforeEach
    void allInstancesAreThere() {
        Replicas.awaitAll();
        Replicas.sql("health", """
                SET session_replication_role = replica;
                INSERT INTO erasure (id, pseudonym, requested_at, ledgered_at, sahha_done_at, whoop_done_at, completed_at, removed, due_at)
                VALUES ('%1$s', '%1$s', now(), now(), now(), now(), now(), '{}', now()) ON CONFLICT DO NOTHING""".formatted(CERTIFICATE));
    }

    @AfterEach
    void nothingIsLeft() {
        Replicas.awaitAll();
        Ledger.drop();
        Replicas.sql("health", "DELETE FROM erasure WHERE id = '%s'".formatted(CERTIFICATE));
    }

    @Test
    void noAnsweredCommitIsLostAndTheServiceComesBack() throws SQLException {
        String before = Replicas.primary();
        try (var ledger = Ledger.start();
                var requests = requests()) {
            Cluster.within(LIMIT).untilAsserted(() -> {
                assertThat(ledger.answered()).isGreaterThan(200);
                assertThat(requests.total()).isGreaterThan(3);
            });
            assertThat(ledger.failed()).isZero();
            assertThat(requests.answers()).containsOnlyKeys("200");

            Replicas.kill(before);
            Instant killed = Instant.now();
            Cluster.within(LIMIT)
                    .untilAsserted(() -> assertThat(Replicas.primary()).isNotEqualTo(before));
            ScenarioTable.figure("new primary after", Release.seconds(killed));
            Cluster.within(LIMIT)
                    .untilAsserted(
                            () -> assertThat(ledger.answeredSince(killed)).isGreaterThan(200));
            Duration writable = Duration.between(killed, ledger.firstSince(killed));
            ScenarioTable.figure("writable after", seconds(writable));

            // Ten answers in a row, one each second.
            Cluster.within(LIMIT)
                    .untilAsserted(() -> assertThat(requests.lastBut("200").orElse(killed))
                            .isBefore(Instant.now().minusSeconds(10)));
            Duration answering =
                    Duration.between(killed, requests.lastBut("200").orElse(killed));
            ScenarioTable.figure("service answers after", seconds(answering));
            ScenarioTable.figure("requests", requests.total());
            ScenarioTable.figure("failed", requests.but("200"));

            Replicas.awaitAll();
            ScenarioTable.figure("all instances after", Release.seconds(killed));
            ledger.stop();
            assertThat(ledger.lost()).as("answered and lost").isEmpty();
            ScenarioTable.figure("answered commits", ledger.answered());
            ScenarioTable.figure("lost", 0);
            assertThat(writable).as("writable again").isLessThan(BACK);
            assertThat(answering.minus(writable))
                    .as("service back, from then on")
                    .isLessThan(BACK);
        }
    }

    /** The same without waiting for another instance: what it is for, and that the ledger finds what is lost. */
    @Test
    void whatWasAnsweredByThePrimaryAloneIsLost() throws SQLException {
        String before = Replicas.primary();
        try (var ledger = Ledger.startAlone()) {
            Cluster.within(LIMIT)
                    .untilAsserted(() -> assertThat(ledger.answered()).isGreaterThan(200));
            Replicas.cutOff(before);
            Instant alone = Instant.now();
            Cluster.within(LIMIT)
                    .untilAsserted(() -> assertThat(ledger.answeredSince(alone)).isGreaterThan(50));
            Replicas.kill(before);
            Instant killed = Instant.now();
            Cluster.within(LIMIT)
                    .untilAsserted(
                            () -> assertThat(ledger.answeredSince(killed)).isPositive());
            ledger.stop();
            var lost = ledger.lost();
            ScenarioTable.figure("answered commits", ledger.answered());
            ScenarioTable.figure("lost", lost.size());
            assertThat(lost).as("answered by the primary alone").isNotEmpty();
        }
    }

    private static Requests requests() {
        return Requests.start(Cluster.address(Replicas.NAMESPACE, SERVICE), 8080, "/api/v1/erasures/" + CERTIFICATE, 1);
    }

    private static String seconds(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1000.0);
    }
}
