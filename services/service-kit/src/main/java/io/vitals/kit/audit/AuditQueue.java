package io.vitals.kit.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.db.Database;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

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
    private final AtomicBoolean writing = new AtomicBoolean();
    private final Counter failures;

    /** An entry on its way; the future ends with the failure, or with none. */
    private record Pending(AuditEvent event, CompletableFuture<Optional<RuntimeException>> end) {}

    /**
     * Takes what it writes with.
     *
     * @param limit how long an entry may wait for its turn
     */
    public AuditQueue(Database database, AuditLog log, Duration limit, MeterRegistry registry) {
        // Entries are of no member as row-level security sees it, and those of many callers go together.
        this.database = database.forNobody();
        this.log = log;
        this.limit = limit;
        this.failures = Counter.builder("audit.failures")
                .description("Entries that could not be written; what they were about was refused")
                .register(registry);
    }

    /**
     * Returns once the entry is committed.
     *
     * @throws AuditUnavailableException if it is not, or if that is not known: it may be written after all, and then the log
     *     tells of a read that was refused
     */
    public void write(AuditEvent event) {
        Pending pending = new Pending(event, new CompletableFuture<>());
        if (!waiting.offer(pending)) {
            throw failed(null);
        }
        lead(pending.end());
        try {
            Optional<RuntimeException> failure = pending.end().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (failure.isPresent()) {
                throw failed(failure.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        } catch (ExecutionException | TimeoutException e) {
            throw failed(e);
        }
    }

    /**
     * Writes batches until the own entry has been among them, unless somebody else is at it. Who finds the queue not empty
     * after having stopped goes on: whoever came meanwhile saw that somebody was writing, and relies on it.
     */
    private void lead(@Nullable CompletableFuture<Optional<RuntimeException>> own) {
        while (!waiting.isEmpty() && writing.compareAndSet(false, true)) {
            try {
                List<Pending> batch = new ArrayList<>();
                waiting.drainTo(batch, BATCH);
                Optional<RuntimeException> failure = batch.isEmpty() ? Optional.empty() : commit(batch);
                batch.forEach(one -> one.end().complete(failure));
            } finally {
                writing.set(false);
            }
            if (own != null && own.isDone() && !waiting.isEmpty()) {
                // This caller has an answer to give; the others' batch is written for them.
                Thread.ofVirtual().name("audit-queue").start(() -> lead(null));
                return;
            }
        }
    }

    private Optional<RuntimeException> commit(List<Pending> batch) {
        List<AuditEvent> events = batch.stream().map(Pending::event).toList();
        try {
            // One statement is a transaction of its own.
            log.append(database, events);
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(e);
        }
    }

    private AuditUnavailableException failed(@Nullable Throwable cause) {
        failures.increment();
        return new AuditUnavailableException(cause);
    }
}
