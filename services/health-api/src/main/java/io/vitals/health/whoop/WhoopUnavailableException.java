package io.vitals.health.whoop;

import org.jspecify.annotations.Nullable;

import java.io.Serial;

/** whoop-service was not reached in time, or did not answer as agreed. Says nothing of what was asked. */
public final class WhoopUnavailableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public WhoopUnavailableException(String reason, @Nullable Throwable cause) {
        super("whoop-service: " + reason, cause);
    }
}
