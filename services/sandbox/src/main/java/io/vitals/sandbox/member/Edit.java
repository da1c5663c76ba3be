package io.vitals.sandbox.member;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Something done by hand to a person's history; what happens by itself needs no edit. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "edit")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Edit.AddSleep.class, name = "add-sleep"),
    @JsonSubTypes.Type(value = Edit.Delete.class, name = "delete"),
    @JsonSubTypes.Type(value = Edit.FinishCycle.class, name = "finish-cycle"),
    @JsonSubTypes.Type(value = Edit.ScorePending.class, name = "score-pending")
})
sealed interface Edit {
    Instant at();

    /**
     * A sleep noticed at {@code at}. Planned sleeps and workouts that it overlaps and that nobody has seen yet never happen.
     *
     * @param serial unique per person; it names the ids and the noise of the new records
     * @param cycle the cycle it belongs to; null opens a new one (or, for a nap, takes the running one)
     * @param pending how long it waits for its score
     */
    record AddSleep(
            Instant at,
            int serial,
            Instant start,
            Instant end,
            boolean nap,
            @Nullable Long cycle,
            Duration pending) implements Edit {}

    /** The person deletes a sleep or workout. */
    record Delete(Instant at, UUID record) implements Edit {}

    /** The person falls asleep: the running cycle ends and one without a sleep begins. */
    record FinishCycle(Instant at, int serial) implements Edit {}

    /** Everything that waits for its score gets it. */
    record ScorePending(Instant at) implements Edit {}
}
