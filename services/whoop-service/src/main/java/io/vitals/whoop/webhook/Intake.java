package io.vitals.whoop.webhook;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.http.CommonFailure;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes arriving events in groups. A request that finds a writer's place free takes along all that wait, in one statement; the others sleep
 * until theirs is on disk. So one flush of the log serves many answers, and an event that comes alone waits for nobody.
 *
 * <p>There is no thread of its own: while requests are served, their events are written, and a stop needs no order of its own.
 */
final class Intake {
    /** WHOOP wants its answer within a second or so and repeats what failed: better to refuse than to let all wait. */
    static final Limits LIMITS = new Limits(256, 2_048, 2, Duration.ofSeconds(5));

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Database database;
    private final Limits limits;
    private final Runnable stored;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Arrival> waiting = new ArrayDeque<>();
    private int writing;

    /**
     * What a burst may take.
     *
     * @param batch most events of one statement
     * @param waiting most events that wait; more are refused
     * @param writers statements at once, so that one which hangs does not stop the others
     * @param patience longest wait of an event that somebody else has to write
     */
    record Limits(int batch, int waiting, int writers, Duration patience) {}

    /** What is going on right now. */
    record Load(int waiting, int writing) {}

    /** An event and what became of it. The lock guards {@code taken} and {@code done}, and with {@code done} the rest. */
    private static final class Arrival {
        private final Event event;
        private final Condition changed;
        private boolean taken;
        private boolean done;
        private boolean fresh;
        private @Nullable RuntimeException failure;

        Arrival(Event event, Condition changed) {
            this.event = event;
            this.changed = changed;
            this.failure = new IllegalStateException("the writer ended without a word");
        }
    }

    /**
     * Takes its parts.
     *
     * @param stored told after each commit that brought something new
     */
    Intake(Database database, Limits limits, Runnable stored) {
        this.database = database;
        this.limits = limits;
        this.stored = stored;
    }

    /**
     * Returns once the event is on disk.
     *
     * @return false if it was there already
     * @throws io.vitals.kit.http.FailureException 503 if it could not be stored, or nobody knows; a repetition does no harm
     */
    boolean add(Event event) {
        Arrival own = arrive(event);
        for (List<Arrival> batch = turn(own); !batch.isEmpty(); batch = turn(own)) {
            boolean news = false;
            try {
                news = write(batch);
            } finally {
                release(batch);
            }
            if (news) {
                stored.run();
            }
        }
        return outcome(own);
    }

    /** How many events wait for a writer, and how many statements are under way. */
    Load load() {
        lock.lock();
        try {
            return new Load(waiting.size(), writing);
        } finally {
            lock.unlock();
        }
    }

    private Arrival arrive(Event event) {
        lock.lock();
        try {
            if (waiting.size() >= limits.waiting()) {
                throw unavailable();
            }
            Arrival own = new Arrival(event, lock.newCondition());
            waiting.add(own);
            return own;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the event is settled, which gives an empty batch, or until it is its turn to write, for others before itself if need be. */
    private List<Arrival> turn(Arrival own) {
        lock.lock();
        try {
            long left = limits.patience().toNanos();
            while (!own.done && (own.taken || writing >= limits.writers())) {
                if (left <= 0) {
                    throw givenUp(own);
                }
                left = own.changed.awaitNanos(left);
            }
            return own.done ? List.of() : take();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw givenUp(own);
        } finally {
            passOn();
            lock.unlock();
        }
    }

    private RuntimeException givenUp(Arrival own) {
        waiting.remove(own);
        return unavailable();
    }

    private List<Arrival> take() {
        List<Arrival> batch = new ArrayList<>(Math.min(limits.batch(), waiting.size()));
        while (batch.size() < limits.batch() && !waiting.isEmpty()) {
            Arrival next = waiting.remove();
            next.taken = true;
            batch.add(next);
        }
        writing++;
        return batch;
    }

    private void release(List<Arrival> batch) {
        lock.lock();
        try {
            writing--;
            for (Arrival arrival : batch) {
                arrival.done = true;
                arrival.changed.signal();
            }
            passOn();
        } finally {
            lock.unlock();
        }
    }

    /** Whoever leaves sees to it that a free place is taken: the one it was meant for may have given up. */
    private void passOn() {
        Arrival next = waiting.peek();
        if (next != null && writing < limits.writers()) {
            next.changed.signal();
        }
    }

    /** Returns whether anything new was stored. */
    private boolean write(List<Arrival> batch) {
        try {
            return store(batch);
        } catch (DatabaseException e) {
            if (batch.size() > 1 && mayBeOneRow(e)) {
                return writeEach(batch);
            }
            fail(batch, e);
            return false;
        } catch (RuntimeException e) {
            fail(batch, e);
            return false;
        }
    }

    /** One bad row must not cost the others their place; a database that goes away meanwhile costs all that are left. */
    private boolean writeEach(List<Arrival> batch) {
        boolean news = false;
        for (int i = 0; i < batch.size(); i++) {
            try {
                news |= store(batch.subList(i, i + 1));
            } catch (DatabaseException e) {
                boolean one = mayBeOneRow(e);
                fail(batch.subList(i, one ? i + 1 : batch.size()), e);
                if (!one) {
                    return news;
                }
            }
        }
        return news;
    }

    private boolean store(List<Arrival> batch) {
        Set<String> fresh =
                Inbox.add(database, batch.stream().map(arrival -> arrival.event).toList());
        for (Arrival arrival : batch) {
            // The first of two alike is the one that was stored.
            arrival.fresh = fresh.remove(arrival.event.traceId());
            arrival.failure = null;
        }
        return batch.stream().anyMatch(arrival -> arrival.fresh);
    }

    private static void fail(List<Arrival> batch, RuntimeException failure) {
        batch.forEach(arrival -> arrival.failure = failure);
    }

    private static boolean mayBeOneRow(DatabaseException failure) {
        return switch (failure.kind()) {
            case CONSTRAINT, DATA, SERIALIZATION, OTHER -> true;
            case CONNECTION, TIMEOUT -> false;
        };
    }

    private static boolean outcome(Arrival settled) {
        if (settled.failure instanceof DatabaseException e && passes(e)) {
            throw unavailable();
        }
        if (settled.failure != null) {
            throw settled.failure;
        }
        return settled.fresh;
    }

    /** A fault that is not ours and will pass; any other belongs into the log, with its cause. */
    private static boolean passes(DatabaseException failure) {
        return switch (failure.kind()) {
            case CONNECTION, TIMEOUT, SERIALIZATION -> true;
            case CONSTRAINT, DATA, OTHER -> false;
        };
    }

    private static RuntimeException unavailable() {
        return new CommonFailure.Unavailable("The event could not be stored.", RETRY_AFTER).toException();
    }
}
