package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.Queries;
import io.vitals.loadtest.traffic.Figures;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.whoop.webhook.Webhooks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What it costs a worker to take an event, from a short inbox to one with a million rows, nine of ten worked off. */
final class QueueBench {
    private static final int[] SIZES = {1_000, 10_000, 100_000, 1_000_000};
    private static final int CLAIMS = 50;
    private static final Duration STOP = Duration.ofSeconds(45);
    private static final Duration START = Duration.ofMinutes(2);

    private final Stack stack;
    private final Report report;

    QueueBench(Stack stack, Report report) {
        this.stack = stack;
        this.report = report;
    }

    /** The service stands still meanwhile: its workers would take the rows away. */
    void run() throws Exception {
        stack.whoopService().stop(STOP);
        try (Connection connection = stack.whoopDatabase().connectAsOwner()) {
            for (int size : SIZES) {
                fill(connection, size);
                String plan = plan(connection);
                report.row(
                        "claim of an event from %,d inbox rows, median of %d, ms".formatted(size, CLAIMS),
                        "%.3f".formatted(claims(connection)),
                        "flat");
                report.row("its plan at %,d rows".formatted(size), plan, "flat");
            }
            Queries.execute(connection, "TRUNCATE webhook_inbox");
        } finally {
            stack.whoopService().start();
            stack.whoopService().awaitReady(START);
        }
    }

    private static void fill(Connection connection, int size) throws SQLException {
        Queries.execute(connection, "TRUNCATE webhook_inbox");
        Queries.execute(connection, """
                INSERT INTO webhook_inbox (trace_id, whoop_user_id, object_id, type, sent_at, received_at, state, due_at, outcome, finished_at)
                SELECT 'bench-' || n, n %% 1000, gen_random_uuid(), 'sleep.updated', at, at,
                       CASE WHEN waits THEN 'pending' ELSE 'done' END, at,
                       CASE WHEN NOT waits THEN 'stored' END, CASE WHEN NOT waits THEN at END
                FROM generate_series(1, %d) AS n,
                     LATERAL (SELECT now() - n * INTERVAL '1 millisecond' AS at, n %% 10 = 0 AS waits) AS row""".formatted(size));
        Queries.execute(connection, "VACUUM (ANALYZE) webhook_inbox");
    }

    /** Milliseconds of one claim by a prepared statement. */
    private static double claims(Connection connection) throws SQLException {
        List<Double> millis = new ArrayList<>();
        try (PreparedStatement claim = connection.prepareStatement(statement())) {
            for (int i = 0; i < CLAIMS; i++) {
                long start = System.nanoTime();
                try (ResultSet claimed = claim.executeQuery()) {
                    if (!claimed.next()) {
                        throw new IllegalStateException("nothing to claim");
                    }
                }
                millis.add((System.nanoTime() - start) / 1e6);
            }
        }
        return Figures.median(millis);
    }

    /** The lines of the plan that tell how the row is found and what that takes. */
    private static String plan(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                ResultSet lines = statement.executeQuery(
                        "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) " + statement())) {
            List<String> plan = new ArrayList<>();
            while (lines.next()) {
                plan.add(lines.getString(1).strip());
            }
            String scans = plan.stream()
                    .filter(line -> line.contains("Scan"))
                    .map(line -> line.replaceFirst("^-> *", ""))
                    .collect(Collectors.joining("; "));
            String buffers = plan.stream()
                    .filter(line -> line.startsWith("Buffers:"))
                    .findFirst()
                    .orElse("");
            return scans + "; " + buffers;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static String statement() {
        return Webhooks.claimStatement()
                .text()
                .replace(":claim", "gen_random_uuid()")
                .replace(":lease", "60");
    }
}
