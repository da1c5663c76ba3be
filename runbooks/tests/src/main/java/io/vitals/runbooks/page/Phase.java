package io.vitals.runbooks.page;

/** When a step has its turn. */
public enum Phase {
    /** Before a drill: what has to be true of a system that is well. */
    HEALTHY,
    /** Lets the fault happen. */
    INJECT,
    /** Looks. */
    DIAGNOSE,
    /** Is true while the fault is there, and false otherwise. */
    ASSERT,
    /** Changes something so that the fault ends. */
    MITIGATE,
    /** Is true when the fault is over. */
    VERIFY,
    /** Ends what the drill began, whatever happened. */
    CLEANUP;

    /** Whether it may change something. */
    boolean changes() {
        return this == INJECT || this == MITIGATE || this == CLEANUP;
    }

    /** Whether an answer of no rows says that it is not so. */
    boolean claims() {
        return this == HEALTHY || this == ASSERT || this == VERIFY;
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
