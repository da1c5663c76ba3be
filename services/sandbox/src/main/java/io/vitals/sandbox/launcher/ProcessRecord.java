package io.vitals.sandbox.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A process noted in a file, so that a later launcher finds it. The start time tells it from a reuse of its number. */
record ProcessRecord(Path file) {
    /** The system derives start times from its boot time, which moves when the clock is set. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    void note(ProcessHandle process) {
        long started = process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, process.pid() + " " + started + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<ProcessHandle> running() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            List<String> parts = List.of(Files.readString(file).strip().split(" "));
            if (parts.size() != 2) {
                return Optional.empty();
            }
            Instant started = Instant.ofEpochMilli(Long.parseLong(parts.get(1)));
            return ProcessHandle.of(Long.parseLong(parts.get(0)))
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> handle.info()
                            .startInstant()
                            .map(instant ->
                                    Duration.between(instant, started).abs().compareTo(TOLERANCE) <= 0)
                            .orElse(false));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
