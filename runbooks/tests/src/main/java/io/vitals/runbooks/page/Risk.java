package io.vitals.runbooks.page;

/** What a step can do to the system. */
public enum Risk {
    READ,
    WRITE,
    /** What it takes away does not come back by itself. */
    DESTRUCTIVE;

    @Override
    public String toString() {
        return Words.of(this);
    }
}
