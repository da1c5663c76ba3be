package io.vitals.kit.http;

import org.jspecify.annotations.Nullable;

/** Carries a {@link Failure} to the listener. Has no stack trace: it is an answer, not a fault. */
public final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    FailureException(Failure failure, @Nullable Throwable cause) {
        super(failure.problem().slug(), cause, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
