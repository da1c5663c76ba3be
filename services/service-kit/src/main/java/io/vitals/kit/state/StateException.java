package io.vitals.kit.state;

/** An export or an import is refused. The message names the file, table or field, and never a value of a row. */
public final class StateException extends Exception {
    private static final long serialVersionUID = 1L;

    StateException(String why) {
        super(why);
    }
}
