package io.vitals.loadtest.bench;

import io.vitals.sandbox.postgres.SandboxDatabase;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's own bench, the yardstick for what the database gives: the leanest client, with one prepared statement and its values as
 * parameters, as a service sends them.
 */
final class Pgbench {
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");

    private final SandboxDatabase database;
    private final Path script;
    private final Map<String, String> values;

    private Pgbench(SandboxDatabase database, Path script, Map<String, String> values) {
        this.database = database;
        this.script = script;
        this.values = new TreeMap<>(values);
    }

    /**
     * A script of one statement.
     *
     * @param statement with {@code :name} parameters
     * @param values by name
     */
    static Pgbench of(
            SandboxDatabase database, Path directory, String name, String statement, Map<String, String> values)
            throws IOException {
        return new Pgbench(database, Files.writeString(directory.resolve(name + ".sql"), statement + ";\n"), values);
    }

    double transactionsPerSecond(int clients, double seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "pgbench",
                "-n",
                "-M",
                "prepared",
                "-c",
                Integer.toString(clients),
                "-j",
                Integer.toString(Math.min(2, clients)),
                "-T",
                Long.toString(Math.max(1, Math.round(seconds))),
                "-f",
                script.toString()));
        values.forEach((name, value) -> command.addAll(List.of("-D", name + "=" + value)));
        command.add(database.url()
                .replaceFirst("jdbc:", "")
                .replaceFirst("//", "//" + database.app().user() + "@"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PGPASSWORD", database.app().password());
        builder.environment().put("PGOPTIONS", "-c vitals.worker=projector");
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
