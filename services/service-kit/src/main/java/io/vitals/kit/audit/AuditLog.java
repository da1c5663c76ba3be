package io.vitals.kit.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Appends to the audit_event table of a service. The application's role may add rows there, and nothing else; a trigger of
 * the table links each row to the one before it in its shard.
 */
public final class AuditLog {
    /** Rows are only ever added; the trigger gives each its time, its place in the chain and its hash. */
    private static final Sql APPEND = Sql.named("audit-append", """
            INSERT INTO audit_event (at, action, actor, actor_id, member_id, purpose, object, outcome, reason)
            SELECT clock_timestamp(), e.action, e.actor, e.actor_id, CAST(e.member_id AS uuid), e.purpose, e.object,
                   e.outcome, e.reason
              FROM unnest(CAST(:actions AS text[]), CAST(:actors AS text[]), CAST(:actor_ids AS text[]),
                          CAST(:members AS text[]), CAST(:purposes AS text[]), CAST(:objects AS text[]),
                          CAST(:outcomes AS text[]), CAST(:reasons AS text[]))
                   AS e (action, actor, actor_id, member_id, purpose, object, outcome, reason)""");

    private final MeterRegistry registry;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    public AuditLog(MeterRegistry registry) {
        this.registry = registry;
        // Those that every kind of event has; a rate over the others begins with their first.
        counter("success");
        counter("failure");
    }

    private Counter counter(String outcome) {
        Counter counter = counters.get(outcome);
        return counter != null ? counter : counters.computeIfAbsent(outcome, this::register);
    }

    private Counter register(String outcome) {
        return Counter.builder("audit.events")
                .description("Entries appended to the audit log")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Appends as part of the transaction that does what the event says: neither can be there without the other. */
    public void append(SqlExecutor tx, AuditEvent event) {
        append(tx, List.of(event));
    }

    /** Appends several in their order. */
    public void append(SqlExecutor tx, List<AuditEvent> events) {
        tx.execute(
                APPEND,
                Params.of(
                        "actions", each(events, AuditEvent::action),
                        "actors", each(events, AuditEvent::actor),
                        "actor_ids", each(events, AuditEvent::actorId),
                        "members", each(events, event -> Objects.toString(event.member(), null)),
                        "purposes", each(events, AuditEvent::purpose),
                        "objects", each(events, AuditEvent::object),
                        "outcomes", each(events, AuditEvent::outcome),
                        "reasons", each(events, AuditEvent::reason)));
        events.forEach(event -> counter(event.outcome()).increment());
    }

    private static @Nullable String[] each(List<AuditEvent> events, Function<AuditEvent, @Nullable String> part) {
        @Nullable String[] parts = new @Nullable String[events.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = part.apply(events.get(i));
        }
        return parts;
    }
}
