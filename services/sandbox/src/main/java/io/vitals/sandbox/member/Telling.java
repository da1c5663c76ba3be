package io.vitals.sandbox.member;

import io.vitals.sandbox.member.Entry.Rest;
import io.vitals.sandbox.member.Entry.Training;
import io.vitals.sandbox.member.History.Opening;
import io.vitals.sandbox.member.MemberEvent.Change;
import io.vitals.sandbox.member.NightLab.Morning;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A history as the strap's maker knows it at an instant; lists are newest first. */
record Telling(History history, Instant now) {
    private static final Duration CALIBRATION = Duration.ofDays(4);

    List<Sleep> sleeps() {
        return history.rests.stream()
                .filter(r -> r.visible(now))
                .map(this::sleep)
                .sorted(Comparator.comparing((Sleep s) -> s.span().start())
                        .reversed()
                        .thenComparing(Sleep::id))
                .toList();
    }

    List<Recovery> recoveries() {
        return history.rests.stream()
                .filter(r -> !r.nap() && r.visible(now))
                .map(this::recovery)
                .sorted(Comparator.comparing(Recovery::sleepStart).reversed().thenComparing(Recovery::sleepId))
                .toList();
    }

    List<Workout> workouts() {
        return history.trainings.stream()
                .filter(t -> t.visible(now))
                .map(this::workout)
                .sorted(Comparator.comparing(Workout::start).reversed().thenComparing(Workout::id))
                .toList();
    }

    List<Cycle> cycles() {
        List<Opening> known = history.openings.stream()
                .filter(o -> !o.visibleAt().isAfter(now))
                .toList();
        List<Cycle> cycles = new ArrayList<>();
        for (int i = known.size() - 1; i >= 0; i--) {
            cycles.add(cycle(known.get(i), i + 1 < known.size() ? known.get(i + 1) : null));
        }
        return cycles;
    }

    /** What happened after {@code now} and not after {@code until}, in order. */
    List<MemberEvent> eventsUntil(Instant until) {
        List<MemberEvent> events = new ArrayList<>();
        for (Rest rest : history.rests) {
            addEvents(events, rest, until, Change.SLEEP_UPDATED, Change.SLEEP_DELETED);
            if (!rest.nap()) {
                addEvents(events, rest, until, Change.RECOVERY_UPDATED, Change.RECOVERY_DELETED);
            }
        }
        for (Training training : history.trainings) {
            addEvents(events, training, until, Change.WORKOUT_UPDATED, Change.WORKOUT_DELETED);
        }
        events.sort(Comparator.comparing(MemberEvent::at).thenComparing(MemberEvent::change));
        return events;
    }

    private void addEvents(List<MemberEvent> events, Entry entry, Instant until, Change updated, Change deleted) {
        Instant gone = entry.deletedAt();
        if (between(entry.visibleAt(), until)) {
            events.add(new MemberEvent(updated, entry.id(), entry.visibleAt()));
        }
        boolean goneBeforeScore = gone != null && gone.isBefore(entry.scoredAt());
        if (between(entry.scoredAt(), until) && entry.scoredAt().isAfter(entry.visibleAt()) && !goneBeforeScore) {
            events.add(new MemberEvent(updated, entry.id(), entry.scoredAt()));
        }
        if (gone != null && between(gone, until)) {
            events.add(new MemberEvent(deleted, entry.id(), gone));
        }
    }

    private boolean between(Instant at, Instant until) {
        return at.isAfter(now) && !at.isAfter(until);
    }

    private Sleep sleep(Rest rest) {
        NightLab.Measures measured = history.measures(rest);
        ScoreState state = rest.state(now, rest.unscorable());
        return new Sleep(
                rest.id(),
                rest.cycle(),
                measured.span(),
                state,
                state == ScoreState.SCORED ? measured.score() : null,
                rest.visibleAt(),
                rest.updatedAt(now));
    }

    private Recovery recovery(Rest rest) {
        ScoreState state = rest.state(now, rest.unscorable());
        return new Recovery(
                rest.cycle(),
                rest.id(),
                rest.span().start(),
                state,
                state == ScoreState.SCORED ? recoveryScore(rest) : null,
                rest.visibleAt(),
                rest.updatedAt(now));
    }

    private Recovery.Score recoveryScore(Rest rest) {
        Morning morning = history.measures(rest).morning();
        Instant joined =
                history.first.atStartOfDay(history.persona.profile().home()).toInstant();
        boolean newStrap = history.persona.profile().newStrap();
        return new Recovery.Score(
                rest.span().end().isBefore(joined.plus(CALIBRATION)),
                rest.zeroRecovery() ? 0 : morning.recovery(),
                morning.restingHeartRate(),
                morning.hrvRmssd(),
                newStrap ? morning.oxygenSaturation() : null,
                newStrap ? morning.skinTemperature() : null);
    }

    private Workout workout(Training training) {
        ScoreState state = training.state(now, false);
        return new Workout(
                training.id(),
                training.span().start(),
                training.span().end(),
                training.offset(),
                training.session().sport().slug(),
                training.session().sport().id(),
                state,
                state == ScoreState.SCORED ? history.body.workoutScore(training.session(), training.key()) : null,
                training.visibleAt(),
                training.updatedAt(now));
    }

    private Cycle cycle(Opening opening, @Nullable Opening next) {
        DayPlan plan = history.plan(opening.date());
        ScoreState state = plan.strapOff() ? ScoreState.UNSCORABLE : ScoreState.SCORED;
        return new Cycle(
                opening.id(),
                opening.start(),
                next == null ? null : next.start(),
                opening.offset(),
                state,
                state == ScoreState.SCORED ? cycleScore(opening, plan, next) : null,
                opening.visibleAt(),
                next == null ? lastSync(opening) : later(opening.visibleAt(), next.visibleAt()));
    }

    private Cycle.Score cycleScore(Opening opening, DayPlan plan, @Nullable Opening next) {
        return next == null
                ? history.cycleScore(opening, plan, now)
                : history.endedScores.computeIfAbsent(
                        new History.Ended(opening.id(), next.id()),
                        _ -> history.cycleScore(opening, plan, next.start()));
    }

    /** A running cycle moves every five minutes. */
    private Instant lastSync(Opening opening) {
        Instant step = Instant.ofEpochSecond(Math.floorDiv(now.getEpochSecond(), 300L) * 300);
        return later(opening.visibleAt(), step);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
