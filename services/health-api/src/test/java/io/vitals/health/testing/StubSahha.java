package io.vitals.health.testing;

import io.vitals.health.sahha.Sahha;
import io.vitals.health.sahha.SahhaRefresh;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A Sahha that answers a refresh as it is told. */
public final class StubSahha implements Sahha {
    private final AtomicInteger refreshes = new AtomicInteger();
    private volatile SahhaRefresh answer = SahhaRefresh.NOT_CONNECTED;
    private volatile Runnable before = () -> {};

    public void answer(SahhaRefresh next) {
        answer = next;
    }

    /** What happens while it is asked. */
    public void before(Runnable step) {
        before = step;
    }

    public int refreshes() {
        return refreshes.get();
    }

    @Override
    public SahhaRefresh refresh(UUID member, Duration budget) {
        refreshes.incrementAndGet();
        before.run();
        return answer;
    }

    @Override
    public void consented(UUID member) {}

    @Override
    public void withdrawn(UUID member) {}
}
