package io.vitals.kit.lifecycle;

import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A loop on a virtual thread: does a step, goes on at once while there is work, else waits until woken or until the idle
 * time has passed. A step that fails is logged and tried again after a growing pause.
 */
public final class Worker implements AutoCloseable {
    /** One piece of work. */
    @FunctionalInterface
    public interface Step {
        /** Returns whether there may be more to do right now. */
        boolean run() throws Exception;
    }

    private static final EventLog LOG = EventLog.of(Worker.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final String name;
    private final Duration idle;
    private final Step step;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signal = lock.newCondition();
    private final Thread thread;
    private boolean woken;
    private volatile boolean stopping;

    private Worker(String name, Duration idle, Step step) {
        this.name = name;
        this.idle = idle;
        this.step = step;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::loop);
    }

    /** Starts a loop. */
    public static Worker start(String name, Duration idle, Step step) {
        Worker worker = new Worker(name, idle, step);
        worker.thread.start();
        return worker;
    }

    /** Ends the current wait, or skips the next one. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            signal.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the loop was asked to stop; a long step should look. */
    public boolean stopping() {
        return stopping;
    }

    private void loop() {
        int failures = 0;
        while (!stopping) {
            try {
                if (!step.run()) {
                    await(idle);
                }
                failures = 0;
            } catch (InterruptedException e) {
                if (stopping) {
                    return;
                }
            } catch (Exception e) {
                if (stopping) {
                    return;
                }
                LOG.error("worker_step_failed", e, LogField.WORKER.of(name));
                failures = Math.min(failures + 1, 10);
                awaitQuietly(pauseAfter(failures));
            }
        }
    }

    private Duration pauseAfter(int failures) {
        Duration pause = Duration.ofMillis(50L << failures);
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private void awaitQuietly(Duration time) {
        try {
            await(time);
        } catch (InterruptedException e) {
            // Only close interrupts, and the loop looks at its flag next.
        }
    }

    private void await(Duration time) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = time.toNanos();
            while (!woken && !stopping && left > 0) {
                left = signal.awaitNanos(left);
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the running step finish, for at most 20 s; then interrupts it. */
    @Override
    public void close() {
        stopping = true;
        wake();
        try {
            if (!thread.join(STOP_LIMIT)) {
                LOG.warn("worker_interrupted", LogField.WORKER.of(name));
                thread.interrupt();
                thread.join(TimeUnit.SECONDS.toMillis(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
