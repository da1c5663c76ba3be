package io.vitals.whoop.records;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.days.DayRules;
import io.vitals.whoop.model.Cycle;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Recovery;
import io.vitals.whoop.model.Sleep;
import io.vitals.whoop.model.Stored;
import io.vitals.whoop.model.WhoopRecord;
import io.vitals.whoop.model.Workout;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Gives records their local day, and moves those whose day hangs on another record when that one comes, changes or goes. */
final class Placement {
    /** The cycles, and the recoveries that hang on them or on the sleeps. */
    private static final Sql HANGING = Sql.named(
            "records-hanging-on",
            "SELECT " + listed(Tables.CYCLE, "id = ANY(CAST(:cycles AS bigint[]))") + " AS cycles, "
                    + listed(
                            Tables.RECOVERY,
                            "(sleep_id = ANY(CAST(:sleeps AS uuid[])) OR cycle_id = ANY(CAST(:cycles AS bigint[])))")
                    + " AS recoveries");

    /** The days of what may give recoveries theirs. */
    private static final Sql PLACES = Sql.named("places-of-recoveries", """
            SELECT CAST(id AS text) AS key, local_date FROM sleep
            WHERE member_id = :member AND whoop_user_id = :user AND id = ANY(CAST(:sleeps AS uuid[]))
            UNION ALL SELECT CAST(id AS text), local_date FROM cycle
            WHERE member_id = :member AND whoop_user_id = :user AND id = ANY(CAST(:cycles AS bigint[]))""");

    private record Hanging(List<Stored<Cycle>> cycles, List<Stored<Recovery>> recoveries) {}

    private final SqlExecutor tx;
    private final Owner owner;
    private final Instant now;

    Placement(SqlExecutor tx, Owner owner, Instant now) {
        this.tx = tx;
        this.owner = owner;
        this.now = now;
    }

    /** The day of each record, by key; no entry for a recovery that nothing places yet. */
    Map<String, LocalDate> place(RecordType type, Collection<? extends WhoopRecord> records) {
        Map<String, LocalDate> days = new HashMap<>();
        switch (type) {
            case SLEEP -> records.forEach(sleep -> days.put(sleep.key(), DayRules.dayOf((Sleep) sleep)));
            case WORKOUT -> records.forEach(workout -> days.put(workout.key(), DayRules.dayOf((Workout) workout)));
            case CYCLE -> {
                List<Cycle> cycles = records.stream().map(Cycle.class::cast).toList();
                List<Sleep> sleeps = sleepsOf(cycles.stream().map(Cycle::id).toList());
                cycles.forEach(cycle -> days.put(cycle.key(), DayRules.dayOf(cycle, ofCycle(sleeps, cycle.id()))));
            }
            case RECOVERY ->
                days.putAll(placeRecoveries(
                        records.stream().map(Recovery.class::cast).toList()));
            case PROFILE, BODY -> throw new IllegalArgumentException("has no day: " + type);
        }
        return days;
    }

    /** The days on which a cycle shows in either of its states. */
    List<LocalDate> daysOf(Cycle cycle, LocalDate own) {
        return DayRules.daysOf(cycle, own, now);
    }

    /** Moves the cycles and recoveries that hang on these cycles and sleeps to where they now belong. */
    void settle(Collection<Long> cycleIds, Collection<String> sleepIds, ChangedDays changed) {
        Hanging hanging = hangingOn(cycleIds, sleepIds);
        List<Sleep> sleeps = hanging.cycles().isEmpty() ? List.of() : sleepsOf(cycleIds);
        Map<String, @Nullable LocalDate> moved = new TreeMap<>();
        for (Stored<Cycle> stored : hanging.cycles()) {
            Cycle cycle = stored.record();
            LocalDate day = DayRules.dayOf(cycle, ofCycle(sleeps, cycle.id()));
            if (!day.equals(stored.day())) {
                moved.put(cycle.key(), day);
                changed.add(RecordType.CYCLE, stored.day());
                changed.addAll(RecordType.CYCLE, daysOf(cycle, day));
            }
        }
        redate(Tables.CYCLE, moved);
        settle(hanging.recoveries(), changed);
    }

    /** Moves only the recoveries: to be told of cycles whose own day is right already. */
    void settleRecoveries(Collection<Long> cycleIds, Collection<String> sleepIds, ChangedDays changed) {
        settle(hangingOn(cycleIds, sleepIds).recoveries(), changed);
    }

    private void settle(List<Stored<Recovery>> recoveries, ChangedDays changed) {
        Map<String, LocalDate> days =
                placeRecoveries(recoveries.stream().map(Stored::record).toList());
        Map<String, @Nullable LocalDate> moved = new TreeMap<>();
        for (Stored<Recovery> stored : recoveries) {
            @Nullable LocalDate day = days.get(stored.record().key());
            if (!Objects.equals(day, stored.day())) {
                moved.put(stored.record().key(), day);
                changed.add(RecordType.RECOVERY, stored.day());
                changed.add(RecordType.RECOVERY, day);
            }
        }
        redate(Tables.RECOVERY, moved);
    }

    private Hanging hangingOn(Collection<Long> cycleIds, Collection<String> sleepIds) {
        return tx.first(
                        HANGING,
                        keys(cycleIds, sleepIds.toArray(String[]::new)),
                        row -> new Hanging(
                                Tables.CYCLE.listed(row, "cycles"), Tables.RECOVERY.listed(row, "recoveries")))
                .orElseThrow();
    }

    private Map<String, LocalDate> placeRecoveries(List<Recovery> recoveries) {
        if (recoveries.isEmpty()) {
            return Map.of();
        }
        Map<String, LocalDate> places = new HashMap<>();
        tx.list(
                        PLACES,
                        keys(
                                recoveries.stream().map(Recovery::cycleId).toList(),
                                recoveries.stream().map(Recovery::key).toArray(String[]::new)),
                        row -> Map.entry(row.string("key"), row.localDate("local_date")))
                .forEach(place -> places.put(place.getKey(), place.getValue()));
        Map<String, LocalDate> days = new HashMap<>();
        for (Recovery recovery : recoveries) {
            @Nullable
            LocalDate day = places.getOrDefault(recovery.key(), places.get(Long.toString(recovery.cycleId())));
            if (day != null) {
                days.put(recovery.key(), day);
            }
        }
        return days;
    }

    private List<Sleep> sleepsOf(Collection<Long> cycleIds) {
        return cycleIds.isEmpty()
                ? List.of()
                : tx.list(
                        Tables.SLEEP.ofCycles(),
                        keys().with("keys", cycleIds.toArray(Long[]::new)),
                        Tables.SLEEP::read);
    }

    private static List<Sleep> ofCycle(List<Sleep> sleeps, long cycleId) {
        return sleeps.stream()
                .filter(sleep -> Objects.equals(sleep.cycleId(), cycleId))
                .toList();
    }

    private void redate(Table<?> table, Map<String, @Nullable LocalDate> days) {
        if (!days.isEmpty()) {
            tx.execute(
                    table.redate(),
                    keys().with("keys", days.keySet().toArray(String[]::new))
                            .with(
                                    "days",
                                    days.values().stream()
                                            .map(day -> day == null ? null : day.toString())
                                            .toArray(String[]::new)));
        }
    }

    private static String listed(Table<?> table, String where) {
        return "(SELECT CAST(json_agg(" + table.cells().sql() + ") AS text) FROM "
                + table.type().code() + " WHERE member_id = :member AND whoop_user_id = :user AND " + where + ")";
    }

    private Params keys(Collection<Long> cycles, String[] sleeps) {
        return keys().with("cycles", cycles.toArray(Long[]::new)).with("sleeps", sleeps);
    }

    private Params keys() {
        return Params.of("member", owner.member().value(), "user", owner.whoopUserId());
    }
}
