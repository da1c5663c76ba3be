package io.vitals.sandbox.launcher;

import io.vitals.sandbox.postgres.SandboxPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The processes of a run whose launcher was killed; they still hold ports and data. */
final class Leftovers {
    private Leftovers() {}

    static ProcessRecord record(Path directory, String service) {
        return new ProcessRecord(processes(directory).resolve(service));
    }

    private static Path processes(Path directory) {
        return directory.resolve("processes");
    }

    static Path postgres(Path directory) {
        return directory.resolve("postgres");
    }

    /** As {@link #end}, unless the launcher that started them still lives. */
    static void endIfAbandoned(Path directory) {
        if (new RunMarks(directory)
                .running()
                .filter(other -> other.pid() != ProcessHandle.current().pid())
                .isEmpty()) {
            end(directory);
        }
    }

    /** Ends them at once: nobody waits for their answers any more, and accepted work lies in the database. */
    static int end(Path directory) {
        int ended = 0;
        for (ProcessRecord record : records(directory)) {
            var running = record.running();
            if (running.isPresent()) {
                running.get().destroyForcibly();
                running.get().onExit().orTimeout(10, TimeUnit.SECONDS).join();
                ended++;
            }
            record.forget();
        }
        return ended + (SandboxPostgres.endLeftover(postgres(directory)) ? 1 : 0);
    }

    /** Ends them and empties the directory, for tests that begin with nothing. */
    static void clear(Path directory) {
        end(directory);
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> left = Files.walk(directory)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As many as were noted: a run may have had several replicas of a service. The launcher's own note is not of a leftover. */
    private static List<ProcessRecord> records(Path directory) {
        if (!Files.isDirectory(processes(directory))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(processes(directory))) {
            return files.filter(file -> !file.endsWith(RunMarks.LAUNCHER))
                    .sorted()
                    .map(ProcessRecord::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
