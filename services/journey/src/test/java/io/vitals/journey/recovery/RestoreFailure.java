package io.vitals.journey.recovery;

/** A database did not come back. The message says why. */
final class RestoreFailure extends Exception {
    private static final long serialVersionUID = 1L;

    RestoreFailure(String message) {
        super(message);
    }
}
