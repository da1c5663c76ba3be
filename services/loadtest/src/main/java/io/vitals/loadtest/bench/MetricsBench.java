package io.vitals.loadtest.bench;

import io.helidon.metrics.api.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vitals.kit.metrics.Buckets;
import io.vitals.loadtest.stack.MemberDays;
import io.vitals.loadtest.stack.Processes;
import io.vitals.loadtest.traffic.Figures;
import io.vitals.loadtest.traffic.LoadGenerator;
import io.vitals.loadtest.traffic.Program;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Stack;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/**
 * What metrics cost a 7-day read: how often something is recorded for one, by the service's own counts, times what looking a timer up and
 * recording in it takes; and what a scrape costs.
 */
final class MetricsBench {
    private static final int CONNECTIONS = 16;
    private static final int SCRAPES = 50;
    private static final Duration BETWEEN_SCRAPES = Duration.ofSeconds(15);
    /** One recording is one more in one of these; bounds of buckets follow from it. Those of the JVM are counted when they are asked. */
    private static final Pattern RECORDED = Pattern.compile(
            "(?m)^(?!jvm_|process_|system_|base_|gc_|thread|memory_|cpu_|classloader_)\\w+(?:_count|_total)(?:\\{.*})? ([0-9.E+]+)$");

    private final Stack stack;
    private final double seconds;
    private final Report report;

    MetricsBench(Stack stack, double seconds, Report report) {
        this.stack = stack;
        this.seconds = seconds;
        this.report = report;
    }

    void run() throws Exception {
        Program program = Program.of(stack, Account.JONAS);
        try (Connection connection = stack.healthDatabase().connectAsOwner()) {
            MemberDays.seed(connection, program.member());
        }
        byte[] read = program.readsWeek();
        LoadGenerator load = new LoadGenerator(stack.ports().healthPublic(), CONNECTIONS);
        load.run(4 * seconds, 200, n -> read);
        ProcessHandle service = ProcessHandle.of(stack.healthApi().pid()).orElseThrow();
        Effort effort = new Effort(service);
        double before = recorded();
        Figures figures = effort.of(() -> load.run(seconds, 200, n -> read));
        double recordings = (recorded() - before) / figures.sortedNanos().length;
        double micros = recordingMicros();
        report.row("recordings for a 7-day read", "%.1f".formatted(recordings));
        report.row("looking a timer of 11 buckets up and recording in it, us", "%.3f".formatted(micros));
        report.row("processor time of a 7-day read, service + PostgreSQL, us", effort.toString());
        report.row(
                "metrics' share of the service's",
                "%.2f %%".formatted(100 * recordings * micros / effort.serviceMicros()),
                "< 1 %");
        scrapes(service);
    }

    private void scrapes(ProcessHandle service) throws IOException, InterruptedException {
        long before = Processes.cpuNanos(service);
        int length = 0;
        for (int i = 0; i < SCRAPES; i++) {
            length = page().length();
        }
        double each = (Processes.cpuNanos(service) - before) / 1e6 / SCRAPES;
        report.row("a scrape, processor time in ms / size in kB", "%.1f / %d".formatted(each, length / 1000));
        report.row(
                "scrapes' share of one core, one each 15 s",
                "%.2f %%".formatted(100 * each / BETWEEN_SCRAPES.toMillis()),
                "< 1 %");
    }

    private double recorded() throws IOException, InterruptedException {
        return RECORDED.matcher(page())
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group(1)))
                .sum();
    }

    private String page() throws IOException, InterruptedException {
        URI metrics = URI.create("http://127.0.0.1:" + stack.ports().healthManagement() + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(metrics)
                                    .header("Accept", "text/plain")
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** Processor time in the registry that the services have, by two callers at once; the second half of the time counts. */
    private double recordingMicros() throws InterruptedException {
        MeterRegistry registry = Metrics.globalRegistry().unwrap(MeterRegistry.class);
        double micros = 0;
        for (int half = 0; half < 2; half++) {
            LongAdder recorded = new LongAdder();
            LongAdder nanos = new LongAdder();
            long end = System.nanoTime() + (long) (seconds * 1e9);
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < 2; caller++) {
                callers.add(Thread.ofPlatform().start(() -> {
                    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                    while (System.nanoTime() < end) {
                        timer(registry).record(Duration.ofMillis(3));
                        recorded.increment();
                    }
                    nanos.add(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            micros = nanos.sum() / 1e3 / recorded.sum();
        }
        return micros;
    }

    private static Timer timer(MeterRegistry registry) {
        return Timer.builder("bench.requests")
                .description("Requests by route, method and status")
                .tag("route", "/api/v1/users/{user}/days")
                .tag("method", "GET")
                .tag("status", "200")
                .tag("slo", "true")
                .serviceLevelObjectives(Buckets.between(Duration.ofMillis(5), Duration.ofSeconds(10)))
                .register(registry);
    }
}
