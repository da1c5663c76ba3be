package io.vitals.kit.management;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * What the health endpoints answer from. Live means that the process runs; started, that its schema is migrated and its
 * listeners are up; ready,
 * that every readiness check passes and the process is not draining. A dependency that is away is never a reason to
 * restart, so it never makes the process less live.
 */
public final class Probes {
    /** Probes come every few seconds from several places; a check's answer is good for this long. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private record Verdict(boolean up, Instant at) {}

    private final Clock clock;
    private final Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
    private final Map<String, Verdict> verdicts = new ConcurrentHashMap<>();
    private final Map<String, BooleanSupplier> conditions = new LinkedHashMap<>();
    private final AtomicBoolean listening = new AtomicBoolean();
    private final AtomicBoolean draining = new AtomicBoolean();

    public Probes(Clock clock) {
        this.clock = clock;
    }

    /** Adds a readiness check; it must bound its own time. Call before the management server starts. */
    public synchronized Probes readiness(String name, BooleanSupplier check) {
        checks.put(name, check);
        return this;
    }

    /** Adds a condition of being started; once it has held it is not asked again. */
    public synchronized Probes startup(String name, BooleanSupplier condition) {
        conditions.put(name, condition);
        return this;
    }

    /** Says that the listeners are up. */
    public void markStarted() {
        listening.set(true);
    }

    /** Says that the process is about to stop; it becomes unready for good. */
    public void markDraining() {
        draining.set(true);
    }

    public synchronized boolean started() {
        conditions.values().removeIf(Probes::passes);
        return listening.get() && conditions.isEmpty();
    }

    /** Whether a stop has begun; long answers should end soon. */
    public boolean draining() {
        return draining.get();
    }

    public boolean ready() {
        return started() && !draining() && results().values().stream().allMatch(up -> up);
    }

    /** Each check's newest answer. */
    public synchronized Map<String, Boolean> results() {
        Map<String, Boolean> results = new LinkedHashMap<>();
        checks.forEach((name, check) -> results.put(name, verdict(name, check).up()));
        return results;
    }

    private Verdict verdict(String name, BooleanSupplier check) {
        @Nullable Verdict last = verdicts.get(name);
        Instant now = clock.instant();
        if (last != null && now.isBefore(last.at().plus(FRESH))) {
            return last;
        }
        Verdict verdict = new Verdict(passes(check), clock.instant());
        verdicts.put(name, verdict);
        return verdict;
    }

    private static boolean passes(BooleanSupplier check) {
        try {
            return check.getAsBoolean();
        } catch (RuntimeException e) {
            return false;
        }
    }
}
