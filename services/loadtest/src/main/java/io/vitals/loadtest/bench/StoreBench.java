package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.Queries;
import io.vitals.loadtest.traffic.Figures;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.whoop.records.Records;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Taking in a month of a thousand members with no quota in the way, then reading a week of one beside pgbench with the same statement. */
final class StoreBench {
    private static final int MEMBERS = 1_000;
    private static final int ROUNDS = 3;
    private static final int WARM_READS = 30_000;

    private final Stack stack;
    private final Path directory;
    private final double seconds;
    private final Report report;

    StoreBench(Stack stack, Path directory, double seconds, Report report) {
        this.stack = stack;
        this.directory = directory;
        this.seconds = seconds;
        this.report = report;
    }

    void run() throws Exception {
        try (StoreClient store = StoreClient.start(stack.whoopDatabase(), directory)) {
            List<Double> backfill = store.ask("backfill " + MEMBERS);
            report.row(
                    "backfill of %d members x %d days, records/s".formatted(MEMBERS, Pages.DAYS),
                    "%.0f".formatted(backfill.getFirst()),
                    ">= 20000");
            report.row(
                    "COPY of the same rows into the same tables, records/s",
                    "%.0f".formatted(CopyCeiling.recordsPerSecond(stack.whoopDatabase())));
            report.row(
                    "backfill, heap in use after 10 / 50 / 100 %, MB",
                    "%.0f / %.0f / %.0f".formatted(backfill.get(1), backfill.get(2), backfill.get(3)), "flat");
            read(store);
        }
    }

    private void read(StoreClient store) throws Exception {
        UUID member = StoreProgram.member(0).value();
        Queries.execute(stack.whoopDatabase(), """
                INSERT INTO link (member_id, whoop_user_id, state, since, scopes) VALUES ('%s', %d, 'active', now(), '');
                INSERT INTO body (member_id, whoop_user_id, height_meter, weight_kilogram, max_heart_rate, fetched_at, raw)
                VALUES ('%1$s', %2$d, 1.8, 80, 190, now(), '{}');
                ANALYZE cycle, recovery, sleep, workout, change, link, body""".formatted(member, Pages.account(0)));
        Pgbench pgbench = Pgbench.of(
                stack.whoopDatabase(),
                directory,
                "week",
                Records.rangeStatement().text(),
                Map.of(
                        "member", member.toString(),
                        "from", Pages.LAST.minusDays(6).toString(),
                        "to", Pages.LAST.toString()));
        warmUp(store);
        compare(store, pgbench, StoreProgram.READERS);
        compare(store, pgbench, 1);
    }

    /** So many reads compile the hot paths; how long that takes depends on the machine. */
    private void warmUp(StoreClient store) throws IOException {
        double reads = 0;
        while (reads < WARM_READS) {
            reads += seconds
                    * store.ask("range " + StoreProgram.READERS + " " + seconds).getFirst();
        }
    }

    /** By turns, so that a machine that slows down slows both. */
    private void compare(StoreClient store, Pgbench pgbench, int callers) throws Exception {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ours.addAll(store.ask("range " + callers + " " + seconds));
            theirs.add(pgbench.transactionsPerSecond(callers, seconds));
        }
        double read = Figures.median(ours);
        double reference = Figures.median(theirs);
        String by = ", %d caller%s".formatted(callers, callers == 1 ? "" : "s");
        report.row("a week of a member's records, reads/s" + by, "%.0f".formatted(read));
        report.row("pgbench of the same statement, transactions/s" + by, "%.0f".formatted(reference));
        report.row("ours / pgbench" + by, "%.0f %%".formatted(100 * read / reference), ">= 70 %");
    }
}
