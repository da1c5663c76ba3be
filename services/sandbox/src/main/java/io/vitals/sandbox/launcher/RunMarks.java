package io.vitals.sandbox.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a running launcher leaves in the directory for the commands that look for it. */
final class RunMarks {
    /** The note of the launcher, among those of the services. */
    static final String LAUNCHER = "launcher";

    private final ProcessRecord launcher;
    private final Path ready;

    RunMarks(Path directory) {
        this.launcher = new ProcessRecord(directory.resolve("processes").resolve(LAUNCHER));
        this.ready = directory.resolve("processes").resolve("ready");
    }

    void starting() {
        delete(ready);
        launcher.note(ProcessHandle.current());
    }

    void ready() {
        try {
            Files.writeString(ready, Long.toString(ProcessHandle.current().pid()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void ended() {
        delete(ready);
        launcher.forget();
    }

    Optional<ProcessHandle> running() {
        return launcher.running();
    }

    boolean isReady(long pid) {
        try {
            return Files.exists(ready) && Files.readString(ready).equals(Long.toString(pid));
        } catch (IOException e) {
            return false;
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
