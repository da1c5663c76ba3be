package io.vitals.whoop.quota;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;

/** What the quota shows: the ledger as this replica saw it last. */
final class QuotaMeters {
    /** Webhooks lead to 3 to 6 requests a member and day, polls to 1 or 2, reconciliation to 3: eight to ten together. */
    static final double USUAL_REQUESTS = 9;

    /** So many members' worth of the usual figure is mixed into the measured one, which says little while there are few. */
    private static final int PRIOR_MEMBERS = 10;

    private final AtomicReference<Ledger> seen = new AtomicReference<>(Ledger.fresh(100, 10_000));
    private final AtomicReference<Double> perMember = new AtomicReference<>(USUAL_REQUESTS);
    private final AtomicLong linkedMembers = new AtomicLong();
    private final Counter limited;

    QuotaMeters(MeterRegistry registry) {
        limited = Counter.builder("whoop.client.rate.limited")
                .description("Answers with status 429")
                .register(registry);
        window(registry, "minute", Ledger::minuteLimit, Ledger::minuteUsed);
        window(registry, "day", Ledger::dayLimit, Ledger::dayUsed);
        Gauge.builder(
                        "whoop.client.quota.used.today",
                        seen,
                        ledger -> ledger.get().dayUsed())
                .description("Requests in the last 24 hours")
                .register(registry);
        Gauge.builder("whoop.client.quota.members.capacity", this, QuotaMeters::capacity)
                .description(
                        "Members that the day's budget carries at the requests per member and day of the last 24 hours")
                .register(registry);
    }

    private void window(
            MeterRegistry registry, String window, ToIntFunction<Ledger> limit, ToIntFunction<Ledger> used) {
        Gauge.builder("whoop.client.rate.limit.limit", seen, ledger -> limit.applyAsInt(ledger.get()))
                .description("Requests that WHOOP allows")
                .tag("window", window)
                .register(registry);
        Gauge.builder(
                        "whoop.client.rate.limit.remaining",
                        seen,
                        ledger -> Math.max(0, limit.applyAsInt(ledger.get()) - used.applyAsInt(ledger.get())))
                .description("Requests left before WHOOP refuses")
                .tag("window", window)
                .register(registry);
    }

    double capacity() {
        return Math.floor(seen.get().dayLimit() * Ledger.SOFT_CAP / perMember.get());
    }

    void saw(Ledger ledger) {
        seen.set(ledger);
    }

    Ledger seen() {
        return seen.get();
    }

    double perMember() {
        return perMember.get();
    }

    long linked() {
        return linkedMembers.get();
    }

    void members(long linked) {
        linkedMembers.set(linked);
        perMember.set((seen.get().regular() + PRIOR_MEMBERS * USUAL_REQUESTS) / (linked + PRIOR_MEMBERS));
    }

    void limited() {
        limited.increment();
    }
}
