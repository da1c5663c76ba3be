package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.Processes;
import io.vitals.sandbox.launcher.ServiceProcess;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Time from starting a service's process until it is ready, and its resident memory at rest after that. */
final class StartBench {
    private static final int STARTS = 3;
    private static final Duration REST = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Report report;

    StartBench(Report report) {
        this.report = report;
    }

    void run(String name, ServiceProcess service) throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            service.stop(LIMIT);
            long start = System.nanoTime();
            service.start();
            service.awaitReady(LIMIT);
            seconds.add((System.nanoTime() - start) / 1e9);
        }
        Collections.sort(seconds);
        report.row(
                name + ", process start to ready, s (median of " + STARTS + ")",
                "%.2f".formatted(seconds.get(STARTS / 2)));
        Thread.sleep(REST);
        report.row(
                name + ", resident memory at rest, MB",
                Long.toString(Processes.residentKilobytes(service.pid()) / 1024));
    }
}
