package io.vitals.health.testing;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The real time, or one that stands still, moved by as much as a test says. */
public final class MovableClock extends Clock {
    private final @Nullable Instant stoppedAt;
    private volatile Duration moved = Duration.ZERO;

    public MovableClock() {
        this(null);
    }

    private MovableClock(@Nullable Instant stoppedAt) {
        this.stoppedAt = stoppedAt;
    }

    /** Only the test moves it, so that nothing depends on how long the test takes. */
    public static MovableClock stopped(Instant at) {
        return new MovableClock(at);
    }

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
        return (stoppedAt == null ? Instant.now() : stoppedAt).plus(moved);
    }
}
