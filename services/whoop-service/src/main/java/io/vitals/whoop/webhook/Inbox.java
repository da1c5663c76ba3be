package io.vitals.whoop.webhook;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The webhook_inbox table. Scheduling goes by the database's clock. */
final class Inbox {
    /** Conflict rule: an event that came before stays as it is. */
    private static final Sql ADD = Sql.named("inbox-add", """
            INSERT INTO webhook_inbox (trace_id, whoop_user_id, object_id, type, sent_at, received_at, state, due_at, outcome, finished_at)
            VALUES (:trace_id, :user, :object_id, :type, :sent_at, clock_timestamp(), :state, clock_timestamp(),
                CASE WHEN CAST(:state AS text) = 'ignored' THEN 'type_unknown' END,
                CASE WHEN CAST(:state AS text) = 'ignored' THEN clock_timestamp() END)
            ON CONFLICT (trace_id) DO NOTHING""");

    private static final Sql CLAIM = Sql.named("inbox-claim", """
            UPDATE webhook_inbox SET claim_id = :claim, claim_until = clock_timestamp() + make_interval(secs => :lease),
                due_at = clock_timestamp() + make_interval(secs => :lease), attempts = attempts + 1
            WHERE id = ANY (ARRAY(
                SELECT id FROM webhook_inbox WHERE state = 'pending' AND due_at <= clock_timestamp()
                ORDER BY due_at, id LIMIT :limit FOR UPDATE SKIP LOCKED))
            RETURNING id, trace_id, whoop_user_id, object_id, type, sent_at, received_at, attempts""");

    private static final Sql FINISH = Sql.named("inbox-finish", """
            UPDATE webhook_inbox SET state = :state, outcome = :outcome, finished_at = clock_timestamp(), claim_id = NULL, claim_until = NULL
            WHERE id = :id AND claim_id = :claim AND state = 'pending'""");

    private static final Sql RESCHEDULE = Sql.named("inbox-reschedule", """
            UPDATE webhook_inbox SET due_at = clock_timestamp() + make_interval(secs => :wait), outcome = :outcome,
                attempts = attempts - :refund, claim_id = NULL, claim_until = NULL
            WHERE id = :id AND claim_id = :claim AND state = 'pending'""");

    private static final Sql PARK = Sql.named("inbox-park", """
            UPDATE webhook_inbox SET state = 'parked', outcome = 'member_unknown', attempts = 0, claim_id = NULL, claim_until = NULL
            WHERE id = :id AND claim_id = :claim AND state = 'pending'""");

    private static final Sql UNPARK = Sql.named("inbox-unpark", """
            UPDATE webhook_inbox SET state = 'pending', due_at = clock_timestamp(), outcome = NULL
            WHERE whoop_user_id = :user AND state = 'parked'""");

    private static final Sql PURGE = Sql.named("inbox-purge", """
            DELETE FROM webhook_inbox WHERE id IN (
                SELECT id FROM webhook_inbox
                WHERE (state IN ('done', 'ignored') AND finished_at < clock_timestamp() - INTERVAL '7 days')
                   OR (state = 'parked' AND received_at < clock_timestamp() - INTERVAL '7 days')
                LIMIT 1000)""");

    private static final Sql MEASURE = Sql.named("inbox-measure", """
            SELECT count(*) FILTER (WHERE state = 'pending') AS pending,
                   count(*) FILTER (WHERE state = 'dead') AS dead,
                   coalesce(extract(epoch FROM clock_timestamp() - min(received_at) FILTER (WHERE state = 'pending')), 0) AS oldest
            FROM webhook_inbox WHERE state IN ('pending', 'dead')""");

    /** An inbox row in the hands of a worker. */
    record Claimed(long id, UUID claim, Event event, Instant receivedAt, int attempts) {}

    /** How the queue stands; the oldest in seconds. */
    record Backlog(long pending, long dead, double oldest) {}

    private Inbox() {}

    /** Returns false if the event is there already. */
    static boolean add(SqlExecutor db, Event event, boolean known) {
        return db.execute(
                        ADD,
                        Params.of(
                                "trace_id", event.traceId(),
                                "user", event.whoopUserId(),
                                "object_id", event.objectId(),
                                "type", event.type(),
                                "sent_at", event.sentAt(),
                                "state", known ? "pending" : "ignored"))
                == 1;
    }

    static List<Claimed> claim(SqlExecutor db, UUID claim, Duration lease, int limit) {
        return db.list(
                CLAIM,
                Params.of("claim", claim, "lease", seconds(lease), "limit", limit),
                row -> new Claimed(
                        row.longValue("id"),
                        claim,
                        new Event(
                                row.string("trace_id"),
                                row.longValue("whoop_user_id"),
                                row.uuid("object_id"),
                                row.string("type"),
                                row.instant("sent_at")),
                        row.instant("received_at"),
                        row.intValue("attempts")));
    }

    static void finish(SqlExecutor db, Claimed claimed, String state, String outcome) {
        db.execute(FINISH, keys(claimed).with("state", state).with("outcome", outcome));
    }

    /** Tries again later; {@code refund} gives the attempt back. */
    static void reschedule(SqlExecutor db, Claimed claimed, Duration wait, String outcome, boolean refund) {
        db.execute(
                RESCHEDULE,
                keys(claimed)
                        .with("wait", seconds(wait))
                        .with("outcome", outcome)
                        .with("refund", refund ? 1 : 0));
    }

    static void park(SqlExecutor db, Claimed claimed) {
        db.execute(PARK, keys(claimed));
    }

    static void unpark(SqlExecutor db, long whoopUserId) {
        db.execute(UNPARK, Params.of("user", whoopUserId));
    }

    static void purge(SqlExecutor db) {
        db.execute(PURGE, Params.none());
    }

    static Backlog measure(SqlExecutor db) {
        return db.first(
                        MEASURE,
                        Params.none(),
                        row -> new Backlog(row.longValue("pending"), row.longValue("dead"), row.doubleValue("oldest")))
                .orElse(new Backlog(0, 0, 0));
    }

    private static Params keys(Claimed claimed) {
        return Params.of("id", claimed.id(), "claim", claimed.claim());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
