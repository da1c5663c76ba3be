package io.vitals.journey.drill;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks all the time at what fires, so that nothing that comes and goes is missed. */
final class Recorder implements AutoCloseable {
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();
    private final Map<Watch.Firing, Instant> first = new ConcurrentHashMap<>();
    private final Watch watch;
    private volatile @Nullable IOException failure;
    private volatile Set<Watch.Firing> now = Set.of();

    Recorder(Watch watch) {
        this.watch = watch;
        look();
        var _ = looks.scheduleWithFixedDelay(this::look, 200, 200, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            now = watch.alerts("firing");
            now.forEach(firing -> first.putIfAbsent(firing, Instant.now()));
            failure = null;
        } catch (IOException e) {
            failure = e;
        }
    }

    /** Everything that has fired, with the time when that was seen first. */
    Map<Watch.Firing, Instant> first() {
        return first;
    }

    Set<Watch.Firing> now() {
        IOException failed = failure;
        if (failed != null) {
            throw new UncheckedIOException(failed);
        }
        return now;
    }

    /** What would fire if it lasted. */
    Set<Watch.Firing> pending() throws IOException {
        return watch.alerts("pending");
    }

    @Override
    public void close() {
        looks.close();
    }
}
