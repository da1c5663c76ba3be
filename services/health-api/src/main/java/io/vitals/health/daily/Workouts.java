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
        List<WhoopDay.Workout> straps = straps(day);
        Stream<WorkoutEntry> fromPhone =
                sessions.stream().filter(session -> !repeated(straps, session)).map(Workouts::entry);
        return Stream.concat(straps.stream().map(Workouts::entry), fromPhone)
                .sorted(Comparator.comparing(WorkoutEntry::start).thenComparing(WorkoutEntry::id))
                .toList();
    }

    static List<WhoopDay.Workout> straps(@Nullable WhoopDay day) {
        return day == null ? List.of() : day.workouts();
    }

    /**
     * Whether a session of the phone is what the strap recorded too: half of its own time or more lies within WHOOP's
     * workouts, all of them together. Its own time is what counts, because the session is what would be dropped: a walk
     * of three hours is not a repetition of the ten minutes in which the strap saw a workout. One without any length is a
     * repetition if it lies within a workout.
     */
    static boolean repeated(List<WhoopDay.Workout> straps, SahhaSession session) {
        long length = Duration.between(session.start(), session.end()).toMillis();
        if (length <= 0) {
            return straps.stream()
                    .anyMatch(strap -> !session.start().isBefore(strap.start())
                            && !session.start().isAfter(strap.end()));
        }
        return covered(straps, session) >= SAME_FROM * length;
    }

    /** Milliseconds of the session that lie within workouts; those that overlap each other count once. */
    static long covered(List<WhoopDay.Workout> straps, SahhaSession session) {
        List<WhoopDay.Workout> inOrder = straps.stream()
                .sorted(Comparator.comparing(WhoopDay.Workout::start))
                .toList();
        long covered = 0;
        Instant from = session.start();
        for (WhoopDay.Workout strap : inOrder) {
            Instant start = strap.start().isAfter(from) ? strap.start() : from;
            Instant end = strap.end().isBefore(session.end()) ? strap.end() : session.end();
            if (end.isAfter(start)) {
                covered += Duration.between(start, end).toMillis();
                from = end;
            }
        }
        return covered;
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
