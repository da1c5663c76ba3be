package io.vitals.sandbox.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A run in the background: started, found and stopped by way of its directory. */
final class Background {
    private static final Duration READY_DEADLINE = Duration.ofMinutes(6);
    private static final Duration STOP_DEADLINE = Duration.ofMinutes(2);

    private final Path directory;
    private final PrintStream out;
    private final RunMarks marks;

    Background(Path directory, PrintStream out) {
        this.directory = directory;
        this.out = out;
        this.marks = new RunMarks(directory);
    }

    /** Starts this same program without a terminal, shows its progress, and returns when it is ready or has failed. */
    int start(List<String> arguments) {
        if (marks.running().isPresent()) {
            throw new LaunchFailure("Vitals runs already in " + directory + ": stop it first (make stop)");
        }
        try {
            Path log = Files.createDirectories(directory.resolve("log")).resolve("launcher.log");
            Files.deleteIfExists(log);
            Files.createFile(log);
            Process child = launch(arguments, log);
            long shown = 0;
            long end = System.nanoTime() + READY_DEADLINE.toNanos();
            while (child.isAlive() && !marks.isReady(child.pid())) {
                if (System.nanoTime() > end) {
                    end(child.toHandle());
                    throw new LaunchFailure("Vitals is not ready after " + READY_DEADLINE.toMinutes() + " minutes");
                }
                var _ = child.waitFor(100, TimeUnit.MILLISECONDS);
                shown = show(log, shown);
            }
            var _ = show(log, shown);
            return child.isAlive() ? 0 : 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchFailure("Interrupted", e);
        }
    }

    int stop() {
        Optional<ProcessHandle> running = marks.running();
        running.ifPresent(this::end);
        int left = Leftovers.end(directory);
        marks.ended();
        out.println(running.isPresent() || left > 0 ? "Vitals is stopped" : "Vitals does not run");
        return 0;
    }

    int status() {
        Optional<ProcessHandle> running = marks.running();
        if (running.isEmpty()) {
            out.println("Vitals does not run");
            return 3;
        }
        long pid = running.get().pid();
        out.println(marks.isReady(pid) ? "Vitals runs, process " + pid : "Vitals is starting, process " + pid);
        return 0;
    }

    private void end(ProcessHandle launcher) {
        launcher.destroy();
        try {
            launcher.onExit().get(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchFailure("Interrupted", e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            launcher.destroyForcibly();
        }
    }

    private static Process launch(List<String> arguments, Path log) throws IOException {
        var line = new ArrayList<>(ServiceProcess.ownSession());
        line.add(ProcessHandle.current().info().command().orElse("java"));
        line.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.vitals.sandbox.Main"));
        line.addAll(arguments);
        return new ProcessBuilder(line)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
    }

    private long show(Path log, long from) throws IOException {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] fresh = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(fresh);
            out.print(new String(fresh, StandardCharsets.UTF_8));
            out.flush();
            return from + fresh.length;
        }
    }
}
