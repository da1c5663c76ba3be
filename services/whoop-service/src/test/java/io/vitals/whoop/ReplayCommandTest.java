package io.vitals.whoop;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** The command as an operator types it, on a database of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayCommandTest {
    private final SandboxDatabase sandbox = TestDatabases.migrated();
    private Database database;

    @BeforeAll
    void open() {
        database = TestDatabases.open(sandbox);
    }

    @AfterAll
    void close() {
        database.close();
    }

    @BeforeEach
    void twoDeadOneDone() {
        execute("DELETE FROM webhook_inbox");
        execute("""
                INSERT INTO webhook_inbox (trace_id, whoop_user_id, object_id, type, sent_at, received_at, state, attempts, due_at, outcome, finished_at)
                VALUES ('dead-1', 1, gen_random_uuid(), 'sleep.updated', now(), '2026-01-01T10:00:00Z', 'dead', 8, now(), 'timeout', now()),
                       ('dead-2', 1, gen_random_uuid(), 'sleep.updated', now(), '2026-01-01T11:00:00Z', 'dead', 8, now(), 'timeout', now()),
                       ('done-1', 1, gen_random_uuid(), 'sleep.updated', now(), '2026-01-01T10:30:00Z', 'done', 0, now(), 'stored', now())""");
    }

    @Test
    void oneEventIsReplayedByItsTraceId(@TempDir Path directory) throws IOException {
        assertThat(run(directory, "replay", "--trace", "dead-1")).isZero();

        assertThat(pending()).containsExactly("dead-1");
    }

    @Test
    void aRangeIsReplayedWithItsEndLeftOut(@TempDir Path directory) throws IOException {
        assertThat(run(directory, "replay", "--from", "2026-01-01T10:00:00Z", "--to", "2026-01-01T12:00:00+01:00"))
                .isZero();
        assertThat(pending()).containsExactly("dead-1");

        assertThat(run(
                        directory,
                        "replay",
                        "--state",
                        "done",
                        "--from",
                        "2026-01-01T10:00:00Z",
                        "--to",
                        "2026-01-01T11:00:00Z"))
                .isZero();
        assertThat(pending()).containsExactly("dead-1", "done-1");
    }

    @Test
    void aDryRunChangesNothing(@TempDir Path directory) throws IOException {
        assertThat(run(directory, "replay", "--trace", "dead-1", "--dry-run")).isZero();

        assertThat(pending()).isEmpty();
    }

    @Test
    void argumentsThatDoNotFitTogetherAreRefused(@TempDir Path directory) throws IOException {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of("--trace"),
                List.of("--trace", "a b"),
                List.of("--trace", "dead-1", "--trace", "dead-2"),
                List.of("--trace", "dead-1", "--state", "dead"),
                List.of("--trace", "dead-1", "--from", "2026-01-01T10:00:00Z"),
                List.of("--from", "2026-01-01T10:00:00Z"),
                List.of("--from", "2026-01-01", "--to", "2026-01-02"),
                List.of("--from", "2026-01-02T00:00:00Z", "--to", "2026-01-01T00:00:00Z"),
                List.of("--from", "2026-01-01T00:00:00Z", "--to", "2026-01-02T00:00:00Z", "--state", "pending"),
                List.of("--everything"))) {
            String[] all = java.util.stream.Stream.concat(java.util.stream.Stream.of("replay"), arguments.stream())
                    .toArray(String[]::new);
            assertThat(run(directory, all)).as("%s", arguments).isEqualTo(2);
        }
        assertThat(pending()).isEmpty();
    }

    private int run(Path directory, String... arguments) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "not-a-real-secret");
        Path password =
                Files.writeString(directory.resolve("password"), sandbox.app().password());
        Map<String, String> environment = new HashMap<>();
        environment.put("VITALS_DB_URL", sandbox.url());
        environment.put("VITALS_DB_USER", sandbox.app().user());
        environment.put("VITALS_DB_PASSWORD_FILE", password.toString());
        environment.put("VITALS_WHOOP_CLIENT_ID", "app");
        environment.put("VITALS_WHOOP_CLIENT_SECRET_FILE", secret.toString());
        environment.put("VITALS_WHOOP_REDIRECT_URI", "https://vitals.example/api/v1/links/whoop/callback");
        environment.put("VITALS_CRYPTO_KEYSET_FILE", secret.toString());
        environment.put("VITALS_CALLERS_KEYS_FILE", secret.toString());
        return Main.run(environment, arguments);
    }

    private List<String> pending() {
        return database.list(
                Sql.named(
                        "test-pending", "SELECT trace_id FROM webhook_inbox WHERE state = 'pending' ORDER BY trace_id"),
                Params.none(),
                row -> row.string("trace_id"));
    }

    private void execute(String sql) {
        database.execute(Sql.named("test", sql), Params.none());
    }
}
