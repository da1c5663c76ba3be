package io.vitals.sandbox.whoop;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Map;

/** The quota of the client app: so many calls a minute and a day, counted in windows that begin with a call. */
final class Quota {
    private static final long MINUTE = 60_000;
    private static final long DAY = 86_400_000;

    private final Clock clock;
    private final Window minute;
    private final Window day;
    private final Busiest busiestMinute = new Busiest(MINUTE);
    private final Busiest busiestDay = new Busiest(DAY);

    private static final class Window {
        int limit;
        final int seconds;
        long began = Long.MIN_VALUE;
        int used;

        Window(int limit, int seconds) {
            this.limit = limit;
            this.seconds = seconds;
        }

        void roll(long now) {
            if (began == Long.MIN_VALUE || now - began >= seconds * 1000L || now < began) {
                began = now;
                used = 0;
            }
        }

        int remaining() {
            return Math.max(0, limit - used);
        }

        long resetSeconds(long now) {
            return Math.ceilDiv(began + seconds * 1000L - now, 1000L);
        }
    }

    /** The most calls in any stretch of a length, wherever it begins. */
    private static final class Busiest {
        final long length;
        final ArrayDeque<Long> calls = new ArrayDeque<>();
        int most;

        Busiest(long length) {
            this.length = length;
        }

        void seen(long now) {
            calls.addLast(now);
            while (calls.getFirst() <= now - length) {
                calls.removeFirst();
            }
            most = Math.max(most, calls.size());
        }

        void reset() {
            calls.clear();
            most = 0;
        }
    }

    /** Whether a call is within the quota, with the headers that its answer carries. */
    record Verdict(boolean allowed, Map<String, String> headers) {}

    Quota(Clock clock, int perMinute, int perDay) {
        this.clock = clock;
        minute = new Window(perMinute, 60);
        day = new Window(perDay, 86_400);
    }

    synchronized Verdict take() {
        long now = clock.millis();
        seen(now);
        minute.roll(now);
        day.roll(now);
        boolean allowed = minute.remaining() > 0 && day.remaining() > 0;
        if (allowed) {
            minute.used++;
            day.used++;
        }
        return new Verdict(allowed, headers(now, minute.remaining() <= day.remaining() ? minute : day, -1));
    }

    /** The headers of a refusal that was ordered although the quota is not used up. */
    synchronized Map<String, String> exhausted() {
        long now = clock.millis();
        seen(now);
        minute.roll(now);
        return headers(now, minute, 0);
    }

    /** The most calls seen in any sixty seconds, refused ones included. */
    synchronized int busiestMinute() {
        return busiestMinute.most;
    }

    /** The most calls seen in any 24 hours, refused ones included. */
    synchronized int busiestDay() {
        return busiestDay.most;
    }

    synchronized int usedToday() {
        return day.used;
    }

    synchronized void limits(int perMinute, int perDay) {
        minute.limit = perMinute;
        day.limit = perDay;
    }

    synchronized void reset() {
        minute.began = Long.MIN_VALUE;
        day.began = Long.MIN_VALUE;
        busiestMinute.reset();
        busiestDay.reset();
    }

    private void seen(long now) {
        busiestMinute.seen(now);
        busiestDay.seen(now);
    }

    private Map<String, String> headers(long now, Window nearest, int remaining) {
        return Map.of(
                "X-RateLimit-Limit",
                "%d, %d;window=60, %d;window=86400".formatted(nearest.limit, minute.limit, day.limit),
                "X-RateLimit-Remaining",
                Integer.toString(remaining < 0 ? nearest.remaining() : remaining),
                "X-RateLimit-Reset",
                Long.toString(nearest.resetSeconds(now)));
    }
}
