package io.vitals.whoop.sync;

/** The cursor is no longer ours. Undoes the transaction; nothing is wrong. */
final class LostClaimException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostClaimException() {
        super("lost claim", null, false, false);
    }
}
