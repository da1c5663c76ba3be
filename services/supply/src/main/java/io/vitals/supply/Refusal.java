package io.vitals.supply;

/** The command cannot go on; the message says what is missing and what to do. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
        super(message);
    }
}
