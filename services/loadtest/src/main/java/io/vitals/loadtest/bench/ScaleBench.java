package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.MemberDays;
import io.vitals.loadtest.stack.Queries;
import io.vitals.loadtest.traffic.Figures;
import io.vitals.loadtest.traffic.LoadGenerator;
import io.vitals.loadtest.traffic.Program;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Stack;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the 7-day range costs as the table of days grows: years of more and more members, read for members all over it. */
final class ScaleBench {
    private static final int SMALL = 1_000;
    private static final int STEP = 1_000;
    private static final int READERS = 500;
    private static final int READS = 4_000;
    private static final int WARM = 3_000;

    private final Stack stack;
    private final int members;
    private final Report report;

    /** {@code members}: how many there are in the end. */
    ScaleBench(Stack stack, int members, Report report) {
        this.stack = stack;
        this.members = members;
        this.report = report;
    }

    void run() throws Exception {
        Program program = Program.of(stack, Account.JONAS);
        try (Connection connection = stack.healthDatabase().connectAsOwner()) {
            MemberDays.seed(connection, program.member());
            seed(connection, 1, SMALL);
            measure(connection, program, SMALL);
            seed(connection, SMALL + 1, members);
            measure(connection, program, members);
        }
    }

    private static void seed(Connection connection, int first, int last) throws Exception {
        for (int from = first; from <= last; from += STEP) {
            MemberDays.seed(connection, from, Math.min(last, from + STEP - 1));
        }
        // Migrations run as the owner, but only a superuser may ask for a checkpoint; vacuuming is what a server has
        // done by itself.
        Queries.execute(connection, "VACUUM (ANALYZE) daily_record");
    }

    private void measure(Connection connection, Program program, int size) throws Exception {
        List<Double> millis = statements(connection, size);
        LoadGenerator one = new LoadGenerator(stack.ports().healthPublic(), 1);
        byte[] read = program.readsWeek();
        one.run(1, 200, n -> read);
        report.row(
                "the statement, members all over %,d x %d days, p50 / p99 ms".formatted(size, MemberDays.DAYS),
                "%.3f / %.3f".formatted(quantile(millis, 0.5), quantile(millis, 0.99)),
                "flat");
        Figures figures = one.run(3, 200, n -> read);
        report.row(
                "7-day range, 1 connection, at %,d members, p50 / p99 ms".formatted(size),
                "%.2f / %.2f".formatted(figures.quantileMillis(0.5), figures.quantileMillis(0.99)),
                "flat");
        report.row("its plan at %,d members".formatted(size), plan(connection, size), "flat");
    }

    /** As the service runs it: prepared, for one member after the other, seen through row-level security. */
    private static List<Double> statements(Connection connection, int size) throws SQLException {
        List<Double> millis = new ArrayList<>();
        try (var prepared = connection.prepareStatement(Reference.STATEMENT
                .replace(":member", "?")
                .replace(":from", "?")
                .replace(":to", "?")
                .replace(":limit", "?"))) {
            for (int i = 0; i < WARM + READS; i++) {
                prepared.setObject(1, MemberDays.member(1 + (int) (((long) i * 7919) % READERS * size / READERS)));
                prepared.setObject(2, MemberDays.LAST.minusDays(6));
                prepared.setObject(3, MemberDays.LAST);
                prepared.setInt(4, 31);
                long start = System.nanoTime();
                try (ResultSet row = prepared.executeQuery()) {
                    if (!row.next() || row.getLong("days") != 7) {
                        throw new IllegalStateException("a week is missing");
                    }
                }
                if (i >= WARM) {
                    millis.add((System.nanoTime() - start) / 1e6);
                }
            }
        }
        return millis.stream().sorted().toList();
    }

    private static double quantile(List<Double> sorted, double share) {
        return sorted.get((int) Math.round(share * (sorted.size() - 1)));
    }

    private static String plan(Connection connection, int size) throws SQLException {
        String statement = Reference.STATEMENT
                .replace(":member", "'" + MemberDays.member(size / 2) + "'")
                .replace(":from", "'" + MemberDays.LAST.minusDays(6) + "'")
                .replace(":to", "'" + MemberDays.LAST + "'")
                .replace(":limit", "31");
        try (Statement explain = connection.createStatement();
                ResultSet lines = explain.executeQuery(
                        "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) " + statement)) {
            List<String> plan = new ArrayList<>();
            while (lines.next()) {
                plan.add(lines.getString(1).strip().replaceFirst("^-> *", ""));
            }
            return plan.stream().filter(line -> line.contains("Scan")).collect(Collectors.joining("; "))
                    + "; "
                    + plan.stream()
                            .filter(line -> line.startsWith("Buffers:"))
                            .findFirst()
                            .orElse("");
        }
    }
}
