package io.vitals.health.daily;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;

import java.time.Clock;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Makes the records of older rules anew, some in a transaction. What is left to do is told by the records themselves, so
 * a killed run is continued by whoever comes next, all replicas may work at it at once, and a record that a replica of
 * the older release writes meanwhile is found too. A record of newer rules is left alone: during a rollout two releases
 * would else undo each other's work.
 *
 * <p>Readers wait for nothing: they see the record as it was until the transaction commits.
 */
final class Recompute {
    /** One that waits in the rebuild queue is left to that. */
    private static final Sql TAKE = Sql.named("recompute-take", """
            SELECT member, local_date FROM daily_record AS day
             WHERE CAST(formula_version AS integer) < :formula
               AND NOT EXISTS (SELECT FROM rebuild_request AS asked
                                WHERE asked.member = day.member AND asked.local_date = day.local_date)
             ORDER BY CAST(formula_version AS integer) LIMIT :batch FOR UPDATE OF day SKIP LOCKED
            """);
    /** Not waited for: who holds the member's lock may be waiting for a row that is locked here. */
    private static final Sql TRY_LOCK = Sql.named(
            "daily-try-lock-member", "SELECT pg_try_advisory_xact_lock(hashtextextended(:member, 20)) AS held");

    private final Database db;
    private final Rebuilder rebuilder;
    private final int formula;
    private final int batch;
    private final Clock clock;

    Recompute(Database db, Rebuilder rebuilder, int formula, int batch, Clock clock) {
        this.db = db;
        this.clock = clock;
        this.rebuilder = rebuilder;
        this.formula = formula;
        this.batch = batch;
    }

    /** Takes the next records; returns how many were made anew, or left to the rebuild queue. */
    int step() {
        try {
            return db.transaction(tx -> {
                int done = 0;
                for (Map.Entry<UUID, SortedSet<LocalDate>> days : take(tx).entrySet()) {
                    if (locked(tx, days.getKey())) {
                        rebuilder.rebuild(tx, days.getKey(), days.getValue());
                        done += days.getValue().size();
                    }
                }
                return done;
            });
        } catch (RuntimeException e) {
            if (Rebuilds.Fault.of(e) == null) {
                throw e;
            }
            return leaveToQueue();
        }
    }

    /** A record that cannot be made anew must not hold up the others: the queue finds out which one it is. */
    private int leaveToQueue() {
        return db.transaction(tx -> {
            SortedMap<UUID, SortedSet<LocalDate>> days = take(tx);
            days.forEach((member, dates) -> RebuildQueue.ask(tx, member, dates, clock.instant()));
            return days.values().stream().mapToInt(Collection::size).sum();
        });
    }

    private SortedMap<UUID, SortedSet<LocalDate>> take(SqlExecutor tx) {
        SortedMap<UUID, SortedSet<LocalDate>> days = new TreeMap<>();
        tx.list(
                TAKE,
                Params.of("formula", formula, "batch", batch),
                row -> days.computeIfAbsent(row.uuid("member"), member -> new TreeSet<>())
                        .add(row.localDate("local_date")));
        return days;
    }

    private static boolean locked(SqlExecutor tx, UUID member) {
        return tx.first(TRY_LOCK, Params.of("member", member.toString()), row -> row.bool("held"))
                .orElse(false);
    }
}
