package io.vitals.loadtest.stack;

import io.vitals.sandbox.postgres.SandboxDatabase;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what must come true before the next measurement. */
public final class Waiting {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private Waiting() {}

    /** Until no accepted webhook waits for a worker. */
    public static void untilWorkedOff(SandboxDatabase whoop) throws Exception {
        until(() -> Queries.count(whoop, "SELECT count(*) FROM webhook_inbox WHERE state = 'pending'") == 0);
    }

    public static void until(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("it did not come true within " + LIMIT.toSeconds() + " s");
            }
            Thread.sleep(LOOK_EVERY);
        }
    }
}
