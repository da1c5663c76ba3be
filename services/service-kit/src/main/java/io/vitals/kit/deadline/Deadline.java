package io.vitals.kit.deadline;

import java.time.Duration;
import java.util.Optional;

/**
 * Until when somebody waits for what is being done. It follows the work of a request within its thread: the database's statements and calls
 * to others are cut short by it, since nobody would read what comes later. It only ever shortens; work without one goes by the usual limits.
 */
public final class Deadline {
    private static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();

    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    /** Does the work within a time from now, or within what an outer deadline leaves of it. */
    public static void within(Duration time, Runnable work) {
        long end = System.nanoTime() + atMost(time).toNanos();
        ScopedValue.where(CURRENT, new Deadline(end)).run(work);
    }

    /** What is left; negative when it is over, empty when nobody set one. */
    public static Optional<Duration> left() {
        return CURRENT.isBound()
                ? Optional.of(Duration.ofNanos(CURRENT.get().endNanos - System.nanoTime()))
                : Optional.empty();
    }

    /** The limit, or what is left if that is less. */
    public static Duration atMost(Duration limit) {
        return left().filter(left -> left.compareTo(limit) < 0).orElse(limit);
    }

    public static boolean over() {
        return left().filter(left -> !left.isPositive()).isPresent();
    }
}
