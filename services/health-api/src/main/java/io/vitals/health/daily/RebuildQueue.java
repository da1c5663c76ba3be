package io.vitals.health.daily;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Days that wait to be rebuilt. A request is deleted by the transaction that serves it, so it is never lost. A day that
 * could not be rebuilt is put aside: one request of it waits for its time, and a change of the day asks at once.
 */
final class RebuildQueue {
    static final int BATCH = 200;

    private static final Sql ASK = Sql.named("rebuild-ask", """
            INSERT INTO rebuild_request (member, local_date, requested_at)
            SELECT :member, date, :now FROM unnest(CAST(:dates AS date[])) AS date
            """);

    /** The newest days of a member, for what changes how they all read. */
    private static final Sql ASK_RECENT = Sql.named("rebuild-ask-recent", """
            INSERT INTO rebuild_request (member, local_date, requested_at)
            SELECT member, local_date, :now FROM daily_record
             WHERE member = :member ORDER BY local_date DESC LIMIT :days
            """);

    private static final Sql TAKE = Sql.named("rebuild-take", """
            DELETE FROM rebuild_request
             WHERE id = ANY (ARRAY(
                   SELECT id FROM rebuild_request WHERE due_at IS NULL OR due_at <= :now
                    ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED))
            RETURNING member, local_date
            """);

    /**
     * The requests of a day that are due, and with them what was put aside of it before, become one that waits. Nothing
     * is put aside of a day that somebody else is rebuilding.
     */
    private static final Sql PUT_ASIDE = Sql.named("rebuild-put-aside", """
            WITH mine AS (
                SELECT id FROM rebuild_request
                 WHERE member = :member AND local_date = :date
                   AND (due_at IS NULL OR due_at <= :now OR attempts > 0)
                 FOR UPDATE SKIP LOCKED),
            gone AS (
                DELETE FROM rebuild_request WHERE id IN (SELECT id FROM mine) RETURNING attempts, requested_at)
            INSERT INTO rebuild_request (member, local_date, requested_at, attempts, due_at, outcome)
            SELECT CAST(:member AS uuid), CAST(:date AS date), min(requested_at), max(attempts) + 1,
                   CAST(:now AS timestamptz)
                   + least(INTERVAL '30 seconds' * power(2, least(max(attempts), 10)), INTERVAL '6 hours'),
                   CAST(:outcome AS text)
              FROM gone HAVING count(*) > 0
            """);

    private static final Sql ASIDE =
            Sql.named("rebuild-aside", "SELECT count(*) AS days FROM rebuild_request WHERE attempts > 0");

    private static final Sql ASK_DUE = Sql.named("rebuild-ask-due", """
            WITH late AS MATERIALIZED (
                SELECT member, local_date FROM daily_record
                 WHERE recheck_at <= :now ORDER BY recheck_at LIMIT :batch FOR UPDATE SKIP LOCKED),
            due AS (
                UPDATE daily_record AS day SET recheck_at = NULL FROM late
                 WHERE day.member = late.member AND day.local_date = late.local_date
                RETURNING day.member, day.local_date)
            INSERT INTO rebuild_request (member, local_date, requested_at)
            SELECT member, local_date, :now FROM due
            """);

    private RebuildQueue() {}

    static void ask(SqlExecutor tx, UUID member, Collection<LocalDate> dates, Instant now) {
        if (!dates.isEmpty()) {
            tx.execute(ASK, Params.of("member", member, "dates", RecordStore.array(dates), "now", now));
        }
    }

    static void askRecent(SqlExecutor tx, UUID member, int days, Instant now) {
        if (days > 0) {
            tx.execute(ASK_RECENT, Params.of("member", member, "days", days, "now", now));
        }
    }

    /** Days that only time has changed; returns how many. */
    static long askDue(SqlExecutor tx, Instant now) {
        return tx.execute(ASK_DUE, Params.of("now", now, "batch", BATCH));
    }

    /** The next days that are due, by member in an order that all transactions share. */
    static SortedMap<UUID, SortedSet<LocalDate>> take(SqlExecutor tx, Instant now, int most) {
        SortedMap<UUID, SortedSet<LocalDate>> days = new TreeMap<>();
        tx.list(
                TAKE,
                Params.of("now", now, "batch", most),
                row -> days.computeIfAbsent(row.uuid("member"), member -> new TreeSet<>())
                        .add(row.localDate("local_date")));
        return days;
    }

    /** {@code outcome} is a code of why. The time until the next try doubles up to six hours; there is no last one. */
    static void putAside(SqlExecutor db, UUID member, LocalDate date, String outcome, Instant now) {
        db.execute(PUT_ASIDE, Params.of("member", member, "date", date, "outcome", outcome, "now", now));
    }

    /** How many days are put aside. */
    static long aside(SqlExecutor db) {
        return db.first(ASIDE, Params.none(), row -> row.longValue("days")).orElse(0L);
    }
}
