package io.vitals.health;

import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.MovableClock;
import io.vitals.kit.audit.AuditSettings;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.Secret;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

class ComplianceReportTest {
    @Test
    void each_control_is_asked_of_the_database_and_a_broken_one_shows() throws Exception {
        try (HealthDatabase health = HealthDatabase.start()) {
            assertThat(report(health))
                    .contains("\nenforced      schema up to date")
                    .contains("\nenforced      audit log unchanged")
                    .contains("\nenforced      application cannot read, change or delete audit entries")
                    .contains("\nenforced      every new audit entry is linked")
                    .contains("\nenforced      every column is classified")
                    .contains("\nenforced      every table about persons is exported and erased")
                    .contains("\nenforced      application is no superuser and owns no table")
                    .contains("\nNOT enforced  audit checkpoints outside the database");
            try (Connection owner = health.connectAsOwner();
                    Statement statement = owner.createStatement()) {
                statement.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_link");
                statement.execute("GRANT DELETE ON audit_event TO health_app");
                statement.execute("CREATE TABLE diary (entry text)");
                statement.execute("INSERT INTO audit_event (at, action, actor, outcome, shard, seq, hash)"
                        + " VALUES (now(), 'a', 'b', 'c', 1, 1, '')");
            }
            assertThat(report(health))
                    .contains("\nNOT enforced  audit log unchanged")
                    .contains("\nNOT enforced  application cannot read, change or delete audit entries (1 exceptions)")
                    .contains("\nNOT enforced  every new audit entry is linked")
                    .contains("\nNOT enforced  every column is classified (1 exceptions)");
        }
    }

    private static String report(HealthDatabase health) throws Exception {
        DatabaseSettings settings = new DatabaseSettings(
                health.sandbox().url(),
                health.sandbox().app().user(),
                Secret.of(health.sandbox().app().password()),
                1);
        ComplianceReport report = ComplianceReport.of(
                settings,
                new AuditSettings(Duration.ofSeconds(30), Optional.empty(), Optional.empty(), Duration.ofDays(1100)),
                new MovableClock());
        assertThat(report.complete()).isFalse();
        return report.toString();
    }
}
