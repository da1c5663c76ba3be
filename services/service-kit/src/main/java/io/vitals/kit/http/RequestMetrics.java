package io.vitals.kit.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vitals.kit.metrics.Buckets;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** {@code http.server.requests}: one timer per route pattern, method and status. */
final class RequestMetrics {
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS");
    private static final Duration[] BUCKETS = Buckets.between(Duration.ofMillis(5), Duration.ofSeconds(10));

    private record Key(String route, String method, int status) {}

    private final MeterRegistry registry;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
    private final Set<String> openEnded = ConcurrentHashMap.newKeySet();

    RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Makes a route's series exist before its first request, so that a rate over them starts at zero. */
    void register(Routes.Entry route) {
        if (route.openEnded()) {
            openEnded.add(route.pattern());
        }
        timer(new Key(route.pattern(), route.method(), 200));
        timer(new Key(route.pattern(), route.method(), 500));
    }

    void record(String route, String method, int status, long nanos) {
        timer(new Key(route, METHODS.contains(method) ? method : "OTHER", status))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Key key) {
        Timer timer = timers.get(key);
        return timer != null ? timer : timers.computeIfAbsent(key, this::create);
    }

    private boolean promised(String route) {
        return !route.equals(RequestContext.UNMATCHED) && !openEnded.contains(route);
    }

    private Timer create(Key key) {
        return Timer.builder("http.server.requests")
                .description("Requests by route, method and status")
                .tag("route", key.route())
                .tag("method", key.method())
                .tag("status", Integer.toString(key.status()))
                .tag("slo", Boolean.toString(promised(key.route())))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
