package io.vitals.loadtest;

import io.vitals.sandbox.postgres.SandboxDatabase;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PostgreSQL's own bench, the yardstick for what the database gives: the leanest client with prepared statements. */
final class Pgbench {
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");

    private final SandboxDatabase database;
    private final Path directory;
    private final int clients;
    private final Path script;

    Pgbench(SandboxDatabase database, Path directory, int clients) {
        this(database, directory, clients, directory);
    }

    private Pgbench(SandboxDatabase database, Path directory, int clients, Path script) {
        this.database = database;
        this.directory = directory;
        this.clients = clients;
        this.script = script;
    }

    Pgbench script(String name, String statements) throws IOException {
        return new Pgbench(database, directory, clients, Files.writeString(directory.resolve(name), statements));
    }

    double transactionsPerSecond(double seconds) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                "pgbench",
                "-n",
                "-M",
                "prepared",
                "-c",
                Integer.toString(clients),
                "-j",
                "2",
                "-T",
                Long.toString(Math.max(1, Math.round(seconds))),
                "-f",
                script.toString(),
                database.url()
                        .replaceFirst("jdbc:", "")
                        .replaceFirst("//", "//" + database.app().user() + "@"));
        builder.environment().put("PGPASSWORD", database.app().password());
        builder.redirectErrorStream(true);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        Matcher tps = TPS.matcher(output);
        if (!tps.find()) {
            throw new IllegalStateException("pgbench gave no figure:\n" + output);
        }
        return Double.parseDouble(tps.group(1));
    }
}
