package io.vitals.whoop.sync;

import java.time.LocalDate;

/**
 * How far a member's history is fetched.
 *
 * @param from first day of the history that a fresh link fetches
 * @param daysDone days for which every collection has been asked
 */
public record SyncStatus(State state, LocalDate from, LocalDate to, int daysTotal, int daysDone) {
    /** Idle: nothing to fetch for; current: everything asked, kept fresh from here on. */
    public enum State {
        IDLE,
        BACKFILLING,
        CURRENT,
        FAILED
    }
}
