package io.vitals.health.sahha;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** How long accepted events have waited for their effect and how many were given up, as last measured; every type shows from the start. */
final class InboxMeter {
    private final AtomicReference<Map<String, Duration>> oldest = new AtomicReference<>(Map.of());
    private final AtomicReference<Map<String, Long>> dead = new AtomicReference<>(Map.of());

    InboxMeter(MeterRegistry registry) {
        for (String type : EventType.ALL) {
            TimeGauge.builder(
                            "vitals.sahha.webhook.oldest.pending",
                            oldest,
                            TimeUnit.SECONDS,
                            now -> now.get().getOrDefault(type, Duration.ZERO).toMillis() / 1000.0)
                    .description("Age of the oldest event that waits for its effect")
                    .tag("type", type)
                    .register(registry);
            Gauge.builder(
                            "vitals.sahha.webhook.dead.letter",
                            dead,
                            now -> now.get().getOrDefault(type, 0L))
                    .description("Events given up after the last attempt")
                    .tag("type", type)
                    .register(registry);
        }
    }

    /** Notes since when the oldest event of each type has waited, and how many were given up; a type that is missing has none. */
    void measured(Map<String, Instant> since, Map<String, Long> givenUp, Instant now) {
        dead.set(Map.copyOf(givenUp));
        oldest.set(since.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> Duration.between(entry.getValue(), now))));
    }
}
