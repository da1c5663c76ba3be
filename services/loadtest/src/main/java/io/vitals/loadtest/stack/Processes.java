package io.vitals.loadtest.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** What the system tells of a process. */
public final class Processes {
    /** The kernel counts in hundredths of a second whatever its own clock does. */
    private static final long TICK_NANOS = 10_000_000;

    private Processes() {}

    /** Processor time of a process so far, in nanoseconds. */
    public static long cpuNanos(ProcessHandle process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /** Processor time of the sessions of a database so far, in nanoseconds; what their processes are called says which those are. */
    public static long postgresCpuNanos(String database) throws IOException {
        long nanos = 0;
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList()) {
                nanos += sessionNanos(process, database);
            }
        }
        return nanos;
    }

    private static long sessionNanos(Path process, String database) {
        try {
            String title = Files.readString(process.resolve("cmdline"));
            String stat = Files.readString(process.resolve("stat"));
            if (!title.startsWith("postgres: ") || !title.contains(" " + database + " ")) {
                return 0;
            }
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_NANOS;
        } catch (IOException e) {
            // Ended meanwhile.
            return 0;
        }
    }

    public static long residentKilobytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
