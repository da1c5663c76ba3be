package io.vitals.whoop.webhook;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** What a claim costs must not grow with what is already done, nor with what is not due yet. */
class InboxPlanTest {
    private static final int ROWS = Integer.getInteger("vitals.webhook.inbox-rows", 40_000);
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");

    @Test
    void aClaimReadsTheHeadOfItsIndexHoweverManyRowsThereAre() throws Exception {
        SandboxDatabase sandbox = TestDatabases.migrated();
        try (Database database = TestDatabases.open(sandbox)) {
            fill(sandbox, 1_000, "done", "now()");
            fill(sandbox, 20, "pending", "now() - INTERVAL '1 second'");
            vacuum(sandbox);
            long small = pagesOf(explain(database));

            fill(sandbox, ROWS, "done", "now()");
            fill(sandbox, ROWS / 4, "pending", "now() + INTERVAL '1 hour'");
            vacuum(sandbox);
            List<String> plan = explain(database);

            assertThat(String.join("\n", plan))
                    .contains("Index Scan using webhook_inbox_due")
                    .containsPattern("Index Cond: \\(due_at <= statement_timestamp\\(\\)\\)")
                    .contains("webhook_inbox_object")
                    .doesNotContain("Seq Scan on webhook_inbox");
            assertThat(pagesOf(plan)).isLessThan(3 * small + 30);
            // The control: without the partial index the same claim reads the whole table.
            execute(sandbox, "DROP INDEX webhook_inbox_due");
            assertThat(pagesOf(explain(database))).isGreaterThan(10 * small);
        }
    }

    private static List<String> explain(Database database) {
        return database.transaction(tx -> {
            List<String> plan = tx.list(
                    Sql.named(
                            "test-explain", "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) " + Inbox.CLAIM.text()),
                    Params.of("claim", UUID.randomUUID(), "lease", 30.0),
                    row -> row.string("QUERY PLAN"));
            // Claimed for the plan only.
            tx.execute(
                    Sql.named(
                            "test-unclaim",
                            "UPDATE webhook_inbox SET claim_id = NULL, claim_until = NULL, due_at = now() - INTERVAL '1 second' WHERE claim_id IS NOT NULL"),
                    Params.none());
            return plan;
        });
    }

    /** Of the whole statement: its topmost node counts what those below it read. */
    private static long pagesOf(List<String> plan) {
        Matcher buffers = BUFFERS.matcher(String.join("\n", plan));
        assertThat(buffers.find()).isTrue();
        return Long.parseLong(buffers.group(1)) + (buffers.group(2) == null ? 0 : Long.parseLong(buffers.group(2)));
    }

    private static void fill(SandboxDatabase sandbox, int rows, String state, String due) throws SQLException {
        execute(sandbox, """
                INSERT INTO webhook_inbox (trace_id, whoop_user_id, object_id, type, sent_at, received_at, state, due_at, finished_at)
                SELECT gen_random_uuid()::text, n %% 100, gen_random_uuid(), 'sleep.updated', now(), now(), '%s', %s,
                       CASE WHEN '%s' = 'done' THEN now() END
                FROM generate_series(1, %d) AS n""".formatted(state, due, state, rows));
    }

    private static void vacuum(SandboxDatabase sandbox) throws SQLException {
        execute(sandbox, "VACUUM (ANALYZE) webhook_inbox");
    }

    private static void execute(SandboxDatabase sandbox, String sql) throws SQLException {
        try (Connection connection = sandbox.connectAsOwner();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
