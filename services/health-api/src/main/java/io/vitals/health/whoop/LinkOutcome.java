package io.vitals.health.whoop;

/** How the browser's return from WHOOP ended. */
public enum LinkOutcome {
    CONNECTED,
    /** The member said no at WHOOP. */
    DENIED,
    /** The state is unknown, used, expired, or of another session or member. */
    INVALID,
    /** WHOOP did not exchange the code. */
    FAILED,
    /** This WHOOP account is linked to another member. */
    ELSEWHERE
}
