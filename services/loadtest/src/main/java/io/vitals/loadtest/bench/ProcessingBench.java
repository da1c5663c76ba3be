package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.Queries;
import io.vitals.loadtest.stack.Waiting;
import io.vitals.loadtest.traffic.Figures;
import io.vitals.loadtest.traffic.LoadGenerator;
import io.vitals.loadtest.traffic.MemberSession;
import io.vitals.loadtest.traffic.Occasion;
import io.vitals.loadtest.traffic.SignedWebhooks;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Stack;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * From WHOOP's signature on a webhook to the commit of the record it speaks of, at a steady rate, with a WHOOP whose quota is
 * never reached. Every event finds a newer version there than the one stored.
 */
final class ProcessingBench {
    private static final int PER_SECOND = 50;
    private static final int CONNECTIONS = 8;
    /** Never reached; the minute's stays the nearer one, so that its limit is what the answers tell. */
    private static final int UNLIMITED_PER_MINUTE = 1_000_000;

    private static final int UNLIMITED_PER_DAY = 900_000_000;
    /** The path from a webhook to its record is long, and cold code is most of what it costs at first. */
    private static final int WARM_UPS = 8;

    private static final List<Account> MEMBERS = List.of(Account.MIRA, Account.JONAS);

    private final Stack stack;
    private final SignedWebhooks webhooks;
    private final Report report;

    ProcessingBench(Stack stack, SignedWebhooks webhooks, Report report) {
        this.stack = stack;
        this.webhooks = webhooks;
        this.report = report;
    }

    void run() throws Exception {
        stack.simulators().whoop().control().quota(UNLIMITED_PER_MINUTE, UNLIMITED_PER_DAY);
        List<Occasion> occasions = new ArrayList<>();
        for (int number = 1; number <= MEMBERS.size(); number++) {
            connect(MEMBERS.get(number - 1), number);
            occasions.addAll(
                    Occasion.of(stack.simulators().whoop().control().people().member(number)));
        }
        Collections.shuffle(occasions, new Random(1));
        for (int round = 0; round < WARM_UPS; round++) {
            deliver(occasions);
        }
        deliver(occasions);
        try (Connection connection = stack.whoopDatabase().connectAsOwner();
                Statement statement = connection.createStatement();
                ResultSet figures = statement.executeQuery("""
                        SELECT count(*) FILTER (WHERE outcome = 'stored') AS stored, count(*) AS events,
                               percentile_cont(0.5) WITHIN GROUP (ORDER BY millis) AS p50,
                               percentile_cont(0.95) WITHIN GROUP (ORDER BY millis) AS p95,
                               percentile_cont(0.99) WITHIN GROUP (ORDER BY millis) AS p99
                        FROM (SELECT outcome, 1000 * extract(epoch FROM finished_at - sent_at) AS millis FROM webhook_inbox) AS event""")) {
            figures.next();
            report.row(
                    "webhook signed to record stored at %d/s, p50 / p95 / p99 ms".formatted(PER_SECOND),
                    "%.0f / %.0f / %.0f"
                            .formatted(figures.getDouble("p50"), figures.getDouble("p95"), figures.getDouble("p99")),
                    "p95 < 250");
            report.row(
                    "events stored / sent in that run",
                    figures.getLong("stored") + " / " + figures.getLong("events"),
                    "equal");
        }
    }

    private void connect(Account account, int number) throws Exception {
        try (MemberSession session = MemberSession.signIn(stack, account)) {
            if (!stack.simulators().whoop().control().linked(number)) {
                session.connect(number);
            }
            Waiting.until(session::isCurrent);
        }
    }

    /** One round: every occasion once, so that none finds its record as it is already. */
    private void deliver(List<Occasion> occasions) throws Exception {
        Queries.execute(stack.whoopDatabase(), "TRUNCATE webhook_inbox");
        for (String table : List.of("sleep", "recovery", "workout")) {
            Queries.execute(
                    stack.whoopDatabase(), "UPDATE " + table + " SET updated_at = updated_at - INTERVAL '1 day'");
        }
        double span = (double) occasions.size() / PER_SECOND;
        Figures sent = new LoadGenerator(stack.ports().whoopPublic(), CONNECTIONS).runAt(PER_SECOND, span, 204, n -> {
            // A connection readies its next request before it sees that time is up.
            Occasion occasion = occasions.get((int) (n % occasions.size()));
            return webhooks.delivery(occasion);
        });
        if (sent.failed() > 0) {
            throw new IllegalStateException(sent.failed() + " webhooks were not accepted");
        }
        Waiting.untilWorkedOff(stack.whoopDatabase());
    }
}
