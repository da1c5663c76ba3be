package io.vitals.sandbox.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a killed run leaves: a postmaster that still runs without its launcher, or only its pid file. PostgreSQL refuses
 * to start over a pid file whose number belongs to any living process, so the file of a process that is gone is removed.
 */
final class LeftoverPostmaster {
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

    private static void awaitEnd(ProcessHandle handle) {
        try {
            handle.onExit().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresFailure("Interrupted while PostgreSQL was being killed", e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new PostgresFailure("PostgreSQL process " + handle.pid() + " does not end", e);
        }
    }
}
