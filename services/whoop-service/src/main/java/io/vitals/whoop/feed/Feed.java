package io.vitals.whoop.feed;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.tracing.Handover;
import io.vitals.whoop.model.MemberId;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The change feed: rows ordered by transaction and sequence. A reader sees only rows of transactions below the oldest one still running, so a
 * transaction that commits late never appears behind a cursor that has passed it.
 */
public final class Feed {
    /** How soon a commit of another replica is noticed, or one held back by a slower transaction. */
    private static final Duration POLL = Duration.ofMillis(200);

    private static final Sql APPEND = Sql.named("change-append", """
            INSERT INTO change (member_id, day, kind, traceparent)
            SELECT :member, day, :kind, :traceparent FROM unnest(CAST(:days AS date[])) AS day""");

    private static final Sql READ = Sql.named("change-read", """
            SELECT CAST(CAST(txid AS text) AS bigint) AS txid, seq, member_id, day, kind, traceparent FROM change
            WHERE (txid, seq) > (CAST(:txid AS xid8), :seq) AND txid < pg_snapshot_xmin(pg_current_snapshot())
            ORDER BY txid, seq LIMIT :limit""");

    private final Database database;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private long wakes;

    /** A page of the feed, and where the next one starts. */
    public record Page(List<Change> changes, String cursor) {}

    private record Entry(Position position, Change change) {}

    public Feed(Database database) {
        this.database = database;
    }

    /** Records that days changed, as part of the transaction that changes them. */
    public void append(SqlExecutor tx, MemberId member, String kind, Collection<LocalDate> days) {
        if (!days.isEmpty()) {
            tx.execute(
                    APPEND,
                    Params.of(
                            "member",
                            member.value(),
                            "kind",
                            kind,
                            "days",
                            days.stream().map(LocalDate::toString).toArray(String[]::new),
                            "traceparent",
                            Handover.current()));
        }
    }

    /** Tells waiting readers of this process that a transaction with changes has committed. */
    public void wake() {
        lock.lock();
        try {
            wakes++;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads on from a cursor, and waits for something to read.
     *
     * @param after a cursor of an earlier page, or empty for the beginning
     * @param wait the longest wait; zero answers at once
     * @param stop ends the wait early, as a listener that drains must not hold readers
     * @return empty if the cursor is not one of ours
     */
    public Optional<Page> read(String after, int limit, Duration wait, BooleanSupplier stop) {
        return Position.parse(after).map(position -> read(position, limit, wait, stop));
    }

    private Page read(Position after, int limit, Duration wait, BooleanSupplier stop) {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            long seen = wakes();
            List<Entry> entries = entries(after, limit);
            if (!entries.isEmpty()) {
                return new Page(
                        entries.stream().map(Entry::change).toList(),
                        entries.getLast().position().text());
            }
            long left = deadline - System.nanoTime();
            if (left <= 0 || stop.getAsBoolean() || !pause(seen, Math.min(left, POLL.toNanos()))) {
                return new Page(List.of(), after.text());
            }
        }
    }

    private List<Entry> entries(Position after, int limit) {
        return database.list(
                READ,
                Params.of("txid", Long.toString(after.transaction()), "seq", after.sequence(), "limit", limit),
                row -> new Entry(
                        new Position(row.longValue("txid"), row.longValue("seq")),
                        new Change(
                                new MemberId(row.uuid("member_id")),
                                row.localDate("day"),
                                row.string("kind"),
                                row.stringOrNull("traceparent"))));
    }

    private long wakes() {
        lock.lock();
        try {
            return wakes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a wake since {@code seen}, at most so long; false when interrupted. */
    private boolean pause(long seen, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (wakes == seen && left > 0) {
                left = woken.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
