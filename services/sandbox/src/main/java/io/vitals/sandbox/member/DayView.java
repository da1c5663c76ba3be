package io.vitals.sandbox.member;

import io.vitals.sandbox.member.Entry.Rest;
import io.vitals.sandbox.member.PersonDay.Exercise;
import io.vitals.sandbox.member.PersonDay.Movement;
import io.vitals.sandbox.member.PersonDay.Scores;
import io.vitals.sandbox.member.PersonDay.Vitals;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;

/** Cuts a history into calendar days. */
record DayView(Telling telling) {

    PersonDay day(LocalDate date, ZoneId zone) {
        History history = telling.history();
        Instant start = date.atStartOfDay(zone).toInstant();
        Instant midnight = date.plusDays(1).atStartOfDay(zone).toInstant();
        boolean complete = !midnight.isAfter(telling.now());
        Instant until = complete ? midnight : telling.now();
        DayPlan plan = history.plan(date);
        List<Rest> rests = history.rests.stream()
                .filter(r -> r.visible(telling.now()) && belongs(r, date))
                .toList();
        Rest main = rests.stream()
                .filter(r -> !r.nap())
                .max(Comparator.comparing(r -> r.span().length()))
                .orElse(null);
        List<Exercise> exercises = exercises(start, until);
        Movement movement = movement(plan, start, until, zone, exercises);
        return new PersonDay(
                date,
                zone.getRules().getOffset(start.plus(Duration.ofHours(12))),
                start,
                until,
                complete,
                rests.stream().map(r -> history.measures(r).span()).toList(),
                main == null ? null : vitals(main),
                movement,
                exercises,
                scores(date, main, movement));
    }

    private static boolean belongs(Rest rest, LocalDate date) {
        Instant at = rest.nap() ? rest.span().start() : rest.span().end();
        return at.atOffset(rest.offset()).toLocalDate().equals(date);
    }

    private Vitals vitals(Rest rest) {
        NightLab.Morning morning = telling.history().measures(rest).morning();
        return new Vitals(
                rest.span().end(),
                morning.restingHeartRate(),
                morning.hrvRmssd(),
                morning.hrvSdnn(),
                morning.respiratoryRate(),
                morning.oxygenSaturation());
    }

    private List<Exercise> exercises(Instant start, Instant until) {
        History history = telling.history();
        return history.trainings.stream()
                .filter(t -> t.visible(telling.now()) && History.inside(t, start, until))
                .map(t -> {
                    Double distance =
                            history.body.workoutScore(t.session(), t.key()).distanceMeter();
                    return new Exercise(
                            t.session().sport().slug(),
                            t.span().start(),
                            t.span().end(),
                            t.offset(),
                            Round.to(2, history.body.activeKcal(t.session())),
                            distance == null ? 0 : distance);
                })
                .toList();
    }

    private Movement movement(DayPlan plan, Instant start, Instant until, ZoneId zone, List<Exercise> exercises) {
        History history = telling.history();
        double share = shareOfWakingDay(until, start, zone);
        int training = (int) exercises.stream()
                .mapToLong(e -> Duration.between(e.start(), e.end()).toMinutes())
                .sum();
        double sport = exercises.stream().mapToDouble(Exercise::energyKcal).sum();
        Duration awake = Duration.ofMinutes((long) (share * 16 * 60));
        int strolling = (int) (plan.steps() / 105.0 * share);
        double total = history.body.totalKcal(Duration.between(start, until), awake, plan.background(), sport);
        double rest = history.persona.restingKcalPerMinute()
                * Duration.between(start, until).toMinutes();
        int active = training + strolling;
        return new Movement(
                (int) (plan.steps() * share),
                (int) (plan.floors() * share),
                active,
                (int) Math.max(0, awake.toMinutes() - active) * 3 / 4,
                Round.to(2, Math.max(0, total - rest)),
                Round.to(2, total));
    }

    /** From seven in the morning to eleven at night. */
    private static double shareOfWakingDay(Instant until, Instant start, ZoneId zone) {
        Instant seven =
                start.atZone(zone).toLocalDate().atTime(7, 0).atZone(zone).toInstant();
        return Math.clamp(Duration.between(seven, until).toMinutes() / 960.0, 0, 1);
    }

    private Scores scores(LocalDate date, @Nullable Rest main, Movement movement) {
        NightLab lab = telling.history().lab;
        double form = lab.form(date);
        Double sleep =
                main == null ? null : telling.history().measures(main).score().performance() / 100;
        double readiness = main == null
                ? 0.35
                : Math.clamp(telling.history().measures(main).morning().recovery() / 100 * 0.8 + 0.15, 0, 1);
        double activity = Math.clamp(0.6 * movement.steps() / 9_000.0 + 0.4 * movement.activeMinutes() / 110.0, 0, 1);
        double mental = Math.clamp(0.64 + 0.09 * form + (sleep == null ? -0.1 : 0.25 * (sleep - 0.85)), 0.05, 1);
        double wellbeing = (readiness + mental + activity + (sleep == null ? 0.3 : sleep)) / 4;
        return new Scores(
                sleep,
                Round.to(4, activity),
                Round.to(4, readiness),
                Round.to(4, wellbeing),
                Round.to(4, mental),
                Math.rint(lab.debtMinutes(date)),
                Round.to(4, lab.regularity(date)));
    }
}
