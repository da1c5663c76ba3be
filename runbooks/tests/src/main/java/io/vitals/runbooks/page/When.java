package io.vitals.runbooks.page;

/** The state of the system in which a look is of use. */
public enum When {
    HEALTHY,
    BROKEN
}
