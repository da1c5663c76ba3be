package io.vitals.loadtest.bench;

import io.vitals.kit.audit.AuditVerification;
import io.vitals.loadtest.stack.Queries;
import io.vitals.loadtest.traffic.Figures;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.postgres.SandboxDatabase;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/** How fast the whole audit log is compared with itself, as the service and the verifying command do it. */
final class VerifyBench {
    private static final int ROUNDS = 3;
    private static final int BATCH = 500;
    private static final int SESSIONS = 16;

    private static final int AT_ONCE = Runtime.getRuntime().availableProcessors();

    private final Stack stack;
    private final int entries;
    private final Report report;

    VerifyBench(Stack stack, int entries, Report report) {
        this.stack = stack;
        this.entries = entries;
        this.report = report;
    }

    void run() throws Exception {
        SandboxDatabase database = stack.healthDatabase();
        append(database);
        AuditVerification verification = AuditVerification.withoutCheckpoints("health-api");
        List<Double> perSecond = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            long start = System.nanoTime();
            AuditVerification.Report outcome = verification.run(database::connectAsApp, AT_ONCE);
            double seconds = (System.nanoTime() - start) / 1e9;
            if (!outcome.sound() || outcome.entries() < entries) {
                throw new IllegalStateException("the log is not what was written: " + outcome.findings());
            }
            // The first round compiles.
            if (round > 0) {
                perSecond.add(outcome.entries() / seconds);
            }
        }
        report.row(
                "audit entries verified, /s, median of %d walks of %,d".formatted(ROUNDS, entries),
                "%,.0f".formatted(Figures.median(perSecond)),
                ">= 100,000");
    }

    /** Through the trigger of the table, in transactions of as many as a busy service writes at once. Each session has a chain of its own. */
    private void append(SandboxDatabase database) throws Exception {
        for (int written = 0; written < entries; ) {
            try (Connection superuser = stack.postgres().superuser(database.name())) {
                int end = Math.min(entries, written + (entries + SESSIONS - 1) / SESSIONS);
                for (; written < end; written += BATCH) {
                    Queries.execute(superuser, """
                            INSERT INTO audit_event (at, action, actor, actor_id, member_id, purpose, object, outcome)
                            SELECT now(), 'days.read', 'key', gen_random_uuid()::text, gen_random_uuid(), 'own_access',
                                   '2026-06-24..2026-06-30', 'success' FROM generate_series(1, %d)""".formatted(Math.min(BATCH, end - written)));
                }
                written = end;
            }
        }
    }
}
