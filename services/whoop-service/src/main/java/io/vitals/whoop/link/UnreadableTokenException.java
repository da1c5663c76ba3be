package io.vitals.whoop.link;

/** What is sealed cannot be opened here and with these keys. */
final class UnreadableTokenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    UnreadableTokenException(String message) {
        super(message);
    }
}
