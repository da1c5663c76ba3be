package io.vitals.whoop.model;

import java.time.Instant;

/** A dated record of one of WHOOP's collections. Score fields are null unless WHOOP scored it; 0 is a value. */
public sealed interface WhoopRecord permits Cycle, Recovery, Sleep, Workout {
    RecordType type();

    /** The natural key as text: a cycle's number, a sleep's or workout's UUID, for a recovery the UUID of its sleep. */
    String key();

    ScoreState state();

    Instant createdAt();

    Instant updatedAt();
}
