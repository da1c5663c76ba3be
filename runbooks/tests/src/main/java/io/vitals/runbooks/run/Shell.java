package io.vitals.runbooks.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Runs commands in a group of processes of their own, so that all of it can be ended. */
final class Shell implements AutoCloseable {
    /** What a person can still read. */
    static final int LONGEST = 64 * 1024;

    private static final int CANNOT_RUN = 126;
    private static final int NOT_FOUND = 127;
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Path folder;
    private final Set<Long> groups = ConcurrentHashMap.newKeySet();

    /** Commands run in the folder. */
    Shell(Path folder) {
        this.folder = folder;
    }

    /**
     * Runs to the end.
     *
     * @param environment all that there is
     * @param stays whether what it leaves running goes on until {@link #close()}
     */
    Answer run(String commands, Map<String, String> environment, Duration timeout, boolean stays)
            throws StepFailure, InterruptedException {
        try {
            Path scratch = Files.createTempDirectory("runbook-");
            try {
                return run(scratch, commands, environment, timeout, stays);
            } finally {
                delete(scratch);
            }
        } catch (IOException e) {
            throw new StepFailure("could not be started: " + e.getMessage(), e);
        }
    }

    private Answer run(Path scratch, String commands, Map<String, String> environment, Duration timeout, boolean stays)
            throws IOException, StepFailure, InterruptedException {
        Path script = Files.writeString(scratch.resolve("step.sh"), commands + "\n");
        // Files rather than pipes: what stays in the background keeps none of them open for us.
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");
        var builder = new ProcessBuilder(
                        "setsid", "bash", "--noprofile", "--norc", "-euo", "pipefail", script.toString())
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        groups.add(process.pid());
        boolean ended = false;
        try {
            ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            if (!ended || !stays) {
                end(process.pid());
                process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        if (!ended) {
            throw new StepFailure(
                    "did not end within " + text(timeout) + "; its processes were ended\n" + read(out) + read(err));
        }
        String said = read(out);
        if (process.exitValue() == CANNOT_RUN || process.exitValue() == NOT_FOUND) {
            // Not an answer to anything: nobody was asked.
            throw new StepFailure("a program could not be run: " + read(err).strip());
        }
        return new Answer(OptionalInt.of(process.exitValue()), said, read(err), OptionalInt.empty(), number(said));
    }

    private static double number(String said) {
        try {
            return Double.parseDouble(said.strip());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Asks the group to end, and ends what of it is left. */
    private void end(long group) throws IOException, InterruptedException {
        if (signal("TERM", group)) {
            long until = System.nanoTime() + GRACE.toNanos();
            while (signal("0", group) && System.nanoTime() < until) {
                Thread.sleep(20);
            }
            signal("KILL", group);
        }
        groups.remove(group);
    }

    /** Whether there was anybody to get it. */
    private static boolean signal(String name, long group) throws IOException, InterruptedException {
        return new ProcessBuilder("bash", "-c", "kill -s \"$1\" -- \"-$2\"", "kill", name, Long.toString(group))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
            return in.read() < 0 ? text : text + "\n… (more was said)\n";
        }
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static void delete(Path scratch) throws IOException {
        try (var files = Files.list(scratch)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(scratch);
    }

    /** Ends whatever of any step still runs. */
    @Override
    public void close() {
        for (long group : List.copyOf(groups)) {
            try {
                end(group);
            } catch (IOException e) {
                throw new IllegalStateException("processes of group " + group + " could not be ended", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
