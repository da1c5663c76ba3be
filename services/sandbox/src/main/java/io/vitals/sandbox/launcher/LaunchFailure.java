package io.vitals.sandbox.launcher;

import org.jspecify.annotations.Nullable;

/** Vitals cannot run; the message is what its user reads. */
public final class LaunchFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LaunchFailure(String message) {
        super(message);
    }

    LaunchFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
