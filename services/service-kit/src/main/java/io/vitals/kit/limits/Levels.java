package io.vitals.kit.limits;

import java.time.Duration;

/**
 * How far a caller's windows are used up: for each the time, in microseconds, at which it is full again. Whole numbers only, so nothing is
 * rounded however often it is added to. A time beyond an empty window, as a clock that was set back leaves it, counts as an empty one.
 */
record Levels(long first, long second, long third) {
    static final Levels FULL = new Levels(0, 0, 0);

    private long at(int window) {
        return switch (window) {
            case 0 -> first;
            case 1 -> second;
            default -> third;
        };
    }

    /** How many may go through now, at most {@code wanted}. */
    long grant(Quota quota, long now, long wanted) {
        long granted = wanted;
        for (int i = 0; i < 3; i++) {
            granted = Math.min(granted, free(quota.window(i), i, now));
        }
        return Math.max(0, granted);
    }

    private long base(Quota.Window window, int index, long now) {
        return Math.clamp(at(index), now, now + window.depth());
    }

    private long free(Quota.Window window, int index, long now) {
        return (now + window.depth() - base(window, index, now)) / window.interval();
    }

    Levels used(Quota quota, long now, long count) {
        return new Levels(used(quota, 0, now, count), used(quota, 1, now, count), used(quota, 2, now, count));
    }

    private long used(Quota quota, int index, long now, long count) {
        Quota.Window window = quota.window(index);
        return base(window, index, now) + count * window.interval();
    }

    /** What to tell the caller; {@code held} are granted already and not used yet. */
    Decision decision(Quota quota, long now, boolean allowed, long held) {
        int tightest = 0;
        long wait = 0;
        for (int i = 0; i < quota.windows().size(); i++) {
            Quota.Window window = quota.window(i);
            if (free(window, i, now) < free(quota.window(tightest), tightest, now)) {
                tightest = i;
            }
            wait = Math.max(wait, base(window, i, now) + window.interval() - window.depth() - now);
        }
        Quota.Window window = quota.window(tightest);
        return new Decision(
                allowed,
                window.limit(),
                Math.max(0, free(window, tightest, now)) + held,
                micros(base(window, tightest, now) - now),
                allowed ? Duration.ZERO : micros(Math.max(1, wait)));
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(Math.multiplyExact(micros, 1000));
    }
}
