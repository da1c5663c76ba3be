package io.vitals.health.sahha;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Accepted events that wait for their effect. A row's body goes with its effect; the row stays to know a repeat. */
final class Inbox {
    static final int MOST_ATTEMPTS = 5;
    private static final int BATCH = 100;

    /** An accepted event. */
    static final class Event {
        private final long id;
        private final String type;
        private final UUID member;
        private final byte[] body;

        Event(long id, String type, UUID member, byte[] body) {
            this.id = id;
            this.type = type;
            this.member = member;
            this.body = body;
        }

        long id() {
            return id;
        }

        String type() {
            return type;
        }

        UUID member() {
            return member;
        }

        byte[] body() {
            return body;
        }
    }

    private static final Sql PUT = Sql.named("sahha-inbox-put", """
            INSERT INTO sahha_inbox (dedupe_key, event_type, member, body, received_at, due_at)
            VALUES (:key, :type, :member, :body, :now, :now)
            ON CONFLICT (dedupe_key) DO NOTHING
            """);

    private static final Sql TAKE = Sql.named("sahha-inbox-take", """
            SELECT id, event_type, member, body FROM sahha_inbox
             WHERE state = 'new' AND due_at <= :now
             ORDER BY due_at, id LIMIT :batch FOR UPDATE SKIP LOCKED
            """);

    private static final Sql DONE = Sql.named("sahha-inbox-done", """
            UPDATE sahha_inbox SET state = 'done', body = NULL, attempts = attempts + 1, outcome = NULL
             WHERE id = ANY (CAST(:ids AS bigint[]))
            """);

    private static final Sql FAILED = Sql.named("sahha-inbox-failed", """
            UPDATE sahha_inbox
               SET attempts = attempts + 1, due_at = :dueAt, outcome = :outcome,
                   state = CASE WHEN attempts + 1 >= :most THEN 'dead' ELSE 'new' END
             WHERE id = :id
            """);

    /** Repeats come within about a day; later ones change nothing anyway, as the newest record wins. */
    private static final Sql FORGET = Sql.named("sahha-inbox-forget", """
            DELETE FROM sahha_inbox
             WHERE id = ANY (ARRAY(SELECT id FROM sahha_inbox
                                    WHERE state = 'done' AND received_at < :before LIMIT 1000 FOR UPDATE SKIP LOCKED))
            """);

    private static final Sql OLDEST = Sql.named(
            "sahha-inbox-oldest",
            "SELECT event_type, min(received_at) AS since FROM sahha_inbox WHERE state = 'new' GROUP BY event_type");

    private static final Sql DEAD = Sql.named(
            "sahha-inbox-dead",
            "SELECT event_type, count(*) AS events FROM sahha_inbox WHERE state = 'dead' GROUP BY event_type");

    private Inbox() {}

    /** Stores the event; false when it was there already. */
    static boolean put(SqlExecutor db, byte[] key, String type, UUID member, byte[] body, Instant now) {
        return db.execute(PUT, Params.of("key", key, "type", type, "member", member, "body", body, "now", now)) == 1;
    }

    /** The next events, locked to the end of the transaction. */
    static List<Event> take(SqlExecutor tx, Instant now, int most) {
        return tx.list(TAKE, Params.of("now", now, "batch", Math.min(most, BATCH)), Inbox::event);
    }

    static void done(SqlExecutor tx, Collection<Event> events) {
        String ids = events.stream().map(event -> Long.toString(event.id())).collect(Collectors.joining(",", "{", "}"));
        tx.execute(DONE, Params.of("ids", ids));
    }

    /** {@code outcome} is a code of why. */
    static void failed(SqlExecutor tx, Event event, String outcome, Instant now) {
        Instant dueAt = now.plus(Duration.ofSeconds(10));
        tx.execute(FAILED, Params.of("id", event.id(), "dueAt", dueAt, "outcome", outcome, "most", MOST_ATTEMPTS));
    }

    static long forget(SqlExecutor db, Instant before) {
        return db.execute(FORGET, Params.of("before", before));
    }

    /** Since when the oldest event of each type has waited. */
    static Map<String, Instant> oldest(SqlExecutor db) {
        var since = new HashMap<String, Instant>();
        db.list(OLDEST, Params.none(), row -> since.put(row.string("event_type"), row.instant("since")));
        return since;
    }

    /** How many events of each type were given up, and neither replayed nor forgotten. */
    static Map<String, Long> dead(SqlExecutor db) {
        var events = new HashMap<String, Long>();
        db.list(DEAD, Params.none(), row -> events.put(row.string("event_type"), row.longValue("events")));
        return events;
    }

    private static Event event(Row row) {
        return new Event(row.longValue("id"), row.string("event_type"), row.uuid("member"), row.bytes("body"));
    }
}
