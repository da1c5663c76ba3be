package io.vitals.sandbox.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a killed run leaves: a postmaster that still runs without its launcher, or only its pid file. PostgreSQL refuses
 * to start over a pid file whose number belongs to any living process, so the file of a process that is gone is removed.
 */
final class LeftoverPostmaster {
    private static final Duration END_DEADLINE = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private LeftoverPostmaster() {}

    static void clear(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> running = running(data);
        if (running.isPresent()) {
            kill(running.get());
        }
        Files.deleteIfExists(pidFile);
    }

    /** The postmaster of this data directory, if it lives: the pid alone may belong to anything by now. */
    static Optional<ProcessHandle> running(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,9}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).filter(handle -> isPostmaster(handle, data));
    }

    private static boolean isPostmaster(ProcessHandle handle, Path data) {
        String commandLine = handle.info().commandLine().orElse("");
        return handle.isAlive()
                && commandLine.contains("postgres")
                && commandLine.contains(data.toAbsolutePath().toString());
    }

    /** SIGKILL for it and its backends: they would hold the shared memory for a moment, and a new start would fail. */
    static void kill(ProcessHandle postmaster) {
        List<ProcessHandle> all = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(postmaster);
        all.forEach(LeftoverPostmaster::awaitEnd);
    }

    /** A dead process that its parent has not taken notice of yet holds nothing any more, and its parent may be slow. */
    private static void awaitEnd(ProcessHandle handle) {
        long deadline = System.nanoTime() + END_DEADLINE.toNanos();
        while (handle.isAlive() && !isDefunct(handle.pid())) {
            if (System.nanoTime() > deadline) {
                throw new PostgresFailure("PostgreSQL process " + handle.pid() + " does not end");
            }
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PostgresFailure("Interrupted while PostgreSQL was being killed", e);
            }
        }
    }

    /** The state follows the program's name, which stands in parentheses and may hold any character. */
    private static boolean isDefunct(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            int state = stat.lastIndexOf(')') + 2;
            return state < stat.length() && "ZX".indexOf(stat.charAt(state)) >= 0;
        } catch (IOException e) {
            return true;
        }
    }
}
