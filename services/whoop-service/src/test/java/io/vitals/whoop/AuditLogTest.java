package io.vitals.whoop;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AuditLogTest {
    @Test
    void entriesAreAddedWithTheirTransactionAndCannotBeTakenBack() throws SQLException {
        SandboxDatabase sandbox = TestDatabases.migrated();
        var member = new UUID(1, 2);
        var log = new AuditLog(new SimpleMeterRegistry());
        try (Database database = TestDatabases.open(sandbox)) {
            log.append(
                    database, AuditEvent.of("link.connected", "member", member).withObject("generation-1"));
            assertThatThrownBy(() -> database.transaction(tx -> {
                        log.append(tx, AuditEvent.of("link.revoked", "member", member));
                        throw new IllegalStateException("undone");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() ->
                            database.execute(Sql.named("forge", "UPDATE audit_event SET actor = 'x'"), Params.none()))
                    .isInstanceOf(DatabaseException.class);
            assertThatThrownBy(() -> database.execute(Sql.named("forge", "DELETE FROM audit_event"), Params.none()))
                    .isInstanceOf(DatabaseException.class);
        }
        try (Connection connection = sandbox.connectAsOwner();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*), min(action) FROM audit_event")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(1);
            assertThat(rows.getString(2)).isEqualTo("link.connected");
        }
    }

    @Test
    void freeTextIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditEvent.of("Refused because of 42 bpm", "system", null))
                .withMessageContaining("action");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditEvent.of("link.lost", "system", null).withObject("a token?"))
                .withMessageContaining("object");
    }
}
