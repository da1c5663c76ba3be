package io.vitals.whoop.days;

import io.vitals.whoop.model.Cycle;
import io.vitals.whoop.model.MemberRecords;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Recovery;
import io.vitals.whoop.model.Sleep;
import io.vitals.whoop.model.Stored;
import io.vitals.whoop.model.Workout;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Puts a member's records together by day. Pure: the same records and the same moment give the same days. */
public final class Days {
    private Days() {}

    /**
     * The days from {@code from} to {@code to}, both included, oldest first. A day without any record appears only if it once had one, so
     * that a reader learns of its emptiness and version.
     */
    public static List<WhoopDay> assemble(MemberRecords records, LocalDate from, LocalDate to, Instant now) {
        List<WhoopDay> days = new ArrayList<>();
        for (LocalDate date = from; !date.isAfter(to); date = date.plusDays(1)) {
            WhoopDay day = assemble(records, date, now);
            if (records.versions().containsKey(date) || !isEmpty(day)) {
                days.add(day);
            }
        }
        return days;
    }

    private static WhoopDay assemble(MemberRecords records, LocalDate date, Instant now) {
        List<Stored<Sleep>> sleeps = on(records.sleeps(), date).stream()
                .sorted(Comparator.comparing(stored -> stored.record().start()))
                .toList();
        Optional<UUID> mainSleep =
                DayRules.mainSleep(sleeps.stream().map(Stored::record).toList()).map(Sleep::id);
        Optional<Stored<Cycle>> cycle = cycleOf(records.cycles(), date, now);
        Optional<Stored<Recovery>> recovery = recoveryOf(on(records.recoveries(), date), mainSleep);
        List<Stored<Workout>> workouts = on(records.workouts(), date).stream()
                .sorted(Comparator.comparing(
                        (Stored<Workout> stored) -> stored.record().start()))
                .toList();
        List<String> deleted = records.deletions().getOrDefault(date, Set.of()).stream()
                .filter(type -> switch (type) {
                    case SLEEP -> mainSleep.isEmpty();
                    case CYCLE -> cycle.isEmpty();
                    case RECOVERY -> recovery.isEmpty();
                    case WORKOUT -> workouts.isEmpty();
                    case PROFILE, BODY -> false;
                })
                .map(RecordType::code)
                .sorted()
                .toList();
        return new WhoopDay(
                date,
                records.versions().getOrDefault(date, 0L),
                cycle.map(one -> Views.cycle(one, now)).orElse(null),
                recovery.map(Views::recovery).orElse(null),
                sleeps.stream().map(Views::sleep).toList(),
                workouts.stream().map(Views::workout).toList(),
                Views.body(records.body()),
                deleted);
    }

    /** A cycle of the day itself wins over a multi-day one that merely reaches into it; of several the one that started last. */
    private static Optional<Stored<Cycle>> cycleOf(List<Stored<Cycle>> cycles, LocalDate date, Instant now) {
        Comparator<Stored<Cycle>> latest =
                Comparator.comparing(stored -> stored.record().start());
        return on(cycles, date).stream()
                .max(latest)
                .or(() -> cycles.stream()
                        .filter(stored -> reaches(stored, date, now))
                        .max(latest));
    }

    private static boolean reaches(Stored<Cycle> cycle, LocalDate date, Instant now) {
        LocalDate own = cycle.day();
        return own != null && DayRules.daysOf(cycle.record(), own, now).contains(date);
    }

    /** With two main sleeps on one date there may be two recoveries: that of the longer sleep stands. */
    private static Optional<Stored<Recovery>> recoveryOf(List<Stored<Recovery>> recoveries, Optional<UUID> mainSleep) {
        return recoveries.stream()
                .filter(stored ->
                        mainSleep.filter(stored.record().sleepId()::equals).isPresent())
                .findFirst()
                .or(() -> recoveries.stream()
                        .max(Comparator.comparing(stored -> stored.record().updatedAt())));
    }

    private static <T> List<Stored<T>> on(List<Stored<T>> records, LocalDate date) {
        return records.stream()
                .filter(stored -> Objects.equals(stored.day(), date))
                .toList();
    }

    private static boolean isEmpty(WhoopDay day) {
        return none(day.cycle())
                && none(day.recovery())
                && day.sleeps().isEmpty()
                && day.workouts().isEmpty();
    }

    private static boolean none(@Nullable Object part) {
        return part == null;
    }
}
