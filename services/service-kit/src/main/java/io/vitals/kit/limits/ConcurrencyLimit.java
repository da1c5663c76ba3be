package io.vitals.kit.limits;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.vitals.kit.http.CommonFailure;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many requests a listener works on at once. One more is answered 503 before its body is read, so overload costs callers a retry and not
 * the process its memory. Health probes come to a listener of their own, which has no such limit.
 */
public final class ConcurrencyLimit implements Filter {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Semaphore permits;

    public ConcurrencyLimit(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a listener that works on nothing refuses everything");
        }
        this.permits = new Semaphore(most);
    }

    private final class Place {
        private final AtomicBoolean taken = new AtomicBoolean(true);

        void leave() {
            if (taken.compareAndSet(true, false)) {
                permits.release();
            }
        }
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (!permits.tryAcquire()) {
            throw new CommonFailure.Unavailable("Too much is going on.", RETRY).toException();
        }
        Place place = new Place();
        request.context().register(place);
        try {
            chain.proceed();
        } finally {
            place.leave();
        }
    }

    /** For an answer that lasts and has a limit of its own: from here on it takes nobody's place. */
    public static void leave(ServerRequest request) {
        request.context().get(Place.class).ifPresent(Place::leave);
    }
}
