package io.vitals.gitops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import static org.awaitility.Awaitility.await;

/** Runs programs: those of tools/, built by tools/build when they are not there yet, and others by their path. */
public final class Program {
    /** The tree's own root. */
    public static final Path ROOT = root();

    private static final Pattern LISTENS = Pattern.compile("msg=\"Listening on\" address=127\\.0\\.0\\.1:(\\d+)");
    private static final Map<String, String> BUILT = new ConcurrentHashMap<>();

    private Program() {}

    /** What a program said and how it ended. */
    public record Answer(int code, String out, String err) {
        /** What it said to a caller that wanted it to succeed. */
        public String orThrow() {
            if (code != 0) {
                throw new IllegalStateException("ended with " + code + ": " + err.strip() + out.strip());
            }
            return out;
        }
    }

    /** The path of a program of tools/. */
    public static String tool(String name) {
        return BUILT.computeIfAbsent(
                name,
                missing -> run(ROOT, Map.of(), ROOT.resolve("tools/build").toString(), missing)
                        .orThrow()
                        .strip());
    }

    public static Answer run(Path folder, String... command) {
        return run(folder, Map.of(), command);
    }

    public static Answer run(Path folder, Map<String, String> environment, String... command) {
        try {
            // Files rather than pipes: nothing can fill up.
            Path out = Files.createTempFile("out", null);
            Path err = Files.createTempFile("err", null);
            try {
                var builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                        .directory(folder.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(10, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("did not end: " + String.join(" ", command));
                }
                return new Answer(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The port that a program which was started at any free one says in its log; those of Prometheus' house say it alike. */
    public static int listening(Path log) {
        return await("it listens: " + log)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> LISTENS.matcher(Files.readString(log))
                                .results()
                                .map(match -> Integer.parseInt(match.group(1)))
                                .findFirst()
                                .orElse(0),
                        found -> found > 0);
    }

    /** Asks a process to end, and ends it when it does not. */
    public static void end(Process process) {
        process.destroy();
        if (process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join()
                .isAlive()) {
            process.destroyForcibly();
        }
    }

    private static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("tools/build"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not within the tree");
    }
}
