package io.vitals.loadtest;

import io.vitals.kit.db.Sql;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.records.Records;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Taking in a month of a thousand members with no quota in the way, then reading a week of one beside pgbench with the same statements. */
final class StoreBench {
    private static final int MEMBERS = 1_000;
    private static final int ROUNDS = 3;

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
        String[] backfill = program("backfill", Integer.toString(MEMBERS)).split(" ", -1);
        report.row(
                "backfill of %d members x %d days, records/s stored in pages of 25".formatted(MEMBERS, Pages.DAYS),
                backfill[0],
                ">= 20000");
        report.row(
                "backfill, heap in use after 10 / 50 / 100 %, MB",
                backfill[1] + " / " + backfill[2] + " / " + backfill[3], "flat");
        read();
    }

    private void read() throws Exception {
        UUID member = StoreProgram.member(0).value();
        execute("""
                INSERT INTO link (member_id, whoop_user_id, state, since, scopes) VALUES ('%s', %d, 'active', now(), '');
                INSERT INTO body (member_id, whoop_user_id, height_meter, weight_kilogram, max_heart_rate, fetched_at, raw)
                VALUES ('%1$s', %2$d, 1.8, 80, 190, now(), '{}');
                ANALYZE""".formatted(member, Pages.account(0)));
        Pgbench pgbench =
                new Pgbench(stack.whoopDatabase(), directory, StoreProgram.READERS).script("week.sql", script(member));
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ours.add(Double.parseDouble(program("range", Double.toString(seconds))));
            theirs.add(pgbench.transactionsPerSecond(seconds));
        }
        double read = Figures.median(ours);
        double reference = Figures.median(theirs);
        report.row("a week of a member's records, reads/s", "%.0f".formatted(read));
        report.row("pgbench of the same statements, transactions/s", "%.0f".formatted(reference));
        report.row("ours / pgbench", "%.0f %%".formatted(100 * read / reference), ">= 70 %");
    }

    private static String script(UUID member) {
        Map<String, String> values = Map.of(
                ":member", "'" + member + "'",
                ":from", "DATE '" + Pages.LAST.minusDays(6) + "'",
                ":to", "DATE '" + Pages.LAST + "'",
                ":user", Long.toString(Pages.account(0)));
        return Records.rangeStatements().stream()
                .map(Sql::text)
                .map(text -> values.entrySet().stream()
                        .reduce(
                                text,
                                (filled, value) -> filled.replaceAll(value.getKey() + "\\b", value.getValue()),
                                (one, _) -> one))
                .collect(Collectors.joining(";\n", "", ";\n"));
    }

    private void execute(String statements) throws SQLException {
        try (Connection connection = stack.whoopDatabase().connectAsOwner()) {
            connection.createStatement().execute(statements);
        }
    }

    /** Runs {@link StoreProgram} and returns the line it prints. */
    private String program(String what, String argument) throws IOException, InterruptedException {
        SandboxDatabase database = stack.whoopDatabase();
        Path password = Files.writeString(
                directory.resolve("store-password"), database.app().password());
        Path errors = directory.resolve("store.log");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:+UseSerialGC",
                        "-Xmx384m",
                        "-Dlogback.configurationFile=sandbox-logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreProgram.class.getName(),
                        database.url(),
                        database.app().user(),
                        password.toString(),
                        what,
                        argument)
                .redirectError(errors.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the store program failed:\n" + output + Files.readString(errors));
        }
        List<String> lines = output.strip().lines().toList();
        return lines.getLast();
    }
}
