package io.vitals.whoop.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.vitals.kit.limits.SourceLimiter;
import org.jspecify.annotations.Nullable;

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

    private static final List<String> SECRETS = List.of("current", "previous");

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

    /** The inbox as last measured, by type. */
    private record Standing(Map<String, InboxUpkeep.Backlog> pending, Map<String, Long> dead) {
        double events(String type) {
            InboxUpkeep.Backlog backlog = pending.get(type);
            return backlog == null ? 0 : backlog.events();
        }

        double oldest(String type) {
            InboxUpkeep.Backlog backlog = pending.get(type);
            return backlog == null ? 0 : backlog.oldest();
        }

        double given(String type) {
            return dead.getOrDefault(type, 0L);
        }
    }

    private final Map<String, Counter> received = new HashMap<>();
    private final Map<String, Timer> processing = new HashMap<>();
    private final Map<String, AtomicLong> last = new HashMap<>();
    private final Map<String, Counter> signed = new HashMap<>();
    private final Map<SourceLimiter.Scope, Counter> limited = new HashMap<>();
    private final Counter expired;
    private final Counter replayed;
    private final AtomicReference<Standing> standing = new AtomicReference<>(new Standing(Map.of(), Map.of()));

    WebhookMeters(MeterRegistry registry) {
        types().forEach(type -> registerType(registry, type));
        for (String secret : SECRETS) {
            signed.put(
                    secret,
                    Counter.builder("whoop.webhook.signed")
                            .description(
                                    "Genuine deliveries by the secret that signed them; a rotation is over when previous rests")
                            .tag("secret", secret)
                            .register(registry));
        }
        for (SourceLimiter.Scope scope : SourceLimiter.Scope.values()) {
            limited.put(
                    scope,
                    Counter.builder("whoop.webhook.limited")
                            .description("Deliveries refused unread because there were too many")
                            .tag("scope", scope.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        expired = Counter.builder("whoop.webhook.expired")
                .description("Events given up because nobody linked their account, or replayed them, in time")
                .register(registry);
        replayed = Counter.builder("whoop.webhook.replayed")
                .description("Events put back into the queue by an operator")
                .register(registry);
    }

    private void registerType(MeterRegistry registry, String type) {
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
        AtomicLong seen = new AtomicLong();
        last.put(type, seen);
        TimeGauge.builder("whoop.webhook.last.received.timestamp", seen, TimeUnit.SECONDS, AtomicLong::get)
                .description("When the newest delivery arrived, 0 before the first")
                .tag("type", type)
                .register(registry);
        Gauge.builder("whoop.webhook.queue.depth", standing, now -> now.get().events(type))
                .description("Events that wait to be processed")
                .tag("type", type)
                .register(registry);
        Gauge.builder("whoop.webhook.dead.letter", standing, now -> now.get().given(type))
                .description("Events given up after the last attempt")
                .tag("type", type)
                .register(registry);
        TimeGauge.builder(
                        "whoop.webhook.oldest.pending",
                        standing,
                        TimeUnit.SECONDS,
                        now -> now.get().oldest(type))
                .description("Age of the oldest event that waits")
                .tag("type", type)
                .register(registry);
    }

    /** The label values of type: WHOOP's events, and one for all that we do not know. */
    static List<String> types() {
        List<String> types = new ArrayList<>();
        for (EventType type : EventType.values()) {
            types.add(type.code());
        }
        types.add(OTHER);
        return types;
    }

    void received(String type, Outcome outcome, Instant now) {
        increment(received.get(label(type) + outcome), 1);
        if (outcome == Outcome.ACCEPTED) {
            seen(type, now);
        }
    }

    /** Notes that an event of the type was accepted then, by whichever replica. */
    void seen(String type, Instant then) {
        AtomicLong seen = last.get(label(type));
        if (seen != null) {
            seen.accumulateAndGet(then.getEpochSecond(), Math::max);
        }
    }

    void signedWith(int secret) {
        increment(signed.get(SECRETS.get(secret)), 1);
    }

    void limited(SourceLimiter.Scope scope) {
        increment(limited.get(scope), 1);
    }

    void expired(int events) {
        expired.increment(events);
    }

    void replayed(long events) {
        replayed.increment((double) events);
    }

    void processed(String type, Duration sinceArrival) {
        Timer timer = processing.get(label(type));
        if (timer != null) {
            timer.record(sinceArrival);
        }
    }

    void measured(List<InboxUpkeep.Backlog> backlog, List<InboxUpkeep.Dead> dead) {
        Map<String, InboxUpkeep.Backlog> pending = new HashMap<>();
        backlog.forEach(one -> pending.put(label(one.type()), one));
        Map<String, Long> given = new HashMap<>();
        dead.forEach(one -> given.put(label(one.type()), one.events()));
        standing.set(new Standing(pending, given));
    }

    private static String label(String type) {
        return EventType.of(type).isPresent() ? type : OTHER;
    }

    private static void increment(@Nullable Counter counter, double by) {
        if (counter != null) {
            counter.increment(by);
        }
    }
}
