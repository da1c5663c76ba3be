package io.vitals.runbooks.run;

/** A step could not be done to its end. The message says why, without a secret. */
final class StepFailure extends Exception {
    private static final long serialVersionUID = 1;

    StepFailure(String message) {
        super(message);
    }

    StepFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
