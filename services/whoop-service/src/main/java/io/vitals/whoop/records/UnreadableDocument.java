package io.vitals.whoop.records;

/** An answer of WHOOP that is not the document it should be. The message names the place, never a value. */
public final class UnreadableDocument extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableDocument(String problem) {
        super(problem);
    }
}
