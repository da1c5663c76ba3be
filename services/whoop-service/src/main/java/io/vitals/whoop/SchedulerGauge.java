package io.vitals.whoop;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.jobs.RecurringJobs;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shows that exactly one replica does the recurring work. The scheduler elects no leader, and one that was elected only to be shown would
 * prove nothing: so it is 1 where the latest run of any job ended. Summed over all replicas it is 1 while the runs are shared out as they
 * should be; 0 for longer than a few minutes means that nobody runs them, as when every scheduler is stuck; 2 that there are two schedulers
 * apart, each with a database of its own. The work moves between the replicas, and the sum may be off for the moment between two measurements.
 */
final class SchedulerGauge {
    /** Several pauses of the most frequent job. */
    private static final Duration LATELY = Duration.ofMinutes(5);

    private final RecurringJobs jobs;
    private final AtomicInteger leads = new AtomicInteger();

    SchedulerGauge(RecurringJobs jobs, MeterRegistry registry) {
        this.jobs = jobs;
        Gauge.builder("whoop.scheduler.leader", leads, AtomicInteger::get)
                .description("1 at the replica that ended the latest run of a recurring job")
                .register(registry);
    }

    void measure() {
        leads.set(jobs.ranLast(LATELY) ? 1 : 0);
    }
}
