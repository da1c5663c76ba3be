package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.MemberDays;
import io.vitals.loadtest.stack.Processes;
import io.vitals.loadtest.traffic.LoadGenerator;
import io.vitals.loadtest.traffic.Program;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Memory of health-api under steady reading for a long while, by its live objects and by what the process holds of the machine. */
final class SoakBench {
    private static final int CONNECTIONS = 16;
    private static final int SLICES = 10;
    private static final double PER_SECOND = 300;

    private final Stack stack;
    private final Duration length;
    private final Report report;

    SoakBench(Stack stack, Duration length, Report report) {
        this.stack = stack;
        this.length = length;
        this.report = report;
    }

    void run() throws Exception {
        Program program = Program.of(stack, Account.JONAS);
        try (Connection connection = stack.healthDatabase().connectAsOwner()) {
            MemberDays.seed(connection, program.member());
        }
        byte[] read = program.readsWeek();
        LoadGenerator load = new LoadGenerator(stack.ports().healthPublic(), CONNECTIONS);
        List<Long> live = new ArrayList<>();
        List<Long> resident = new ArrayList<>();
        long failed = 0;
        for (int slice = 0; slice < SLICES; slice++) {
            failed += load.runAt(PER_SECOND, length.toMillis() / 1e3 / SLICES, 200, n -> read)
                    .failed();
            live.add(liveKilobytes(stack.healthApi().pid()));
            resident.add(Processes.residentKilobytes(stack.healthApi().pid()));
        }
        report.row(
                "soak of %d s at %.0f reads/s, failed".formatted(length.toSeconds(), PER_SECOND),
                Long.toString(failed),
                "0");
        report.row("live objects after 20 / 50 / 100 % of it, MB", third(live), "flat");
        report.row("resident memory after 20 / 50 / 100 % of it, MB", third(resident), "flat");
    }

    private static String third(List<Long> kilobytes) {
        return "%.1f / %.1f / %.1f"
                .formatted(
                        kilobytes.get(SLICES / 5 - 1) / 1024.0,
                        kilobytes.get(SLICES / 2 - 1) / 1024.0,
                        kilobytes.getLast() / 1024.0);
    }

    /** The histogram of classes counts live objects only, after a full collection; its last line is the sum. */
    private static long liveKilobytes(long pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Path output = Files.createTempFile("live", ".txt");
        try {
            Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("jcmd told nothing of the heap");
            }
            String total = Files.readAllLines(output).reversed().stream()
                    .filter(line -> line.startsWith("Total"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(total.strip().split("\\s+", -1)[2]) / 1024;
        } finally {
            Files.delete(output);
        }
    }
}
