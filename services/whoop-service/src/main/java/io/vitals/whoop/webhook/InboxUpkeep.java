package io.vitals.whoop.webhook;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Measures the inbox and clears out what has had its time. Each statement reads an index of what it asks for, never the whole table. */
final class InboxUpkeep {
    static final int BATCH = 500;

    private static final Sql FORGET = Sql.named("inbox-forget", """
            DELETE FROM webhook_inbox WHERE id = ANY (ARRAY(
                SELECT id FROM webhook_inbox
                WHERE finished_at < statement_timestamp() - INTERVAL '7 days' AND state IN ('done', 'ignored')
                ORDER BY finished_at LIMIT :batch FOR UPDATE SKIP LOCKED))""");

    private static final Sql EXPIRE = Sql.named("inbox-expire", """
            DELETE FROM webhook_inbox WHERE id = ANY (ARRAY(
                SELECT id FROM webhook_inbox
                WHERE state = 'parked' AND received_at < statement_timestamp() - INTERVAL '7 days'
                ORDER BY received_at LIMIT :batch FOR UPDATE SKIP LOCKED))
            RETURNING trace_id, coalesce(outcome, 'member_unknown') AS outcome""");

    /** What nobody replayed in a month nobody will, and it tells of somebody's account. */
    private static final Sql EXPIRE_DEAD = Sql.named("inbox-expire-dead", """
            DELETE FROM webhook_inbox WHERE id = ANY (ARRAY(
                SELECT id FROM webhook_inbox
                WHERE state = 'dead' AND finished_at < statement_timestamp() - INTERVAL '30 days'
                ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED))
            RETURNING trace_id, 'dead' AS outcome""");

    private static final Sql BACKLOG = Sql.named("inbox-backlog", """
            SELECT type, count(*) AS events,
                CAST(extract(epoch FROM clock_timestamp() - min(received_at)) AS double precision) AS oldest
            FROM webhook_inbox WHERE state = 'pending' GROUP BY type""");

    private static final Sql DEAD = Sql.named(
            "inbox-dead", "SELECT type, count(*) AS events FROM webhook_inbox WHERE state = 'dead' GROUP BY type");

    private static final Sql LAST = Sql.named(
            "inbox-last", "SELECT received_at FROM webhook_inbox WHERE type = :type ORDER BY id DESC LIMIT 1");

    /** An event whose time is over, and what it waited for. */
    record Expired(String traceId, String reason) {}

    /** How many events of a type are pending, and how many seconds the oldest has been. */
    record Backlog(String type, long events, double oldest) {}

    /** How many events of a type were given up. */
    record Dead(String type, long events) {}

    private InboxUpkeep() {}

    /** Forgets a batch of what was done a week ago; returns how many. */
    static long forget(SqlExecutor db) {
        return db.execute(FORGET, Params.of("batch", BATCH));
    }

    /** Gives up a batch of what has waited a week for its link, or a month for an operator. */
    static List<Expired> expire(SqlExecutor db) {
        return Stream.of(EXPIRE, EXPIRE_DEAD)
                .flatMap(sql -> db
                        .list(
                                sql,
                                Params.of("batch", BATCH),
                                row -> new Expired(row.string("trace_id"), row.string("outcome")))
                        .stream())
                .toList();
    }

    static List<Backlog> backlog(SqlExecutor db) {
        return db.list(
                BACKLOG,
                Params.none(),
                row -> new Backlog(row.string("type"), row.longValue("events"), row.doubleValue("oldest")));
    }

    static List<Dead> dead(SqlExecutor db) {
        return db.list(DEAD, Params.none(), row -> new Dead(row.string("type"), row.longValue("events")));
    }

    /** When the last event of a type came, to whichever replica; for a process that has not seen one yet. */
    static Optional<Instant> last(SqlExecutor db, String type) {
        return db.first(LAST, Params.of("type", type), row -> row.instant("received_at"));
    }
}
