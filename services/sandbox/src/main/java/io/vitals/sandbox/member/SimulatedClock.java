package io.vitals.sandbox.member;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** The clock that the synthetic world lives by: another clock, moved by an offset that can change while it runs. */
public final class SimulatedClock extends Clock {
    private final Clock base;
    private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

    public SimulatedClock(Clock base) {
        this.base = base;
    }

    /** The clock without the offset: what the rest of the machine goes by. */
    public Clock base() {
        return base;
    }

    public Duration offset() {
        return offset.get();
    }

    public void offset(Duration newOffset) {
        offset.set(newOffset);
    }

    @Override
    public Instant instant() {
        return base.instant().plus(offset.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.offset(base.withZone(zone), offset.get());
    }
}
