package io.vitals.oncall;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** What is counted of incidents. */
final class OnCallMeters {
    /** What became of a notification or an acknowledgement. */
    enum Outcome {
        ACCEPTED,
        /** No news. */
        UNCHANGED,
        /** Of nobody who may. */
        REFUSED,
        MALFORMED,
        /** It could not be kept, or something else is wrong here. */
        FAILED,
        /** About an incident that is not there, or is over. */
        UNFOUNDED
    }

    /** What came of an incident. */
    private enum Came {
        TAKEN,
        NONE,
        UNSAID;

        static Came of(@Nullable Action action) {
            return switch (action) {
                case null -> UNSAID;
                case TAKEN -> TAKEN;
                case NONE -> NONE;
            };
        }
    }

    /** What is looked back on: four shifts. */
    static final Duration LOOKED_BACK = Duration.ofDays(28);

    private final Map<Outcome, Counter> notifications = new EnumMap<>(Outcome.class);
    private final Map<Outcome, Counter> acknowledgements = new EnumMap<>(Outcome.class);
    private final Map<Severity, AtomicLong> open = new EnumMap<>(Severity.class);
    private final Map<Came, AtomicLong> ended = new EnumMap<>(Came.class);
    private final AtomicLong unreadable = new AtomicLong();
    private final MultiGauge acked;
    private final Timer acknowledge;
    private final Timer resolve;

    private record Acked(String alertname, String serviceId) {}

    OnCallMeters(MeterRegistry registry) {
        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.UNFOUNDED) {
                notifications.put(
                        outcome,
                        counter(registry, "oncall.notifications", "Notifications of Alertmanager by outcome", outcome));
            }
            acknowledgements.put(
                    outcome, counter(registry, "oncall.acknowledgements", "Acknowledgements by outcome", outcome));
        }
        for (Severity severity : Severity.values()) {
            AtomicLong count = new AtomicLong();
            open.put(severity, count);
            Gauge.builder("oncall.incidents.open", count, AtomicLong::get)
                    .description("Incidents that are not over, by the worst of their alerts")
                    .tag("severity", severity.code())
                    .register(registry);
        }
        for (Came came : Came.values()) {
            AtomicLong count = new AtomicLong();
            ended.put(came, count);
            Gauge.builder("oncall.incidents.ended", count, AtomicLong::get)
                    .description("Incidents that ended within four weeks, by whether anybody had to do anything")
                    .tag("action", came.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("oncall.incident.files.unreadable", unreadable, AtomicLong::get)
                .description("Files among the incidents that hold none")
                .register(registry);
        acked = MultiGauge.builder("oncall.incident.acked")
                .description("1 for each alert that fires in an incident which somebody has acknowledged")
                .register(registry);
        acknowledge = Timer.builder("oncall.incident.acknowledge")
                .description("From the first notification of an incident to its first acknowledgement")
                .register(registry);
        resolve = Timer.builder("oncall.incident.resolve")
                .description("From the start of the first alert of an incident to the end of its last")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description, Outcome outcome) {
        return Counter.builder(name)
                .description(description)
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    void notification(Outcome outcome) {
        Objects.requireNonNull(notifications.get(outcome)).increment();
    }

    void acknowledgement(Outcome outcome) {
        Objects.requireNonNull(acknowledgements.get(outcome)).increment();
    }

    void unreadable(int files) {
        unreadable.set(files);
    }

    /** Times what a change ended. */
    void changed(Incident before, Incident after) {
        if (before.acknowledgedAt() == null && after.acknowledgedAt() != null) {
            Instant told = after.reopenedAt() == null ? after.notifiedAt() : after.reopenedAt();
            acknowledge.record(Duration.between(told, after.acknowledgedAt()));
        }
        if (before.resolvedAt() == null && after.resolvedAt() != null) {
            Instant start = after.reopenedAt() == null ? after.startedAt() : after.reopenedAt();
            resolve.record(Duration.between(start, after.resolvedAt()));
        }
    }

    /** Shows what there is now. */
    void show(Collection<Incident> incidents, Instant now) {
        Instant oldest = now.minus(LOOKED_BACK);
        ended.forEach((came, count) -> count.set(incidents.stream()
                .filter(incident -> incident.resolvedAt() != null
                        && !incident.resolvedAt().isBefore(oldest)
                        && Came.of(incident.action()) == came)
                .count()));
        List<Incident> lasting = incidents.stream().filter(Incident::open).toList();
        open.forEach((severity, count) -> count.set(lasting.stream()
                .filter(incident -> incident.severity() == severity)
                .count()));
        Set<Acked> answered = new HashSet<>();
        for (Incident incident : lasting) {
            if (incident.acknowledgedAt() != null) {
                incident.alerts().stream()
                        .filter(Incident.Alert::firing)
                        .forEach(alert -> answered.add(new Acked(alert.alertname(), alert.serviceId())));
            }
        }
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Acked alert : answered) {
            rows.add(MultiGauge.Row.of(Tags.of("alertname", alert.alertname(), "service_id", alert.serviceId()), 1));
        }
        acked.register(rows, true);
    }
}
