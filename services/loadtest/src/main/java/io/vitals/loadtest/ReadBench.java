package io.vitals.loadtest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.postgres.SandboxDatabase;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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
    private static final int DAYS = 365;

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
        String token = stack.simulators().issuer().accessTokenFor(Account.JONAS);
        UUID member = memberOf(token);
        LocalDate last = LocalDate.of(2026, 6, 30);
        seed(member, last);
        String range = "from=" + last.minusDays(6) + "&to=" + last;
        byte[] ours = LoadGenerator.get("/api/v1/users/" + member + "/days?" + range, token);
        byte[] theirs = LoadGenerator.get("/days/" + member + "?" + range, "none");
        LoadGenerator product = new LoadGenerator(stack.ports().healthPublic(), CONNECTIONS);

        int referencePort = Sockets.free();
        Process reference = startReference(referencePort);
        try {
            LoadGenerator bare = new LoadGenerator(referencePort, CONNECTIONS);
            // The first rounds compile both programs' hot paths.
            product.run(seconds, 200, n -> ours);
            bare.run(seconds, 200, n -> theirs);
            List<Figures> products = new ArrayList<>();
            List<Figures> bares = new ArrayList<>();
            List<Double> pgbench = new ArrayList<>();
            Pgbench same = pgbench(member, last);
            for (int round = 0; round < ROUNDS; round++) {
                products.add(product.run(seconds, 200, n -> ours));
                bares.add(bare.run(seconds, 200, n -> theirs));
                pgbench.add(same.transactionsPerSecond(CONNECTIONS, seconds));
            }
            write(products, bares, pgbench);
        } finally {
            reference.destroy();
            reference.waitFor();
        }
    }

    private void write(List<Figures> products, List<Figures> bares, List<Double> pgbench) {
        Figures product = median(products);
        Figures bare = median(bares);
        double ratio = product.perSecond() / bare.perSecond();
        report.row("7-day range, requests/s (bearer token judged)", "%.0f".formatted(product.perSecond()));
        report.row("7-day range, p50 / p99 ms at %d connections".formatted(CONNECTIONS), quantiles(product));
        report.row(
                "7-day range, failed",
                Long.toString(products.stream().mapToLong(Figures::failed).sum()));
        report.row("bare Helidon + DbClient, requests/s", "%.0f".formatted(bare.perSecond()));
        report.row("bare Helidon + DbClient, p50 / p99 ms", quantiles(bare));
        report.row("ours / bare reference", "%.0f %%".formatted(ratio * 100));
        report.row("pgbench of the same statement, transactions/s", "%.0f".formatted(Figures.median(pgbench)));
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

    private UUID memberOf(String token) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + stack.ports().healthPublic() + "/api/v1/me"))
                    .header("Authorization", "Bearer " + token)
                    .build();
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return UUID.fromString(
                    new ObjectMapper().readTree(response.body()).path("member").asText());
        }
    }

    private void seed(UUID member, LocalDate last) throws SQLException, IOException {
        String document = new String(
                java.util.Objects.requireNonNull(ReadBench.class.getResourceAsStream("day.json"))
                        .readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8);
        SandboxDatabase database = stack.healthDatabase();
        try (Connection connection = database.connectAsOwner();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO daily_record (member, local_date, version, document, content_hash,
                                                  formula_version, whoop_version, is_final, updated_at)
                        SELECT ?, d, n, CAST(replace(?, '2026-06-30', d::text) AS json), sha256(?), '1', 0, true, now()
                          FROM generate_series(0, ? - 1) AS n, LATERAL (SELECT CAST(? AS date) - n AS d) AS day
                        """)) {
            connection.createStatement().execute("SET vitals.worker = 'projector'");
            for (int i = 0; i <= OTHER_MEMBERS; i++) {
                insert.setObject(1, i == 0 ? member : new UUID(7, i));
                insert.setString(2, document);
                insert.setBytes(3, new byte[] {1});
                insert.setInt(4, DAYS);
                insert.setObject(5, last);
                insert.executeUpdate();
            }
            Queries.execute(connection, "ANALYZE daily_record");
        }
    }

    private Process startReference(int port) throws IOException, InterruptedException {
        SandboxDatabase database = stack.healthDatabase();
        Path password = Files.writeString(
                directory.resolve("reference-password"), database.app().password());
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Reference.class.getName(),
                        Integer.toString(port),
                        database.url(),
                        database.app().user(),
                        password.toString(),
                        Integer.toString(POOL))
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
