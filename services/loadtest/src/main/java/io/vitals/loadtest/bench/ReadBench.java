package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.JavaProgram;
import io.vitals.loadtest.stack.MemberDays;
import io.vitals.loadtest.stack.Queries;
import io.vitals.loadtest.stack.Sockets;
import io.vitals.loadtest.traffic.Figures;
import io.vitals.loadtest.traffic.LoadGenerator;
import io.vitals.loadtest.traffic.Program;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.postgres.SandboxDatabase;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The 7-day range read: ours, the bare reference and pgbench, by turns in one run. */
final class ReadBench {
    private static final int CONNECTIONS = 16;
    private static final int POOL = 10;
    private static final int ROUNDS = 3;
    private static final int OTHER_MEMBERS = 300;
    /** So many requests compile the hot paths; how long that takes depends on the machine. */
    private static final int WARM_REQUESTS = 30_000;

    private final Stack stack;
    private final Path directory;
    private final double seconds;
    private final Report report;

    ReadBench(Stack stack, Path directory, double seconds, Report report) {
        this.stack = stack;
        this.directory = directory;
        this.seconds = seconds;
        this.report = report;
    }

    void run() throws Exception {
        Program program = Program.of(stack, Account.JONAS);
        try (Connection connection = stack.healthDatabase().connectAsOwner()) {
            MemberDays.seed(connection, program.member());
            MemberDays.seed(connection, 1, OTHER_MEMBERS);
            Queries.execute(connection, "ANALYZE daily_record");
        }
        byte[] ours = program.readsWeek();
        LoadGenerator product = new LoadGenerator(stack.ports().healthPublic(), CONNECTIONS);
        Figures most = compare(program.member(), product, ours);
        half(product, ours, most.perSecond() / 2);
        door(program);
        new ReadCosts(stack, seconds, report).run(product, ours);
    }

    private Figures compare(UUID member, LoadGenerator product, byte[] ours) throws Exception {
        byte[] theirs = LoadGenerator.get("/days/" + member + "?" + Program.week(), "none");
        int referencePort = Sockets.free();
        Process reference = startReference(referencePort);
        try {
            LoadGenerator bare = new LoadGenerator(referencePort, CONNECTIONS);
            warmUp(product, ours);
            warmUp(bare, theirs);
            List<Figures> products = new ArrayList<>();
            List<Figures> bares = new ArrayList<>();
            List<Double> pgbench = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            Pgbench same = pgbench(member, MemberDays.LAST);
            Effort oursEffort =
                    new Effort(ProcessHandle.of(stack.healthApi().pid()).orElseThrow());
            Effort theirEffort = new Effort(reference.toHandle());
            for (int round = 0; round < ROUNDS; round++) {
                products.add(oursEffort.of(() -> product.run(seconds, 200, n -> ours)));
                bares.add(theirEffort.of(() -> bare.run(seconds, 200, n -> theirs)));
                pgbench.add(same.transactionsPerSecond(CONNECTIONS, seconds));
                ratios.add(products.getLast().perSecond() / bares.getLast().perSecond());
            }
            write(products, bares, pgbench, Figures.median(ratios));
            report.row("processor time a request, service + PostgreSQL, ours, us", oursEffort.toString());
            report.row("the same of the bare reference, us", theirEffort.toString());
            return median(products);
        } finally {
            reference.destroy();
            reference.waitFor();
        }
    }

    private void warmUp(LoadGenerator load, byte[] request) throws InterruptedException {
        for (int done = 0; done < WARM_REQUESTS; ) {
            done += load.run(seconds, 200, n -> request).sortedNanos().length;
        }
    }

    private void write(List<Figures> products, List<Figures> bares, List<Double> pgbench, double ratio) {
        Figures product = median(products);
        Figures bare = median(bares);
        report.row("7-day range, requests/s (by API key)", "%.0f".formatted(product.perSecond()));
        report.row("7-day range, p50 / p99 ms at %d connections".formatted(CONNECTIONS), quantiles(product));
        report.row(
                "7-day range, failed",
                Long.toString(products.stream().mapToLong(Figures::failed).sum()),
                "0");
        report.row("bare Helidon + DbClient, requests/s", "%.0f".formatted(bare.perSecond()));
        report.row("bare Helidon + DbClient, p50 / p99 ms", quantiles(bare));
        report.row(
                "ours / bare reference, median of %d rounds".formatted(ROUNDS),
                "%.0f %%".formatted(ratio * 100),
                ">= 70 %");
        report.row("pgbench of the same statement, transactions/s", "%.0f".formatted(Figures.median(pgbench)));
    }

    /** Requests that fall due whatever becomes of those before, at half of what a closed loop got. */
    private void half(LoadGenerator product, byte[] ours, double perSecond) throws InterruptedException {
        List<Double> p99 = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            p99.add(product.runAt(perSecond, seconds, 200, n -> ours).quantileMillis(0.99));
        }
        report.row(
                "7-day range at half of that, open loop, p99 ms, median of %d".formatted(ROUNDS),
                "%.2f".formatted(Figures.median(p99)),
                "< 20");
    }

    /** Two refusals that differ in nothing but that one caller has to prove who they are: by a key that lacks the scope. */
    private void door(Program program) throws InterruptedException {
        byte[] known = LoadGenerator.get("/api/v1/me/sessions", program.key());
        byte[] token = LoadGenerator.get("/api/v1/audit", program.token());
        byte[] unknown =
                "GET /api/v1/erasures/none HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        LoadGenerator one = new LoadGenerator(stack.ports().healthPublic(), 1);
        List<Double> keys = new ArrayList<>();
        List<Double> tokens = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            double nobody = one.run(seconds, 404, n -> unknown).quantileMillis(0.5);
            double key = one.run(seconds, 403, n -> known).quantileMillis(0.5);
            double bearer = one.run(seconds, 403, n -> token).quantileMillis(0.5);
            // The first round compiles.
            if (round > 0) {
                keys.add(key - nobody);
                tokens.add(bearer - nobody);
            }
        }
        report.row(
                "authentication by API key / by token, overhead p50 ms at 1 connection",
                "%.3f / %.3f".formatted(Figures.median(keys), Figures.median(tokens)),
                "< 1");
    }

    private static String quantiles(Figures figures) {
        return "%.2f / %.2f".formatted(figures.quantileMillis(0.5), figures.quantileMillis(0.99));
    }

    private static Figures median(List<Figures> rounds) {
        return rounds.stream()
                .sorted(java.util.Comparator.comparingDouble(Figures::perSecond))
                .toList()
                .get(rounds.size() / 2);
    }

    private Process startReference(int port) throws IOException, InterruptedException {
        SandboxDatabase database = stack.healthDatabase();
        Path password = Files.writeString(
                directory.resolve("reference-password"), database.app().password());
        Process process = JavaProgram.of(
                        Reference.class.getName(),
                        List.of(),
                        List.of(
                                Integer.toString(port),
                                database.url(),
                                database.app().user(),
                                password.toString(),
                                Integer.toString(POOL)))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("reference.log").toFile())
                .start();
        Sockets.awaitListening(port);
        return process;
    }

    private Pgbench pgbench(UUID member, LocalDate last) throws IOException {
        return Pgbench.of(
                stack.healthDatabase(),
                directory,
                "range",
                Reference.STATEMENT,
                Map.of(
                        "member", member.toString(),
                        "from", last.minusDays(6).toString(),
                        "to", last.toString(),
                        "limit", "31"));
    }
}
