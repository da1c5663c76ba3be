package io.vitals.sandbox.member;

import java.time.Instant;
import java.util.UUID;

/**
 * Something about a record that the strap's maker tells its clients.
 *
 * @param record id of the workout or sleep; a recovery goes by the id of its sleep
 */
public record MemberEvent(Change change, UUID record, Instant at) {

    /** What happened; the creation of a record counts as an update. */
    public enum Change {
        SLEEP_UPDATED,
        SLEEP_DELETED,
        RECOVERY_UPDATED,
        RECOVERY_DELETED,
        WORKOUT_UPDATED,
        WORKOUT_DELETED
    }
}
