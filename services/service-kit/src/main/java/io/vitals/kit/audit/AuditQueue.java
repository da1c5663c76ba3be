package io.vitals.kit.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.db.Database;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes entries durable that belong to no transaction, such as reads. Whoever comes while another is writing waits and is
 * then written together with all who waited: one commit for many readers, and none for nobody.
 */
public final class AuditQueue {
    private static final int MOST_WAITING = 10_000;
    private static final int BATCH = 500;

    private final Database database;
    private final AuditLog log;
    private final Duration limit;
    private final BlockingQueue<Pending> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final ReentrantLock writing = new ReentrantLock();
    private final Counter failures;

    /** An entry on its way; the fields are guarded by the lock. */
    private static final class Pending {
        private final AuditEvent event;
        private boolean done;
        private @Nullable RuntimeException failure;

        Pending(AuditEvent event) {
            this.event = event;
        }
    }

    /**
     * Takes what it writes with.
     *
     * @param limit how long an entry may wait for its turn
     */
    public AuditQueue(Database database, AuditLog log, Duration limit, MeterRegistry registry) {
        this.database = database;
        this.log = log;
        this.limit = limit;
        this.failures = Counter.builder("audit.failures")
                .description("Entries that could not be written; what they were about was refused")
                .register(registry);
    }

    /**
     * Returns once the entry is committed.
     *
     * @throws AuditUnavailableException if it is not, or if that is not known
     */
    public void write(AuditEvent event) {
        Pending pending = new Pending(event);
        if (!waiting.offer(pending)) {
            throw failed(null);
        }
        boolean turn = false;
        try {
            turn = writing.tryLock(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!turn) {
            // It may still be written by another; then the log tells of a read that was refused after all.
            throw failed(null);
        }
        try {
            if (!pending.done) {
                writeWaiting(pending);
            }
        } finally {
            writing.unlock();
        }
        if (pending.failure != null) {
            throw failed(pending.failure);
        }
    }

    /** Writes batches until the own entry has been among them. */
    private void writeWaiting(Pending own) {
        while (!own.done) {
            List<Pending> batch = new ArrayList<>();
            waiting.drainTo(batch, BATCH);
            @Nullable RuntimeException failure = commit(batch);
            for (Pending one : batch) {
                one.failure = failure;
                one.done = true;
            }
        }
    }

    private @Nullable RuntimeException commit(List<Pending> batch) {
        List<AuditEvent> events = batch.stream().map(one -> one.event).toList();
        try {
            database.transaction(tx -> {
                log.append(tx, events);
                return events;
            });
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private AuditUnavailableException failed(@Nullable Throwable cause) {
        failures.increment();
        return new AuditUnavailableException(cause);
    }
}
