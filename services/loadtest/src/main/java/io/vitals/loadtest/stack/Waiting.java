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
        until(condition, LOOK_EVERY, LIMIT);
    }

    public static void until(Callable<Boolean> condition, Duration every, Duration limit) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("it did not come true within " + limit.toSeconds() + " s");
            }
            Thread.sleep(every);
        }
    }
}
