package io.vitals.whoop.webhook;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.webhook.Claim.Item;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** The webhook_inbox table as a queue. Scheduling goes by the database's clock. */
final class Inbox {
    /**
     * Conflict rule: an event that came before stays as it is, also one of the same batch. Two replicas that take the same events at once go by
     * one order, so that neither waits for the other; the times keep the order of arrival.
     */
    private static final Sql ADD = Sql.named("inbox-add", """
            INSERT INTO webhook_inbox (trace_id, whoop_user_id, object_id, type, sent_at, received_at, state, due_at, outcome, finished_at,
                traceparent)
            SELECT trace_id, whoop_user_id, object_id, type, sent_at, arrival, state, arrival,
                CASE WHEN state = 'ignored' THEN 'type_unknown' END, CASE WHEN state = 'ignored' THEN arrival END, traceparent
            FROM (SELECT *, statement_timestamp() + n * INTERVAL '1 microsecond' AS arrival
                FROM unnest(CAST(:traces AS text[]), CAST(:users AS bigint[]), CAST(:objects AS uuid[]), CAST(:types AS text[]),
                    CAST(:sent AS timestamptz[]), CAST(:states AS text[]), CAST(:traceparents AS text[])) WITH ORDINALITY
                    AS event (trace_id, whoop_user_id, object_id, type, sent_at, state, traceparent, n)) AS batch
            ORDER BY trace_id, n
            ON CONFLICT (trace_id) DO NOTHING
            RETURNING trace_id""");

    /**
     * Takes the event that has been due longest, with all others pending for the same record that nobody holds.
     *
     * <p>Both are materialized, as a plain subquery may be run once a row and lock others each time. The time is the statement's: one that
     * moves while it runs cannot be an index condition, and the claim would read all that is not due yet.
     */
    static final Sql CLAIM = Sql.named("inbox-claim", """
            WITH head AS MATERIALIZED (
                SELECT id, whoop_user_id, object_id, split_part(type, '.', 1) AS record FROM webhook_inbox
                WHERE state = 'pending' AND due_at <= statement_timestamp()
                ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED),
            kin AS MATERIALIZED (
                SELECT w.id FROM head h JOIN webhook_inbox w ON w.whoop_user_id = h.whoop_user_id AND w.object_id = h.object_id
                WHERE w.state = 'pending' AND split_part(w.type, '.', 1) = h.record AND w.id <> h.id
                  AND (w.claim_until IS NULL OR w.claim_until <= statement_timestamp())
                ORDER BY w.id LIMIT 500 FOR UPDATE OF w SKIP LOCKED)
            UPDATE webhook_inbox SET claim_id = :claim, claim_until = clock_timestamp() + make_interval(secs => :lease),
                due_at = clock_timestamp() + make_interval(secs => :lease),
                lost_claims = lost_claims + CASE WHEN claim_id IS NULL THEN 0 ELSE 1 END
            WHERE id = ANY (ARRAY(SELECT id FROM head UNION ALL SELECT id FROM kin))
            RETURNING id, trace_id, whoop_user_id, object_id, type, sent_at, received_at, attempts, lost_claims, traceparent""");

    /** Conflict rule of this and the next three: only who still holds the claim may write. */
    private static final String HELD =
            " WHERE id = ANY (CAST(:ids AS bigint[])) AND claim_id = :claim AND state = 'pending' ";

    private static final Sql FINISH = Sql.named("inbox-finish", """
            UPDATE webhook_inbox SET state = CASE WHEN id = :newest THEN :state ELSE 'done' END,
                outcome = CASE WHEN id = :newest THEN :outcome ELSE 'coalesced' END,
                finished_at = clock_timestamp(), claim_id = NULL, claim_until = NULL""" + HELD);

    private static final Sql FAIL = Sql.named("inbox-fail", """
            UPDATE webhook_inbox SET attempts = attempts + 1, outcome = :outcome, claim_id = NULL, claim_until = NULL,
                due_at = clock_timestamp() + make_interval(secs => :wait),
                state = CASE WHEN attempts + 1 >= :most THEN 'dead' ELSE 'pending' END,
                finished_at = CASE WHEN attempts + 1 >= :most THEN clock_timestamp() END""" + HELD + """
            RETURNING trace_id, attempts, (state = 'dead') AS dead""");

    private static final Sql DEFER = Sql.named("inbox-defer", """
            UPDATE webhook_inbox SET due_at = clock_timestamp() + make_interval(secs => :wait), outcome = :outcome,
                claim_id = NULL, claim_until = NULL""" + HELD);

    private static final Sql PARK = Sql.named("inbox-park", """
            UPDATE webhook_inbox SET state = 'parked', outcome = :outcome, attempts = 0, lost_claims = 0,
                claim_id = NULL, claim_until = NULL""" + HELD);

    private static final Sql UNPARK = Sql.named("inbox-unpark", """
            UPDATE webhook_inbox SET state = 'pending', due_at = clock_timestamp(), outcome = NULL
            WHERE whoop_user_id = :user AND state = 'parked'""");

    private static final Sql LOCK_ACCOUNT = Sql.named("inbox-lock-account", """
            SELECT CAST(pg_advisory_xact_lock(hashtextextended('webhook_inbox ' || CAST(:user AS text), 0)) AS text) AS locked""");

    /** What came of a failed attempt. */
    record Failed(String traceId, int attempts, boolean dead) {}

    private Inbox() {}

    /** Stores events in one statement, which commits by itself; returns the trace ids of those that were not there yet. */
    static Set<String> add(SqlExecutor db, List<Event> events) {
        return new HashSet<>(db.list(
                ADD,
                Params.of(
                        "traces", texts(events, Event::traceId),
                        "users", events.stream().map(Event::whoopUserId).toArray(Long[]::new),
                        "objects", texts(events, event -> event.objectId().toString()),
                        "types", texts(events, Event::type),
                        "sent", texts(events, event -> event.sentAt().toString()),
                        "states",
                                texts(
                                        events,
                                        event -> EventType.of(event.type()).isPresent() ? "pending" : "ignored"),
                        "traceparents", texts(events, Event::traceparent)),
                row -> row.string("trace_id")));
    }

    private static String[] texts(List<Event> events, Function<Event, @Nullable String> field) {
        return events.stream().map(field).toArray(String[]::new);
    }

    /** Empty if nothing is due. */
    static Claim claim(SqlExecutor db, UUID id, Duration lease) {
        List<Item> items = db.list(
                CLAIM,
                Params.of("claim", id, "lease", seconds(lease)),
                row -> new Item(
                        row.longValue("id"),
                        new Event(
                                row.string("trace_id"),
                                row.longValue("whoop_user_id"),
                                row.uuid("object_id"),
                                row.string("type"),
                                row.instant("sent_at"),
                                row.stringOrNull("traceparent")),
                        row.instant("received_at"),
                        row.intValue("attempts"),
                        row.intValue("lost_claims")));
        return new Claim(id, items);
    }

    /** Ends all events of the claim: the newest as told, the others as coalesced into it. */
    static void finish(SqlExecutor db, Claim claim, String state, String outcome) {
        db.execute(
                FINISH,
                keys(claim)
                        .with("newest", claim.newest().row())
                        .with("state", state)
                        .with("outcome", outcome));
    }

    /** Charges an attempt; an event that has had {@code most} of them is dead, the others come back after {@code wait}. */
    static List<Failed> fail(SqlExecutor db, Claim claim, Duration wait, String outcome, int most) {
        return db.list(
                FAIL,
                keys(claim).with("wait", seconds(wait)).with("outcome", outcome).with("most", most),
                row -> new Failed(row.string("trace_id"), row.intValue("attempts"), row.bool("dead")));
    }

    /** Tries again later, at no cost. */
    static void defer(SqlExecutor db, Claim claim, Duration wait, String outcome) {
        db.execute(DEFER, keys(claim).with("wait", seconds(wait)).with("outcome", outcome));
    }

    static void park(SqlExecutor db, Claim claim, String outcome) {
        db.execute(PARK, keys(claim).with("outcome", outcome));
    }

    static void unpark(SqlExecutor db, long whoopUserId) {
        db.execute(UNPARK, Params.of("user", whoopUserId));
    }

    /**
     * Parking and linking of an account take turns: an event that is parked while its link is being committed would otherwise be seen by
     * neither.
     */
    static void lockAccount(SqlExecutor tx, long whoopUserId) {
        tx.list(LOCK_ACCOUNT, Params.of("user", whoopUserId), row -> true);
    }

    private static Params keys(Claim claim) {
        return Params.of("ids", claim.rows(), "claim", claim.id());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
