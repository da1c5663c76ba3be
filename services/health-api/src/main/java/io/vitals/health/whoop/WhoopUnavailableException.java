package io.vitals.health.whoop;

import org.jspecify.annotations.Nullable;

import java.io.Serial;

/** whoop-service was not reached in time, or did not answer as agreed. Says nothing of what was asked. */
public final class WhoopUnavailableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean late;

    public WhoopUnavailableException(String reason, @Nullable Throwable cause) {
        this(reason, cause, false);
    }

    /** {@code late}: no answer came in time, which says nothing of whether one would have come. */
    public WhoopUnavailableException(String reason, @Nullable Throwable cause, boolean late) {
        super("whoop-service: " + reason, cause);
        this.late = late;
    }

    public boolean late() {
        return late;
    }
}
