package io.vitals.kit.lifecycle;

import io.helidon.Main;
import io.helidon.common.Weight;
import io.helidon.spi.HelidonShutdownHandler;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.kit.management.Probes;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Owns what must be stopped, and stops it in reverse order of registration: readiness goes down first, then the drain
 * time passes so that nobody sends new requests, then the parts close.
 */
public final class Lifecycle implements AutoCloseable {
    private static final EventLog LOG = EventLog.of(Lifecycle.class);

    private record Part(String name, AutoCloseable part) {}

    /** The heaviest handler goes first; the container's weighs 200. */
    @Weight(1_000)
    private record BeforeContainer(Lifecycle lifecycle) implements HelidonShutdownHandler {
        @Override
        public void shutdown() {
            lifecycle.close();
        }
    }

    /** The last of the handlers. */
    @Weight(1)
    private record AfterContainer(Lifecycle lifecycle) implements HelidonShutdownHandler {
        @Override
        public void shutdown() {
            if (lifecycle.serving) {
                Runtime.getRuntime().halt(0);
            }
        }
    }

    private final Probes probes;
    private final Duration drain;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    /** Until a part cannot be stopped. */
    private volatile boolean serving;

    /**
     * Starts without parts.
     *
     * @param drain from unready to the first part closing; at least as long as endpoints take to learn of it
     */
    public Lifecycle(Probes probes, Duration drain) {
        this.probes = probes;
        this.drain = drain;
    }

    /** Adds a part; the last one added is the first to close. */
    public synchronized <P extends AutoCloseable> P onStop(String name, P part) {
        parts.push(new Part(name, part));
        return part;
    }

    /**
     * Stops when the process is asked to (SIGTERM, SIGINT). Helidon's own hook calls this before it ends the MicroProfile
     * container: with a hook of ours beside it, health and metrics would be gone while requests are still answered, and a
     * worker that registers a meter meanwhile can keep both hooks waiting for ever.
     *
     * <p>A process that was serving and has stopped all it had ends with 0 instead of the signal's number: being asked to stop is a good
     * end. One that could not stop a part keeps that number, and one that ends before it serves its own exit code.
     */
    public Lifecycle stopWithProcess() {
        Main.addShutdownHandler(new BeforeContainer(this));
        Main.addShutdownHandler(new AfterContainer(this));
        return this;
    }

    /** Blocks until everything has stopped. */
    public void awaitStop() throws InterruptedException {
        serving = true;
        closed.await();
    }

    /** Stops all parts once; one that fails does not keep the others from closing. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        LOG.info("stopping");
        probes.markDraining();
        pause();
        while (true) {
            Part next = take();
            if (next == null) {
                break;
            }
            closeOne(next);
        }
        LOG.info("stopped");
        closed.countDown();
    }

    private synchronized @org.jspecify.annotations.Nullable Part take() {
        return parts.poll();
    }

    private void closeOne(Part part) {
        try {
            part.part().close();
        } catch (Exception e) {
            LOG.error("stop_failed", e, LogField.KEY.of(part.name()));
            serving = false;
        }
    }

    private void pause() {
        try {
            Thread.sleep(drain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
