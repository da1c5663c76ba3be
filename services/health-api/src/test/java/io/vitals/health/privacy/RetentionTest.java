package io.vitals.health.privacy;

import io.vitals.health.Workers;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.MovableClock;
import io.vitals.sandbox.postgres.CanaryRows;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RetentionTest {
    private static final List<String> OTHERS = List.of(
            "audit_event", "erasure", "member", "session", "consent", "sahha_profile", "source_state", "api_key");

    private final MovableClock clock = new MovableClock();

    @Test
    void each_class_ends_when_its_time_is_over_and_not_before() throws Exception {
        try (HealthDatabase health = HealthDatabase.start();
                Connection owner = health.connectAsOwner()) {
            CanaryRows.plant(owner, Map.of("member", "'" + UUID.randomUUID() + "'", "formula_version", "'1'"), OTHERS);
            try (Statement statement = owner.createStatement()) {
                statement.execute("UPDATE sahha_inbox SET state = 'dead', received_at = '2026-11-22T00:00:00Z'");
            }
            Retention retention = new Retention(
                    health.raw().as(Workers.RETENTION),
                    new RetentionSettings(Duration.ofDays(3650), Duration.ofDays(400), Duration.ofDays(30)),
                    clock);
            at(Duration.ofDays(29));
            assertThat(retention.expire()).isEmpty();
            at(Duration.ofDays(31));
            assertThat(retention.expire()).containsExactly(Map.entry("inbox", 1L));
            at(Duration.ofDays(401));
            assertThat(retention.expire()).containsExactly(Map.entry("sahha_documents", 3L));
            assertThat(one(owner, "SELECT raw::text || state FROM sahha_score"))
                    .containsExactly("{}canary-sahha_score-state");
            at(Duration.ofDays(3651));
            assertThat(retention.expire()).containsExactly(Map.entry("daily_records", 5L));
            assertThat(retention.expire()).isEmpty();
        }
    }

    @Test
    void a_time_that_is_too_short_is_refused_by_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetentionSettings(Duration.ofDays(9), Duration.ofDays(9), Duration.ofHours(23)))
                .withMessageContaining("retention.inbox");
    }

    private void at(Duration afterPlanting) {
        clock.reset();
        clock.move(Duration.between(
                clock.instant(), Instant.parse("2026-11-22T12:00:00Z").plus(afterPlanting)));
    }

    private static List<String> one(Connection connection, String query) throws Exception {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
