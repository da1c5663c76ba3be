package io.vitals.whoop.model;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the store holds of one member for a range of days.
 *
 * @param versions the newest change number of each day that ever changed
 * @param deletions kinds of which WHOOP deleted a record that was of the day; naps are left out
 */
public record MemberRecords(
        List<Stored<Cycle>> cycles,
        List<Stored<Recovery>> recoveries,
        List<Stored<Sleep>> sleeps,
        List<Stored<Workout>> workouts,
        @Nullable Stored<Body> body,
        Map<LocalDate, Long> versions,
        Map<LocalDate, Set<RecordType>> deletions) {

    public MemberRecords {
        cycles = List.copyOf(cycles);
        recoveries = List.copyOf(recoveries);
        sleeps = List.copyOf(sleeps);
        workouts = List.copyOf(workouts);
        versions = Map.copyOf(versions);
        deletions = Map.copyOf(deletions);
    }
}
