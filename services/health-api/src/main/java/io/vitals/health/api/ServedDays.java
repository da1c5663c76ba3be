package io.vitals.health.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vitals.health.daily.Freshness;
import io.vitals.health.daily.Refresh;
import io.vitals.health.daily.RefreshOutcome;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what readers get: days by source, how old their newest value is, and how refreshes end. All show from the start. */
final class ServedDays {
    /** How the days were asked for. */
    enum Kind {
        DAY,
        RANGE,
        OVERVIEW,
        REFRESH;

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final List<String> SOURCES = List.of("whoop", "sahha");
    private static final List<String> ENDS = List.of("fresh", "partial", "stale", "unavailable");
    private static final Duration[] AGES = {
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1),
        Duration.ofHours(6),
        Duration.ofDays(1),
        Duration.ofDays(3)
    };
    /** The times that callers are promised, and some below. */
    private static final Duration[] TIMES = {
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(1500),
        Duration.ofSeconds(3),
        Duration.ofMillis(4500)
    };

    /** What a meter is told by. Every answer asks for several, so they are looked up here and not built anew. */
    private record Name(String source, String kind) {}

    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<Name, Counter> served = new ConcurrentHashMap<>();
    private final Map<Name, Timer> ages = new ConcurrentHashMap<>();

    ServedDays(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        for (String source : SOURCES) {
            for (Kind kind : Kind.values()) {
                served(source, kind);
                age(source, kind);
            }
            for (RefreshOutcome outcome : RefreshOutcome.values()) {
                asked(source, outcome);
            }
        }
        ENDS.forEach(this::refresh);
    }

    /** Days were answered. */
    void served(Kind kind, Freshness days) {
        count("whoop", kind, days.whoop(), days.whoopAt());
        count("sahha", kind, days.sahha(), days.sahhaAt());
    }

    /** A refresh ended with an answer. */
    void refreshed(Refresh.Report report) {
        report.day().ifPresent(day -> served(Kind.REFRESH, day.freshness()));
        asked("sahha", report.sahha()).increment();
        asked("whoop", report.whoop()).increment();
        String end = "fresh";
        if (report.partial()) {
            end = report.stale() ? "stale" : "partial";
        }
        refresh(end).record(report.took());
    }

    /** A refresh ended without one. */
    void refused(Duration took) {
        refresh("unavailable").record(took);
    }

    private void count(String source, Kind kind, int days, @Nullable Instant newest) {
        served(source, kind).increment(days);
        if (newest != null) {
            Duration age = Duration.between(newest, clock.instant());
            age(source, kind).record(age.isNegative() ? Duration.ZERO : age);
        }
    }

    private Counter served(String source, Kind kind) {
        return served.computeIfAbsent(new Name(source, kind.label()), _ -> newServed(source, kind));
    }

    private Timer age(String source, Kind kind) {
        return ages.computeIfAbsent(new Name(source, kind.label()), _ -> newAge(source, kind));
    }

    private Counter newServed(String source, Kind kind) {
        return Counter.builder("health.metrics.served")
                .description("Days answered that hold a value of the source")
                .tag("source", source)
                .tag("kind", kind.label())
                .register(registry);
    }

    private Timer newAge(String source, Kind kind) {
        return Timer.builder("health.metrics.data.age")
                .description("How long ago the newest value of the source reached us, for days that may still change")
                .tag("source", source)
                .tag("kind", kind.label())
                .serviceLevelObjectives(AGES)
                .register(registry);
    }

    private Counter asked(String source, RefreshOutcome outcome) {
        return Counter.builder("health.refresh.sources")
                .description("What became of asking a source on demand")
                .tag("source", source)
                .tag("outcome", outcome.wire())
                .register(registry);
    }

    private Timer refresh(String end) {
        return Timer.builder("health.refresh")
                .description("Refreshes on demand by how they ended")
                .tag("outcome", end)
                .serviceLevelObjectives(TIMES)
                .register(registry);
    }
}
