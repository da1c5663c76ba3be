package io.vitals.probe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.vitals.kit.metrics.Buckets;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What the rounds show: how often each journey passed, how long its steps took, what failed, and when it last passed. */
final class JourneyMeters {
    private static final String PASS = "pass";
    private static final String FAIL = "fail";
    private static final Duration[] BUCKETS = Buckets.between(Duration.ofMillis(10), Duration.ofSeconds(30));

    private final MeterRegistry registry;
    private final Map<String, AtomicLong> lastSuccess = new ConcurrentHashMap<>();

    /** Makes every series exist before its first run, so that a rate over them starts at zero. */
    JourneyMeters(MeterRegistry registry, List<Journey> journeys) {
        this.registry = registry;
        for (Journey journey : journeys) {
            for (String outcome : List.of(PASS, FAIL)) {
                var _ = runs(journey.name(), outcome);
                var _ = duration(journey.name(), outcome);
                journey.steps().forEach(step -> stepDuration(journey.name(), step, outcome));
            }
            AtomicLong last = new AtomicLong();
            lastSuccess.put(journey.name(), last);
            TimeGauge.builder("synthetic.journey.last.success.timestamp", last, TimeUnit.SECONDS, AtomicLong::get)
                    .description("When the journey last passed; 0 before it first did")
                    .tag("journey", journey.name())
                    .register(registry);
        }
    }

    void record(Outcome run, Instant now) {
        String outcome = run.passed() ? PASS : FAIL;
        runs(run.journey(), outcome).increment();
        duration(run.journey(), outcome).record(run.took());
        for (Outcome.Step step : run.steps()) {
            stepDuration(run.journey(), step.name(), step.failure().isEmpty() ? PASS : FAIL)
                    .record(step.took());
            step.failure()
                    .ifPresent(reason ->
                            failures(run.journey(), step.name(), reason).increment());
        }
        AtomicLong last = lastSuccess.get(run.journey());
        if (run.passed() && last != null) {
            last.set(now.getEpochSecond());
        }
    }

    private Counter runs(String journey, String outcome) {
        return Counter.builder("synthetic.journey.runs")
                .description("Journeys walked by a synthetic member")
                .tag("journey", journey)
                .tag("outcome", outcome)
                .register(registry);
    }

    private Timer duration(String journey, String outcome) {
        return timer(
                "synthetic.journey.duration",
                "A journey from its first step to its last",
                Tags.of("journey", journey, "outcome", outcome));
    }

    private Timer stepDuration(String journey, String step, String outcome) {
        return timer(
                "synthetic.journey.step.duration",
                "A step of a journey",
                Tags.of("journey", journey, "step", step, "outcome", outcome));
    }

    private Timer timer(String name, String description, Tags tags) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter failures(String journey, String step, String reason) {
        return Counter.builder("synthetic.journey.step.failures")
                .description("Steps that failed, by the kind of fault")
                .tag("journey", journey)
                .tag("step", step)
                .tag("reason", reason)
                .register(registry);
    }
}
