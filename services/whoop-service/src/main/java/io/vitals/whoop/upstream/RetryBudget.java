package io.vitals.whoop.upstream;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps the repetitions small while WHOOP fails: at most a tenth of the requests of a window, so that we add no load to what is down already.
 * One in a tenth of the window is always allowed, or nothing would ever find out that WHOOP is well again. While few requests fail, whoever
 * repeats is free to.
 */
final class RetryBudget {
    private static final int PARTS = 10;

    private static final class Part {
        int requests;
        int retries;
        int failures;
    }

    private final long partNanos;
    private final LongSupplier nanos;
    private final Part[] parts = new Part[PARTS];
    private long newest;

    RetryBudget(Duration window, LongSupplier nanos) {
        this.partNanos = Math.max(1, window.toNanos() / PARTS);
        this.nanos = nanos;
        this.newest = nanos.getAsLong() / partNanos;
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part();
        }
    }

    /** Whether a request may be made, which is then counted. */
    synchronized boolean take(boolean repetition) {
        Part now = roll();
        if (repetition && failing() && now.retries > 0 && sumOfRetries() + 1 > (sumOfRequests() + 1) / 10) {
            return false;
        }
        now.requests++;
        now.retries += repetition ? 1 : 0;
        return true;
    }

    synchronized void failed() {
        roll().failures++;
    }

    private boolean failing() {
        int failures = 0;
        for (Part part : parts) {
            failures += part.failures;
        }
        return failures * 10 > sumOfRequests();
    }

    private int sumOfRequests() {
        int sum = 0;
        for (Part part : parts) {
            sum += part.requests;
        }
        return sum;
    }

    private int sumOfRetries() {
        int sum = 0;
        for (Part part : parts) {
            sum += part.retries;
        }
        return sum;
    }

    private Part roll() {
        long part = nanos.getAsLong() / partNanos;
        for (int i = 0; i < Math.min(PARTS, part - newest); i++) {
            parts[(int) Math.floorMod(part - i, (long) PARTS)] = new Part();
        }
        newest = Math.max(newest, part);
        return parts[(int) Math.floorMod(newest, (long) PARTS)];
    }
}
