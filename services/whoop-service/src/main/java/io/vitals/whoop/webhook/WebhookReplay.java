package io.vitals.whoop.webhook;

import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Puts events of the inbox back into the queue, as if they had just come: those that were given up, those that wait for a link, or those that
 * are done, to fetch their records once more. An event is only a hint, so replaying one cannot bring back what is outdated.
 */
public final class WebhookReplay {
    private static final EventLog LOG = EventLog.of(WebhookReplay.class);

    private static final int BATCH = 1000;

    private static final String CHOSEN = """
            FROM webhook_inbox WHERE state = ANY (CAST(:states AS text[])) AND id > :after
              AND (CAST(:trace AS text) IS NULL OR trace_id = CAST(:trace AS text))
              AND (CAST(:from AS timestamptz) IS NULL OR received_at >= CAST(:from AS timestamptz))
              AND (CAST(:to AS timestamptz) IS NULL OR received_at < CAST(:to AS timestamptz))
            """;

    private static final Sql COUNT = Sql.named("inbox-replay-count", "SELECT count(*) AS events " + CHOSEN);

    /** Conflict rule: an event that a worker or another replay has in hand is left alone. */
    private static final Sql REPLAY = Sql.named("inbox-replay", """
            UPDATE webhook_inbox SET state = 'pending', due_at = clock_timestamp(), attempts = 0, lost_claims = 0, outcome = NULL,
                finished_at = NULL, claim_id = NULL, claim_until = NULL
            WHERE id = ANY (ARRAY(SELECT id\s""" + CHOSEN + """
            ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED))
            RETURNING id""");

    private static final Sql LIST = Sql.named("inbox-list", """
            SELECT id, trace_id, type, state, outcome, attempts, sent_at, received_at, finished_at FROM webhook_inbox
            WHERE state = :state AND id > :after ORDER BY id LIMIT :limit""");

    /** States an event can be replayed from. */
    public enum State {
        DEAD,
        PARKED,
        DONE;

        /** Empty for a word that is none of them. */
        public static Optional<State> of(String code) {
            for (State state : values()) {
                if (state.code().equals(code)) {
                    return Optional.of(state);
                }
            }
            return Optional.empty();
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Which events.
     *
     * @param traceId the only one; null for all of the range
     * @param from received then or later
     * @param to received before then
     */
    public record Selection(
            @Nullable String traceId,
            @Nullable Instant from,
            @Nullable Instant to,
            Set<State> states) {
        public Selection {
            states = Set.copyOf(states);
            if (states.isEmpty()) {
                throw new IllegalArgumentException("no state is chosen");
            } else if (traceId == null && (from == null || to == null)) {
                throw new IllegalArgumentException("neither a trace id nor both ends of a range are given");
            } else if (traceId != null && (from != null || to != null)) {
                throw new IllegalArgumentException("a trace id and a range exclude each other");
            } else if (from != null && to != null && !from.isBefore(to)) {
                throw new IllegalArgumentException("the range ends before it begins");
            } else if (traceId != null && !Event.TRACE_ID.matcher(traceId).matches()) {
                throw new IllegalArgumentException("the trace id is not one of WHOOP's");
            }
        }

        private String object() {
            return traceId != null ? traceId : from + ".." + to;
        }

        private Params params() {
            String[] codes = states.stream().map(State::code).toArray(String[]::new);
            return Params.of("states", codes, "trace", traceId, "from", from, "to", to);
        }
    }

    /** An event as an operator sees it: nothing in it tells whose it is. */
    public record Listed(
            long id,
            String traceId,
            String type,
            String state,
            @Nullable String outcome,
            int attempts,
            Instant sentAt,
            Instant receivedAt,
            @Nullable Instant finishedAt) {
        static Listed of(Row row) {
            return new Listed(
                    row.longValue("id"),
                    row.string("trace_id"),
                    row.string("type"),
                    row.string("state"),
                    row.stringOrNull("outcome"),
                    row.intValue("attempts"),
                    row.instant("sent_at"),
                    row.instant("received_at"),
                    row.instantOrNull("finished_at"));
        }
    }

    private final Database database;
    private final AuditLog audit;
    private final LongConsumer counter;

    /**
     * Takes its parts.
     *
     * @param counter told how many events were put back
     */
    public WebhookReplay(Database database, AuditLog audit, LongConsumer counter) {
        this.database = database;
        this.audit = audit;
        this.counter = counter;
    }

    /** How many events {@link #replay} would put back. */
    public long count(Selection selection) {
        return database.first(COUNT, selection.params().with("after", 0L), row -> row.longValue("events"))
                .orElse(0L);
    }

    /** As {@link #replay(Selection, String)} by an operator whose id is not known. */
    public long replay(Selection selection) {
        return replay(selection, null);
    }

    /**
     * Puts the events back and returns how many they were; in batches, each with its audit entry, so that a long range locks nothing for
     * long.
     *
     * @param operator who asked for it
     */
    public long replay(Selection selection, @Nullable String operator) {
        long events = 0;
        long after = 0;
        while (true) {
            List<Long> batch = batch(selection, after, operator);
            if (batch.isEmpty()) {
                break;
            }
            events += batch.size();
            counter.accept(batch.size());
            after = batch.stream().mapToLong(Long::longValue).max().orElseThrow();
        }
        LOG.info(
                "webhooks_replayed",
                LogField.KEY.of(selection.object()),
                LogField.STATE.of(selection.states().toString()),
                LogField.COUNT.of(events));
        return events;
    }

    private List<Long> batch(Selection selection, long after, @Nullable String operator) {
        return database.transaction(tx -> {
            List<Long> ids = tx.list(
                    REPLAY, selection.params().with("after", after).with("batch", BATCH), row -> row.longValue("id"));
            if (!ids.isEmpty()) {
                audit.append(
                        tx,
                        AuditEvent.of("webhook.replay", "operator", null)
                                .withActorId(operator)
                                .withObject(selection.object())
                                .withReason("events-" + ids.size()));
            }
            return ids;
        });
    }

    /** Events in a state, oldest first, after the given id; 0 starts at the beginning. */
    public List<Listed> list(State state, long after, int limit) {
        return database.list(LIST, Params.of("state", state, "after", after, "limit", limit), Listed::of);
    }
}
