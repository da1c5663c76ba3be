package io.vitals.kit.lifecycle;

import io.vitals.kit.management.Probes;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LifecycleTest {
    private final Probes probes = new Probes(Clock.systemUTC());
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    @Test
    void readinessGoesFirstThenThePartsInReverseOrder() {
        probes.markStarted();
        Lifecycle lifecycle = new Lifecycle(probes, Duration.ZERO);
        lifecycle.onStop("database", () -> order.add("database"));
        lifecycle.onStop("listeners", () -> order.add("listeners, ready " + probes.ready()));
        lifecycle.close();
        lifecycle.close();
        assertThat(order).containsExactly("listeners, ready false", "database");
    }

    @Test
    void aPartThatFailsDoesNotKeepTheOthersOpen() {
        Lifecycle lifecycle = new Lifecycle(probes, Duration.ZERO);
        lifecycle.onStop("database", () -> order.add("database"));
        lifecycle.onStop("broken", () -> {
            throw new IllegalStateException("on purpose");
        });
        lifecycle.close();
        assertThat(order).containsExactly("database");
    }

    @Test
    void aWokenWorkerDoesNotWaitForItsIdleTime() {
        AtomicInteger steps = new AtomicInteger();
        try (Worker worker = Worker.start("test", Duration.ofHours(1), () -> {
            steps.incrementAndGet();
            return false;
        })) {
            await().until(() -> steps.get() == 1);
            worker.wake();
            await().until(() -> steps.get() == 2);
        }
    }

    @Test
    void aFailedStepIsTriedAgain() {
        AtomicInteger steps = new AtomicInteger();
        try (Worker worker = Worker.start("test", Duration.ofHours(1), () -> {
            if (steps.incrementAndGet() < 3) {
                throw new IllegalStateException("on purpose");
            }
            return false;
        })) {
            await().until(() -> steps.get() == 3);
            assertThat(worker.stopping()).isFalse();
        }
    }

    @Test
    void closingLetsTheRunningStepFinish() {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean finished = new AtomicBoolean();
        Worker worker = Worker.start("test", Duration.ofHours(1), () -> {
            entered.countDown();
            release.await();
            finished.set(true);
            return true;
        });
        await().until(() -> entered.getCount() == 0);
        Thread closing = Thread.ofVirtual().start(worker::close);
        await().until(worker::stopping);
        release.countDown();
        await().until(() -> !closing.isAlive());
        assertThat(finished).isTrue();
    }
}
