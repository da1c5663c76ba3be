package io.vitals.health.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The real time, moved by as much as a test says. */
public final class MovableClock extends Clock {
    private volatile Duration moved = Duration.ZERO;

    public void move(Duration by) {
        moved = moved.plus(by);
    }

    public void reset() {
        moved = Duration.ZERO;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(moved);
    }
}
