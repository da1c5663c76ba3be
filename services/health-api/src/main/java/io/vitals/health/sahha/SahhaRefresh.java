package io.vitals.health.sahha;

/** What became of asking Sahha at once. */
public enum SahhaRefresh {
    /** Answered, and what it said is stored. */
    REFRESHED,
    /** The member has no profile: no consent, or it was withdrawn. */
    NOT_CONNECTED,
    /** No answer within the time given. */
    SLOW,
    /** No usable answer. */
    DOWN
}
