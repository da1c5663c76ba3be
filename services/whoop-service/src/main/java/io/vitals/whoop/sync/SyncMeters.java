package io.vitals.whoop.sync;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.vitals.whoop.model.RecordType;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;

/** Metrics of sync runs; every label value is there from the start. */
final class SyncMeters {
    private final Map<String, Counter> runs = new HashMap<>();
    private final Map<RecordType, Timer> durations = new EnumMap<>(RecordType.class);
    private final Map<RecordType, AtomicLong> lastSuccess = new EnumMap<>(RecordType.class);
    private final AtomicLong stale = new AtomicLong();
    private final AtomicReference<CursorRepository.Lag> lag =
            new AtomicReference<>(new CursorRepository.Lag(0, 0, 0, 0));
    private final Map<String, Counter> deletions = new HashMap<>();

    SyncMeters(MeterRegistry registry) {
        for (RecordType type : RecordType.values()) {
            for (Trigger trigger : Trigger.values()) {
                for (String outcome : List.of("success", "error")) {
                    runs.put(
                            type + "/" + trigger + "/" + outcome,
                            Counter.builder("whoop.sync.runs")
                                    .description("Windows walked, or given up for now")
                                    .tag("type", type.code())
                                    .tag("trigger", trigger.code())
                                    .tag("outcome", outcome)
                                    .register(registry));
                }
            }
            durations.put(
                    type,
                    Timer.builder("whoop.sync.duration")
                            .description("From the start of a window to its end")
                            .tag("type", type.code())
                            .register(registry));
            AtomicLong last = new AtomicLong();
            lastSuccess.put(type, last);
            TimeGauge.builder("whoop.sync.last.success.timestamp", last, TimeUnit.SECONDS, AtomicLong::get)
                    .description("When a sync last succeeded, 0 before the first of this process")
                    .tag("type", type.code())
                    .register(registry);
        }
        Gauge.builder("whoop.sync.users.stale", stale, AtomicLong::get)
                .description("Linked members without a finished sync in the last hour")
                .register(registry);
        lag(registry, "p50", CursorRepository.Lag::median);
        lag(registry, "p95", CursorRepository.Lag::p95);
        lag(registry, "max", CursorRepository.Lag::longest);
        for (String outcome : List.of("deleted", "held", "confirmed")) {
            deletions.put(
                    outcome,
                    Counter.builder("whoop.sync.deletions")
                            .description("Records that WHOOP no longer had when a reconciliation looked")
                            .tag("outcome", outcome)
                            .register(registry));
        }
    }

    void success(RecordType type, Trigger trigger, Duration took, Instant now) {
        count(type, trigger, "success");
        Timer timer = durations.get(type);
        AtomicLong last = lastSuccess.get(type);
        if (timer != null && last != null) {
            timer.record(took);
            last.accumulateAndGet(now.getEpochSecond(), Math::max);
        }
    }

    /** What was there before this process began; a restart must not look like a standstill. */
    void succeeded(RecordType type, Instant then) {
        AtomicLong last = lastSuccess.get(type);
        if (last != null) {
            last.accumulateAndGet(then.getEpochSecond(), Math::max);
        }
    }

    void error(RecordType type, Trigger trigger) {
        count(type, trigger, "error");
    }

    private void lag(MeterRegistry registry, String quantile, ToDoubleFunction<CursorRepository.Lag> value) {
        Gauge.builder("whoop.sync.lag", lag, known -> value.applyAsDouble(known.get()))
                .description("How long ago the linked members' last finished syncs are")
                .baseUnit("seconds")
                .tag("percentile", quantile)
                .register(registry);
    }

    void lag(CursorRepository.Lag measured) {
        stale.set(measured.stale());
        lag.set(measured);
    }

    /** Counts records by what became of them: deleted, held or confirmed. */
    void deletions(String outcome, long records) {
        Counter counter = deletions.get(outcome);
        if (counter != null) {
            counter.increment((double) records);
        }
    }

    private void count(RecordType type, Trigger trigger, String outcome) {
        Counter counter = runs.get(type + "/" + trigger + "/" + outcome);
        if (counter != null) {
            counter.increment();
        }
    }
}
