package io.vitals.whoop.sync;

import org.jspecify.annotations.Nullable;

/**
 * How far a sync has come that somebody waits for.
 *
 * @param reason why it is put off, such as quota; null unless it is
 */
public record RequestedSync(State state, @Nullable String reason) {
    /** Whether what WHOOP has now is stored. */
    public enum State {
        /** All collections were fetched to their end. */
        CURRENT,
        /** Some are still being fetched. */
        RUNNING,
        /** WHOOP is not asked for now; it goes on by itself. */
        DEFERRED
    }
}
