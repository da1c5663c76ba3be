package io.vitals.whoop.quota;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * One budget of requests per WHOOP app, shared by all replicas through one row, on the database's clock. It stays below the published limit
 * by a margin, follows what WHOOP's answers say of its own count, and stands still after a 429 until the time WHOOP named.
 */
public final class Quota {
    /** Requests made elsewhere with the same app, and windows that do not start when ours do. */
    private static final double SOFT_CAP = 0.95;

    private static final Duration LONGEST_BLOCK = Duration.ofHours(1);
    private static final Duration UNNAMED_BLOCK = Duration.ofSeconds(30);

    private static final Sql TAKE = Sql.named("quota-take", """
            UPDATE quota SET
                minute_used = CASE WHEN minute_ends_at <= clock_timestamp() THEN 1 ELSE minute_used + 1 END,
                minute_ends_at = CASE WHEN minute_ends_at <= clock_timestamp() THEN clock_timestamp() + INTERVAL '60 seconds' ELSE minute_ends_at END,
                day_used = CASE WHEN day_ends_at <= clock_timestamp() THEN 1 ELSE day_used + 1 END,
                day_ends_at = CASE WHEN day_ends_at <= clock_timestamp() THEN clock_timestamp() + INTERVAL '1 day' ELSE day_ends_at END
            WHERE id = 1
              AND (blocked_until IS NULL OR blocked_until <= clock_timestamp())
              AND (minute_ends_at <= clock_timestamp() OR minute_used < floor(minute_limit * CAST(:share AS double precision)))
              AND (day_ends_at <= clock_timestamp() OR day_used < floor(day_limit * CAST(:share AS double precision)))
            RETURNING minute_limit, minute_used, day_limit, day_used""");

    private static final Sql WAIT = Sql.named("quota-wait", """
            SELECT CAST(ceil(1000 * greatest(0,
                extract(epoch FROM blocked_until - clock_timestamp()),
                CASE WHEN minute_used >= floor(minute_limit * CAST(:share AS double precision))
                     THEN extract(epoch FROM minute_ends_at - clock_timestamp()) END,
                CASE WHEN day_used >= floor(day_limit * CAST(:share AS double precision))
                     THEN extract(epoch FROM day_ends_at - clock_timestamp()) END)) AS bigint) AS wait_millis
            FROM quota WHERE id = 1 AND minute_ends_at > '-infinity'""");

    /** What WHOOP counted can only raise our count: other replicas may have requests under way that it has not seen. */
    private static final Sql OBSERVE_MINUTE = Sql.named("quota-observe-minute", """
            UPDATE quota SET minute_limit = :limit, minute_used = greatest(minute_used, :limit - :remaining),
                minute_ends_at = least(minute_ends_at, clock_timestamp() + make_interval(secs => :reset))
            WHERE id = 1 AND (minute_limit <> :limit OR minute_used < :limit - :remaining)""");

    private static final Sql OBSERVE_DAY = Sql.named("quota-observe-day", """
            UPDATE quota SET day_limit = :limit, day_used = greatest(day_used, :limit - :remaining),
                day_ends_at = least(day_ends_at, clock_timestamp() + make_interval(secs => :reset))
            WHERE id = 1 AND (day_limit <> :limit OR day_used < :limit - :remaining)""");

    private static final Sql BLOCK = Sql.named("quota-block", """
            UPDATE quota SET blocked_until = greatest(blocked_until, clock_timestamp() + make_interval(secs => :seconds))
            WHERE id = 1""");

    private final Database database;
    private final RandomGenerator random;
    private final Counter limited;
    private final AtomicInteger minuteLimit = new AtomicInteger(100);
    private final AtomicInteger minuteUsed = new AtomicInteger();
    private final AtomicInteger dayLimit = new AtomicInteger(10_000);
    private final AtomicInteger dayUsed = new AtomicInteger();

    public Quota(Database database, RandomGenerator random, MeterRegistry registry) {
        this.database = database;
        this.random = random;
        this.limited = Counter.builder("whoop.client.rate.limited")
                .description("Answers with status 429")
                .register(registry);
        gauges(registry, "minute", minuteLimit, minuteUsed);
        gauges(registry, "day", dayLimit, dayUsed);
        Gauge.builder("whoop.client.quota.used.today", dayUsed, AtomicInteger::get)
                .description("Requests in the running day window")
                .register(registry);
    }

    private static void gauges(MeterRegistry registry, String window, AtomicInteger limit, AtomicInteger used) {
        Gauge.builder("whoop.client.rate.limit.limit", limit, AtomicInteger::get)
                .tag("window", window)
                .register(registry);
        Gauge.builder("whoop.client.rate.limit.remaining", limit, l -> Math.max(0, l.get() - used.get()))
                .tag("window", window)
                .register(registry);
    }

    /** Takes one request out of the budget, or says how long to stay away. */
    public Grant take(Lane lane) {
        Params share = Params.of("share", SOFT_CAP * lane.share());
        boolean granted = database.first(TAKE, share, row -> {
                    minuteLimit.set(row.intValue("minute_limit"));
                    minuteUsed.set(row.intValue("minute_used"));
                    dayLimit.set(row.intValue("day_limit"));
                    dayUsed.set(row.intValue("day_used"));
                    return true;
                })
                .orElse(false);
        if (granted) {
            return new Grant.Granted();
        }
        long millis =
                database.first(WAIT, share, row -> row.longValue("wait_millis")).orElse(0L);
        // Spread over a second, or all waiters come back at the same moment.
        return new Grant.Denied(Duration.ofMillis(Math.max(50, millis) + random.nextInt(1000)));
    }

    /** Learns from an answer's headers. */
    public void observe(Map<String, String> headers) {
        RateHeaders rate = RateHeaders.of(headers);
        if (rate.remaining().isEmpty() || rate.reset().isEmpty()) {
            return;
        }
        int limit = rate.minuteIsNearest()
                ? rate.minuteLimit().orElse(0)
                : rate.dayLimit().orElse(0);
        if (limit > 0 && worthwhile(rate, limit)) {
            database.execute(
                    rate.minuteIsNearest() ? OBSERVE_MINUTE : OBSERVE_DAY,
                    Params.of("limit", limit, "remaining", rate.remaining().getAsInt(), "reset", (double)
                            rate.reset().get().toSeconds()));
        }
    }

    /** Spares the row an update when WHOOP's count is no surprise. */
    private boolean worthwhile(RateHeaders rate, int limit) {
        int used = limit - rate.remaining().getAsInt();
        return rate.minuteIsNearest()
                ? limit != minuteLimit.get() || used > minuteUsed.get()
                : limit != dayLimit.get() || used > dayUsed.get();
    }

    /**
     * Stands still after a 429.
     *
     * @return how long, as WHOOP said, or half a minute if it did not
     */
    public Duration refused(Map<String, String> headers) {
        limited.increment();
        Duration named = RateHeaders.of(headers).reset().orElse(UNNAMED_BLOCK);
        Duration block = named.compareTo(LONGEST_BLOCK) > 0 ? LONGEST_BLOCK : named;
        database.execute(BLOCK, Params.of("seconds", (double) block.toSeconds()));
        return block.plusMillis(random.nextInt(1000));
    }
}
