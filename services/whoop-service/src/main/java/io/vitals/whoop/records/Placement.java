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
import java.util.UUID;

/** Gives records their local day, and moves those whose day hangs on another record when that one comes, changes or goes. */
final class Placement {
    private static final Sql RECOVERIES_OF = Sql.named(
            "recovery-of-cycles-or-sleeps",
            Tables.RECOVERY
                    .byKey()
                    .text()
                    .replace(
                            "sleep_id = ANY(CAST(:keys AS uuid[]))",
                            "(sleep_id = ANY(CAST(:sleeps AS uuid[])) OR cycle_id = ANY(CAST(:cycles AS bigint[])))"));

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
        List<Stored<Cycle>> cycles = cycles(cycleIds);
        List<Sleep> sleeps = cycles.isEmpty() ? List.of() : sleepsOf(cycleIds);
        for (Stored<Cycle> stored : cycles) {
            Cycle cycle = stored.record();
            LocalDate day = DayRules.dayOf(cycle, ofCycle(sleeps, cycle.id()));
            if (!day.equals(stored.day())) {
                redate(Tables.CYCLE, cycle.key(), day);
                changed.add(RecordType.CYCLE, stored.day());
                changed.addAll(RecordType.CYCLE, daysOf(cycle, day));
            }
        }
        settleRecoveries(cycleIds, sleepIds, changed);
    }

    /** Moves only the recoveries: to be told of cycles whose own day is right already. */
    void settleRecoveries(Collection<Long> cycleIds, Collection<String> sleepIds, ChangedDays changed) {
        List<Stored<Recovery>> recoveries = tx.list(
                RECOVERIES_OF,
                keys().with("cycles", cycleIds.toArray(Long[]::new))
                        .with("sleeps", sleepIds.stream().map(UUID::fromString).toArray(UUID[]::new)),
                RecordRanges.stored(Tables.RECOVERY));
        Map<String, LocalDate> days =
                placeRecoveries(recoveries.stream().map(Stored::record).toList());
        for (Stored<Recovery> stored : recoveries) {
            @Nullable LocalDate day = days.get(stored.record().key());
            if (!Objects.equals(day, stored.day())) {
                redate(Tables.RECOVERY, stored.record().key(), day);
                changed.add(RecordType.RECOVERY, stored.day());
                changed.add(RecordType.RECOVERY, day);
            }
        }
    }

    private Map<String, LocalDate> placeRecoveries(List<Recovery> recoveries) {
        if (recoveries.isEmpty()) {
            return Map.of();
        }
        Map<UUID, LocalDate> bySleep = new HashMap<>();
        tx.list(
                        Tables.SLEEP.byKey(),
                        keys().with(
                                        "keys",
                                        recoveries.stream()
                                                .map(Recovery::sleepId)
                                                .toArray(UUID[]::new)),
                        Tables.SLEEP.mapper())
                .forEach(sleep -> bySleep.put(sleep.id(), DayRules.dayOf(sleep)));
        Map<Long, LocalDate> byCycle = new HashMap<>();
        for (Stored<Cycle> cycle :
                cycles(recoveries.stream().map(Recovery::cycleId).toList())) {
            LocalDate day = cycle.day();
            if (day != null) {
                byCycle.put(cycle.record().id(), day);
            }
        }
        Map<String, LocalDate> days = new HashMap<>();
        for (Recovery recovery : recoveries) {
            @Nullable LocalDate day = bySleep.getOrDefault(recovery.sleepId(), byCycle.get(recovery.cycleId()));
            if (day != null) {
                days.put(recovery.key(), day);
            }
        }
        return days;
    }

    private List<Stored<Cycle>> cycles(Collection<Long> ids) {
        return ids.isEmpty()
                ? List.of()
                : tx.list(
                        Tables.CYCLE.byKey(),
                        keys().with("keys", ids.toArray(Long[]::new)),
                        RecordRanges.stored(Tables.CYCLE));
    }

    private List<Sleep> sleepsOf(Collection<Long> cycleIds) {
        return cycleIds.isEmpty()
                ? List.of()
                : tx.list(
                        Tables.SLEEP.ofCycles(),
                        keys().with("keys", cycleIds.toArray(Long[]::new)),
                        Tables.SLEEP.mapper());
    }

    private static List<Sleep> ofCycle(List<Sleep> sleeps, long cycleId) {
        return sleeps.stream()
                .filter(sleep -> Objects.equals(sleep.cycleId(), cycleId))
                .toList();
    }

    private void redate(Table<?> table, String key, @Nullable LocalDate day) {
        tx.execute(table.redate(), keys().with("key", key).with("day", day));
    }

    private Params keys() {
        return Params.of("member", owner.member().value(), "user", owner.whoopUserId());
    }
}
