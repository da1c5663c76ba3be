package io.vitals.whoop.quota;

import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/**
 * One budget of requests per WHOOP app, shared by all replicas through one row, on the database's clock. No stretch of a minute or a day ever
 * holds more requests than the published limit less a margin, wherever the stretch begins. It follows what WHOOP's answers say of its own
 * count, and stands still after a 429 until the time WHOOP named.
 */
public final class Quota {
    private static final Duration LONGEST_BLOCK = Duration.ofHours(1);
    private static final Duration UNNAMED_BLOCK = Duration.ofSeconds(30);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    private static final Sql MEMBERS = Sql.named(
            "quota-members",
            "SELECT count(*) AS members FROM link WHERE state IN ('active', 'refreshing', 'refresh_failing')");

    private final Database database;
    private final RandomGenerator random;
    private final QuotaMeters meters;
    private final Optional<Clock> simulated;

    public Quota(Database database, RandomGenerator random, MeterRegistry registry) {
        this(database, random, registry, Optional.empty());
    }

    /**
     * For tests that let days pass in seconds.
     *
     * @param simulated goes instead of the database's clock, for all replicas alike
     */
    Quota(Database database, RandomGenerator random, MeterRegistry registry, Optional<Clock> simulated) {
        this.database = database;
        this.random = random;
        this.meters = new QuotaMeters(registry);
        this.simulated = simulated;
    }

    /** Takes one request out of the budget, or says how long to stay away. */
    public Grant take(Lane lane) {
        Ledger.Verdict verdict = database.transaction(tx -> {
            LedgerRow.Dated dated = LedgerRow.lock(tx);
            Ledger.Verdict judged = dated.ledger().take(lane, timeOf(dated));
            if (judged.granted()) {
                LedgerRow.save(tx, judged.ledger());
            }
            return judged;
        });
        meters.saw(verdict.ledger());
        if (verdict.granted()) {
            return new Grant.Granted();
        }
        Duration wait = verdict.pause().compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : verdict.pause();
        return new Grant.Denied(wait.plusMillis(random.nextLong(lane.spread().toMillis())));
    }

    /** The pause or up to twice of it, so that those who are sent away do not all come back at once. */
    public Duration spread(Duration pause) {
        return pause.plusMillis(random.nextLong(pause.toMillis() + 1));
    }

    /** Learns from an answer's headers. */
    public void observe(Map<String, String> headers) {
        RateHeaders rate = RateHeaders.of(headers);
        if (news(rate)) {
            change((ledger, now) -> ledger.observe(rate, now));
        }
    }

    /** Spares the row an update when WHOOP's count is no surprise. */
    private boolean news(RateHeaders rate) {
        Ledger seen = meters.seen();
        if (rate.minuteLimit().orElse(seen.minuteLimit()) != seen.minuteLimit()
                || rate.dayLimit().orElse(seen.dayLimit()) != seen.dayLimit()) {
            return true;
        }
        int used = (rate.minuteIsNearest() ? seen.minuteLimit() : seen.dayLimit())
                - rate.remaining().orElse(Integer.MAX_VALUE);
        return used > (rate.minuteIsNearest() ? seen.minuteUsed() : seen.dayUsed());
    }

    /**
     * Stands still after a 429.
     *
     * @return how long, as WHOOP said, or half a minute if it did not
     */
    public Duration refused(Map<String, String> headers) {
        meters.limited();
        Duration named = RateHeaders.of(headers).reset().orElse(UNNAMED_BLOCK);
        Duration block = named.compareTo(LONGEST_BLOCK) > 0 ? LONGEST_BLOCK : named;
        change((ledger, now) -> ledger.blocked(now.plus(block)));
        return block.plusMillis(random.nextInt(1000));
    }

    /** Refreshes what the meters show, whoever made the last requests. */
    public void measure() {
        LedgerRow.Dated dated = LedgerRow.read(database);
        meters.saw(dated.ledger().at(timeOf(dated)));
        meters.members(database.first(MEMBERS, Params.none(), row -> row.longValue("members"))
                .orElse(0L));
    }

    /** The budget as all replicas share it, read anew. */
    public QuotaState state() {
        measure();
        return QuotaState.of(meters.seen(), meters.linked(), meters.perMember(), (long) meters.capacity());
    }

    private void change(BiFunction<Ledger, Instant, Ledger> change) {
        meters.saw(database.transaction(tx -> {
            LedgerRow.Dated dated = LedgerRow.lock(tx);
            Instant now = timeOf(dated);
            Ledger changed = change.apply(dated.ledger().at(now), now);
            LedgerRow.save(tx, changed);
            return changed;
        }));
    }

    private Instant timeOf(LedgerRow.Dated dated) {
        return simulated.map(Clock::instant).orElse(dated.now());
    }
}
