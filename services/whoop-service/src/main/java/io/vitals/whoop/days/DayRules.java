package io.vitals.whoop.days;

import io.vitals.whoop.model.Cycle;
import io.vitals.whoop.model.Sleep;
import io.vitals.whoop.model.Workout;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which local day a record belongs to. A day is a calendar date in the record's own offset; no clock of ours and no zone of the member takes
 * part, so travel and daylight saving need no rule of their own.
 */
public final class DayRules {
    /** A day is long when somebody dances through the night, but two nights fit in no single day. */
    private static final Duration LONGEST_SINGLE_DAY = Duration.ofHours(36);

    /** A running cycle that nobody closes must not claim days without end. */
    private static final int MOST_DAYS_OF_A_CYCLE = 7;

    private DayRules() {}

    /** A main sleep belongs to the day it ends on, the wake-up day; a nap to the day it starts on. */
    public static LocalDate dayOf(Sleep sleep) {
        Instant at = sleep.nap() ? sleep.start() : sleep.end();
        return at.atOffset(sleep.offset()).toLocalDate();
    }

    /** A workout belongs to the day it starts on. */
    public static LocalDate dayOf(Workout workout) {
        return workout.start().atOffset(workout.offset()).toLocalDate();
    }

    /** A cycle belongs to the day of its main sleep. Without one, a cycle that starts in the afternoon or evening is the next day's. */
    public static LocalDate dayOf(Cycle cycle, Collection<Sleep> sleepsOfCycle) {
        return mainSleep(sleepsOfCycle).map(DayRules::dayOf).orElseGet(() -> fallbackDayOf(cycle));
    }

    static LocalDate fallbackDayOf(Cycle cycle) {
        OffsetDateTime start = cycle.start().atOffset(cycle.offset());
        return start.getHour() >= 12 ? start.toLocalDate().plusDays(1) : start.toLocalDate();
    }

    /** The longest main sleep, by time asleep; the later one of two equals. Naps never count. */
    public static Optional<Sleep> mainSleep(Collection<Sleep> sleeps) {
        return sleeps.stream()
                .filter(sleep -> !sleep.nap())
                .max(Comparator.comparingLong(Sleep::asleepMilli)
                        .thenComparing(Sleep::end)
                        .thenComparing(Sleep::id));
    }

    /** True when the cycle, as far as it has come, covers more than one day: a night without a detected sleep. */
    public static boolean isMultiDay(Cycle cycle, Instant now) {
        return Duration.between(cycle.start(), endOr(cycle, now)).compareTo(LONGEST_SINGLE_DAY) > 0;
    }

    /**
     * The days a cycle shows on, first its own. A multi-day cycle shows on each day up to that before its end; the day it ends on starts with
     * the sleep that ended it.
     */
    public static List<LocalDate> daysOf(Cycle cycle, LocalDate ownDay, Instant now) {
        if (!isMultiDay(cycle, now)) {
            return List.of(ownDay);
        }
        LocalDate end = endOr(cycle, now).atOffset(cycle.offset()).toLocalDate();
        LocalDate last = cycle.end() == null ? end : end.minusDays(1);
        return ownDay.datesUntil(last.isBefore(ownDay) ? ownDay.plusDays(1) : last.plusDays(1))
                .limit(MOST_DAYS_OF_A_CYCLE)
                .toList();
    }

    private static Instant endOr(Cycle cycle, Instant now) {
        Instant end = cycle.end();
        return end == null ? now : end;
    }
}
