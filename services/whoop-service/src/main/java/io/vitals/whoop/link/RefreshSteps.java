package io.vitals.whoop.link;

/** Is told how far a refresh has come, so that a test can end it there. */
@FunctionalInterface
interface RefreshSteps {
    /** Where a process may die. */
    enum Step {
        /** Lease and intent are committed, nothing is sent. */
        LEASED,
        /** The refresh token is open and about to be sent. */
        OPENED,
        /** WHOOP has answered; only this process knows the answer. */
        ANSWERED,
        /** The new pair is sealed and about to be stored. */
        SEALED,
        /** The outcome is committed. */
        STORED
    }

    RefreshSteps NOBODY = _ -> {};

    void reached(Step step);
}
