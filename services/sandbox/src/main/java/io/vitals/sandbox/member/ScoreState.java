package io.vitals.sandbox.member;

/** How far a record has been judged. */
public enum ScoreState {
    SCORED,
    PENDING_SCORE,
    UNSCORABLE
}
