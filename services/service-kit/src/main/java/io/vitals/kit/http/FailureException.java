package io.vitals.kit.http;

/** Carries a {@link Failure} to the listener. Has no stack trace: it is an answer, not a fault. */
public final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public FailureException(Failure failure) {
        super(failure.problem().slug(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
