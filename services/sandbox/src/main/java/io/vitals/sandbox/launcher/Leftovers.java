package io.vitals.sandbox.launcher;

import io.vitals.sandbox.postgres.SandboxPostgres;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The processes of a run whose launcher was killed; they still hold ports and data. */
final class Leftovers {
    private static final List<String> SERVICES = List.of("health-api", "whoop-service");

    private Leftovers() {}

    static ProcessRecord record(Path directory, String service) {
        return new ProcessRecord(directory.resolve("processes").resolve(service));
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
        for (String service : SERVICES) {
            ProcessRecord record = record(directory, service);
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
}
