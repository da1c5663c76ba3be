package io.vitals.sandbox.launcher;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A service run from its packaged jar as a process of its own. */
public final class ServiceProcess {
    private static final Duration MIGRATION_DEADLINE = Duration.ofMinutes(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final String name;
    private final Path jar;
    private final Path configuration;
    private final Map<String, String> settings;
    private final Path log;
    private final URI ready;
    private final ProcessRecord record;
    private final Consumer<String> onUnexpectedEnd;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private @Nullable Process process;
    private @Nullable Process endExpected;

    /**
     * Starts nothing yet.
     *
     * @param settings environment variables that go before the configuration file
     */
    ServiceProcess(
            String name,
            Path jar,
            Path configuration,
            Map<String, String> settings,
            Path log,
            URI ready,
            ProcessRecord record,
            Consumer<String> onUnexpectedEnd) {
        this.name = name;
        this.jar = jar;
        this.configuration = configuration;
        this.settings = Map.copyOf(settings);
        this.log = log;
        this.ready = ready;
        this.record = record;
        this.onUnexpectedEnd = onUnexpectedEnd;
    }

    String name() {
        return name;
    }

    /** Brings the schema up to date; its output goes to the service's log. */
    void migrate() {
        try {
            keepOldLog();
            Process migration = launch("migrate");
            if (!migration.waitFor(MIGRATION_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                migration.destroyForcibly();
                throw new LaunchFailure("The migration of " + name + " does not end; see " + log);
            }
            if (migration.exitValue() != 0) {
                throw new LaunchFailure("The migration of " + name + " failed with exit code " + migration.exitValue()
                        + "; see " + log);
            }
        } catch (IOException e) {
            throw new LaunchFailure(name + " cannot be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchFailure("Interrupted during the migration of " + name, e);
        }
    }

    /** Starts the process without waiting for it to be ready. */
    public synchronized void start() {
        try {
            Process started = launch("serve");
            process = started;
            record.note(started.toHandle());
            var _ = started.onExit().thenAccept(this::ended);
        } catch (IOException e) {
            throw new LaunchFailure(name + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** Waits until the service says that it is ready. */
    public void awaitReady(Duration deadline) {
        awaitReady(deadline, () -> false);
    }

    void awaitReady(Duration deadline, BooleanSupplier givenUp) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!isReady()) {
            if (givenUp.getAsBoolean()) {
                throw new LaunchFailure("Stopped while " + name + " was starting");
            }
            if (!isAlive()) {
                throw new LaunchFailure(name + " ended while it was starting; see " + log);
            }
            if (System.nanoTime() > end) {
                throw new LaunchFailure(name + " is not ready after " + deadline.toSeconds() + " s; see " + log);
            }
            pause();
        }
    }

    public boolean isReady() {
        var request =
                HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(3)).build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchFailure("Interrupted while waiting for " + name, e);
        }
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    public synchronized long pid() {
        return process == null ? -1 : process.pid();
    }

    /** Where its output goes. */
    public Path log() {
        return log;
    }

    /** SIGTERM, and SIGKILL when it does not end in time. Does nothing when it does not run. */
    public void stop(Duration deadline) {
        Process running = expectEnd();
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        record.forget();
    }

    /** SIGKILL, for fault tests; {@link #start()} brings it back. */
    public void kill() {
        Process running = expectEnd();
        if (running != null) {
            running.destroyForcibly();
            running.onExit().join();
            record.forget();
        }
    }

    private synchronized @Nullable Process expectEnd() {
        endExpected = process;
        return process;
    }

    /** Comes late, maybe after the next start: hence the question is about this very process. */
    private void ended(Process process) {
        if (!isExpectedToEnd(process)) {
            onUnexpectedEnd.accept(name + " ended by itself with exit code " + process.exitValue() + "; see " + log);
        }
    }

    private synchronized boolean isExpectedToEnd(Process process) {
        return endExpected != null && endExpected.equals(process);
    }

    private Process launch(String command) throws IOException {
        var line = new ArrayList<String>(ownSession());
        line.add(ProcessHandle.current().info().command().orElse("java"));
        line.addAll(List.of(
                "-XX:+UseSerialGC",
                "-Xmx384m",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                jar.toString()));
        // Serving is what the jar does without arguments.
        if (!"serve".equals(command)) {
            line.add(command);
        }
        var builder = new ProcessBuilder(line)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .redirectError(Redirect.appendTo(log.toFile()));
        // A service refuses variables it does not know; what it needs stands in its file.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("VITALS_"));
        builder.environment().put("VITALS_CONFIG", configuration.toString());
        builder.environment().putAll(settings);
        return builder.start();
    }

    /** In its own session a process does not get the terminal's Ctrl-C, so that the launcher can stop all in order. */
    static List<String> ownSession() {
        Path setsid = Path.of("/usr/bin/setsid");
        return Files.isExecutable(setsid) ? List.of(setsid.toString()) : List.of();
    }

    private void keepOldLog() throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        if (Files.exists(log)) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchFailure("Interrupted", e);
        }
    }
}
