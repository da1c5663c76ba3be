package io.vitals.health.daily;

import io.vitals.health.daily.DailyRecord.WorkoutEntry;
import io.vitals.health.sahha.SahhaSession;
import io.vitals.health.whoop.WhoopDay;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The workouts of a day: WHOOP's, and Sahha's sessions that are not the same workout seen through the phone. */
final class Workouts {
    private static final double SAME_FROM = 0.5;

    private Workouts() {}

    static List<WorkoutEntry> merge(@Nullable WhoopDay day, List<SahhaSession> sessions) {
        List<WhoopDay.Workout> straps = day == null ? List.of() : day.workouts();
        Stream<WorkoutEntry> fromPhone = sessions.stream()
                .filter(session -> straps.stream()
                        .noneMatch(strap -> same(strap.start(), strap.end(), session.start(), session.end())))
                .map(Workouts::entry);
        return Stream.concat(straps.stream().map(Workouts::entry), fromPhone)
                .sorted(Comparator.comparing(WorkoutEntry::start).thenComparing(WorkoutEntry::id))
                .toList();
    }

    /** Half of the shorter one lies within the other. An empty one is the same when it lies within the other. */
    static boolean same(Instant start, Instant end, Instant otherStart, Instant otherEnd) {
        Instant from = start.isAfter(otherStart) ? start : otherStart;
        Instant to = end.isBefore(otherEnd) ? end : otherEnd;
        long overlap = Duration.between(from, to).toMillis();
        long shorter = Math.min(
                Duration.between(start, end).toMillis(),
                Duration.between(otherStart, otherEnd).toMillis());
        return overlap >= 0 && shorter >= 0 && (shorter == 0 || overlap >= SAME_FROM * shorter);
    }

    private static WorkoutEntry entry(WhoopDay.Workout workout) {
        boolean scored = SleepTimes.SCORED.equals(workout.scoreState());
        Double kilojoule = workout.kilojoule();
        String sport = workout.sportName();
        return new WorkoutEntry(
                workout.id(),
                sport == null ? "unknown" : sport,
                workout.start(),
                workout.end(),
                workout.timezoneOffset(),
                workout.scoreState(),
                scored ? quantity(workout.strain(), Unit.STRAIN) : null,
                scored && kilojoule != null ? quantity(Quantity.kcalOfKilojoule(kilojoule), Unit.KCAL) : null,
                scored ? quantity(workout.averageHeartRate(), Unit.BPM) : null,
                scored ? quantity(workout.maxHeartRate(), Unit.BPM) : null,
                scored ? quantity(workout.distanceMeter(), Unit.METER) : null,
                Source.WHOOP);
    }

    private static WorkoutEntry entry(SahhaSession session) {
        return new WorkoutEntry(
                session.id(),
                session.sport(),
                session.start(),
                session.end(),
                session.timezoneOffset(),
                "MEASURED",
                null,
                null,
                null,
                null,
                null,
                Source.SAHHA);
    }

    private static @Nullable Quantity quantity(@Nullable Number amount, Unit unit) {
        return amount == null || !Double.isFinite(amount.doubleValue())
                ? null
                : new Quantity(amount.doubleValue(), unit);
    }
}
