package io.vitals.whoop.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Metrics of intake and processing; every label value is there from the start. */
final class WebhookMeters {
    /** What became of a delivery. */
    enum Outcome {
        ACCEPTED,
        DUPLICATE,
        BAD_SIGNATURE,
        MALFORMED,
        STALE,
        ERROR
    }

    static final String OTHER = "other";

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofHours(1)
    };

    private final Map<String, Counter> received = new HashMap<>();
    private final Map<String, Timer> processing = new HashMap<>();
    private final AtomicReference<Inbox.Backlog> backlog = new AtomicReference<>(new Inbox.Backlog(0, 0, 0));
    private final AtomicLong lastReceived = new AtomicLong();

    WebhookMeters(MeterRegistry registry) {
        List<String> types = new ArrayList<>();
        for (EventType type : EventType.values()) {
            types.add(type.code());
        }
        types.add(OTHER);
        for (String type : types) {
            for (Outcome outcome : Outcome.values()) {
                received.put(
                        type + outcome,
                        Counter.builder("whoop.webhook.received")
                                .description("Deliveries by outcome")
                                .tag("type", type)
                                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                                .register(registry));
            }
            processing.put(
                    type,
                    Timer.builder("whoop.webhook.processing")
                            .description("From arrival to the stored record")
                            .tag("type", type)
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
        Gauge.builder("whoop.webhook.queue.depth", backlog, b -> b.get().pending())
                .register(registry);
        Gauge.builder("whoop.webhook.dead.letter", backlog, b -> b.get().dead()).register(registry);
        TimeGauge.builder(
                        "whoop.webhook.oldest.pending",
                        backlog,
                        TimeUnit.SECONDS,
                        b -> b.get().oldest())
                .register(registry);
        TimeGauge.builder("whoop.webhook.last.received.timestamp", lastReceived, TimeUnit.SECONDS, AtomicLong::get)
                .register(registry);
    }

    void received(String type, Outcome outcome, Instant now) {
        Counter counter = received.get((EventType.of(type).isPresent() ? type : OTHER) + outcome);
        if (counter != null) {
            counter.increment();
        }
        if (outcome == Outcome.ACCEPTED) {
            lastReceived.set(now.getEpochSecond());
        }
    }

    void processed(EventType type, Duration sinceArrival) {
        Timer timer = processing.get(type.code());
        if (timer != null) {
            timer.record(sinceArrival);
        }
    }

    void backlog(Inbox.Backlog now) {
        backlog.set(now);
    }
}
