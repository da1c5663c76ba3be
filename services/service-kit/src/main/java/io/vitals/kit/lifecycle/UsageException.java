package io.vitals.kit.lifecycle;

/** The arguments of a command cannot be used. The message says why, and never quotes a value. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    public UsageException(String why) {
        super(why);
    }
}
