package io.vitals.health.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.audit.AuditQueue;
import io.vitals.kit.audit.AuditReader;
import io.vitals.kit.audit.AuditUnavailableException;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.time.Duration;

/** The audit log of health-api. */
public final class AuditTrail {
    private static final EventLog LOG = EventLog.of(AuditTrail.class);
    /** Somebody waits for the answer that the entry is about. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final AuditLog log;
    private final AuditQueue queue;
    private final AuditReader reader;

    public AuditTrail(Database database, MeterRegistry registry) {
        this.log = new AuditLog(registry);
        this.queue = new AuditQueue(database, log, LIMIT, registry);
        this.reader = new AuditReader(database);
    }

    /** As part of the transaction that does what the event says. */
    public void append(SqlExecutor tx, AuditEvent event) {
        log.append(tx, event);
    }

    /**
     * Returns once the entry is committed. Fails closed: what cannot be written down must not happen.
     *
     * @throws io.vitals.kit.http.FailureException 503 if the log cannot be written
     */
    public void record(AuditEvent event) {
        try {
            queue.write(event);
        } catch (AuditUnavailableException e) {
            LOG.error("audit_unavailable", e, LogField.OPERATION.of(event.action()));
            throw new CommonFailure.Unavailable("Access cannot be recorded right now.", Duration.ofSeconds(2))
                    .toException();
        }
    }

    /** For what is refused anyway: the refusal stands even if the log cannot be written. */
    public void recordRefusal(AuditEvent event) {
        try {
            queue.write(event);
        } catch (AuditUnavailableException e) {
            LOG.error("audit_unavailable", e, LogField.OPERATION.of(event.action()));
        }
    }

    public AuditReader reader() {
        return reader;
    }
}
