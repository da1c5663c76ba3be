package io.vitals.kit.limits;

import java.time.Duration;
import java.util.List;

/**
 * How much one caller may do: for each window, so many at once after a pause, and so many a window in the long run.
 *
 * @param windows one to three, the shortest first
 */
public record Quota(List<Window> windows) {
    /** One limit: {@code limit} requests in {@code period}. */
    public record Window(int limit, Duration period) {
        public Window {
            if (limit < 1 || !period.isPositive()) {
                throw new IllegalArgumentException("a window that lets nothing through refuses everything");
            }
        }

        /** Microseconds until there is one more; rounded up, so never more than the limit. */
        long interval() {
            return Math.ceilDiv(period.toNanos() / 1000, limit);
        }

        /** Microseconds of intervals that may be used at once. */
        long depth() {
            return interval() * limit;
        }
    }

    public Quota {
        windows = List.copyOf(windows);
        if (windows.isEmpty() || windows.size() > 3) {
            throw new IllegalArgumentException("one to three windows");
        }
    }

    public static Quota of(int perMinute, int perHour, int perDay) {
        return new Quota(List.of(
                new Window(perMinute, Duration.ofMinutes(1)),
                new Window(perHour, Duration.ofHours(1)),
                new Window(perDay, Duration.ofDays(1))));
    }

    /** The window at this place; those that are not there repeat the last one, which changes nothing. */
    Window window(int index) {
        return windows.get(Math.min(index, windows.size() - 1));
    }

    /** Microseconds after which a caller who was refused is let through at the latest. */
    long longestInterval() {
        return windows.stream().mapToLong(Window::interval).max().orElseThrow();
    }

    /**
     * How many a replica takes for itself in one question to the database. One, unless the limits are so wide that a thousandth of them
     * is more: then a busy caller costs one statement in many requests.
     */
    int lease() {
        int least = windows.stream().mapToInt(Window::limit).min().orElseThrow();
        return Math.clamp(least / 1000, 1, 1000);
    }

    /** As {@code RateLimit-Policy} says it. */
    public String policy() {
        return String.join(
                ", ",
                windows.stream()
                        .map(w -> w.limit() + ";w=" + w.period().toSeconds())
                        .toList());
    }
}
