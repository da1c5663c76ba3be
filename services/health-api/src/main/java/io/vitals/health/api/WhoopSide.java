package io.vitals.health.api;

import io.vitals.health.whoop.WhoopUnavailableException;
import io.vitals.kit.http.CommonFailure;

import java.time.Duration;
import java.util.function.Supplier;

/** What cannot be answered without whoop-service. */
final class WhoopSide {
    private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

    private WhoopSide() {}

    /** @throws io.vitals.kit.http.FailureException 503 if whoop-service does not answer */
    static <T> T reached(Supplier<T> work) {
        try {
            return work.get();
        } catch (WhoopUnavailableException e) {
            throw new CommonFailure.Unavailable("The WHOOP side does not answer right now.", ASK_AGAIN).toException(e);
        }
    }
}
