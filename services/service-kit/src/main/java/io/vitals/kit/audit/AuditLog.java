package io.vitals.kit.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;

/** Appends to the audit_event table of a service. The application's role may add rows there, and nothing else. */
public final class AuditLog {
    private static final Sql APPEND = Sql.named("audit-append", """
            INSERT INTO audit_event (at, action, actor, member_id, object, outcome, reason)
            VALUES (clock_timestamp(), :action, :actor, CAST(:member AS uuid), :object, :outcome, :reason)""");

    private final MeterRegistry registry;

    public AuditLog(MeterRegistry registry) {
        this.registry = registry;
        // Those that every kind of event has; a rate over the others begins with their first.
        counter("success");
        counter("failure");
    }

    private Counter counter(String outcome) {
        return Counter.builder("audit.events")
                .description("Entries appended to the audit log")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Appends as part of the transaction that does what the event says: neither can be there without the other. */
    public void append(SqlExecutor tx, AuditEvent event) {
        tx.execute(
                APPEND,
                Params.of(
                        "action", event.action(),
                        "actor", event.actor(),
                        "member", event.member(),
                        "object", event.object(),
                        "outcome", event.outcome(),
                        "reason", event.reason()));
        counter(event.outcome()).increment();
    }
}
