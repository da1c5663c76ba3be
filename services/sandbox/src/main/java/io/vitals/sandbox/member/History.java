package io.vitals.sandbox.member;

import io.vitals.sandbox.member.DayPlan.Span;
import io.vitals.sandbox.member.Entry.Rest;
import io.vitals.sandbox.member.Entry.Training;
import io.vitals.sandbox.member.NightLab.Measures;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A person's life over a range of dates, the near future included; {@link Telling} tells what is known of it at an instant. */
final class History {
    /** A cycle begins here; it becomes known with its sleep. */
    record Opening(long id, Instant start, ZoneOffset offset, LocalDate date, Instant visibleAt) {}

    final Persona persona;
    final Body body;
    final NightLab lab;
    final LocalDate first;
    final SortedMap<LocalDate, DayPlan> plans;
    final List<Rest> rests;
    final List<Training> trainings;
    final List<Opening> openings;
    private final Map<UUID, Measures> measures = new HashMap<>();

    /** Scores of cycles that have ended; they are asked for again and again and do not change. */
    final Map<Ended, Cycle.Score> endedScores = new ConcurrentHashMap<>();

    /** A cycle and the one that ended it. */
    record Ended(long cycle, long next) {}

    History(Planner planner, LocalDate first, LocalDate last, List<Edit> edits) {
        this.first = first;
        persona = planner.persona();
        body = new Body(persona, planner.noise());
        lab = new NightLab(persona, planner.noise(), planner);
        Draft draft = new Draft(planner, first, last);
        edits.forEach(draft::apply);
        plans = draft.plans;
        trainings = draft.trainings.stream()
                .sorted(Comparator.comparing(t -> t.span().start()))
                .toList();
        List<Rest> sorted = new ArrayList<>(draft.rests);
        sorted.sort(Comparator.comparing(r -> r.span().start()));
        openings = openings(sorted, draft.bareStarts);
        sorted.replaceAll(r -> r.nap() ? r.inCycle(openingAt(r.span().start()).id()) : r);
        rests = List.copyOf(sorted);
        measureAll();
    }

    private static List<Opening> openings(List<Rest> rests, List<Rest> bareStarts) {
        Map<Long, Opening> byId = new TreeMap<>();
        for (Rest rest : bareStarts) {
            byId.put(rest.cycle(), opening(rest));
        }
        for (Rest rest : rests) {
            if (!rest.nap()) {
                byId.merge(rest.cycle(), opening(rest), (a, b) -> b.start().isBefore(a.start()) ? b : a);
            }
        }
        return byId.values().stream()
                .sorted(Comparator.comparing(Opening::start).thenComparingLong(Opening::id))
                .toList();
    }

    private static Opening opening(Rest rest) {
        return new Opening(rest.cycle(), rest.span().start(), rest.offset(), rest.date(), rest.visibleAt());
    }

    private void measureAll() {
        Duration naps = Duration.ZERO;
        for (Rest rest : rests) {
            double strain = 9;
            int place = rest.nap() ? -1 : openings.indexOf(openingAt(rest.span().start()));
            if (place > 0) {
                strain = Body.strain(
                        load(openings.get(place - 1), openings.get(place).start()));
            }
            Measures measured = lab.measure(
                    rest.span(),
                    rest.offset(),
                    rest.date(),
                    rest.nap(),
                    rest.key(),
                    strain,
                    rest.nap() ? Duration.ZERO : naps);
            measures.put(rest.id(), measured);
            naps = rest.nap() ? naps.plus(measured.span().asleep()) : Duration.ZERO;
        }
    }

    Measures measures(Rest rest) {
        Measures found = measures.get(rest.id());
        if (found == null) {
            throw new IllegalArgumentException("a sleep of another history");
        }
        return found;
    }

    DayPlan plan(LocalDate date) {
        DayPlan plan = plans.get(date);
        if (plan == null) {
            throw new IllegalArgumentException("a date outside this history");
        }
        return plan;
    }

    /** Load gathered in a cycle until an instant. */
    double load(Opening opening, Instant until) {
        double sport = 0;
        for (Training training : trainings) {
            if (inside(training, opening.start(), until)) {
                sport += Body.load(training.session(), training.span().length());
            }
        }
        double hours = awake(opening, until).toMillis() / 3_600_000.0;
        return sport + hours * plan(opening.date()).background();
    }

    Cycle.Score cycleScore(Opening opening, DayPlan plan, Instant until) {
        double kcal = 0;
        int peak = 0;
        for (Training training : trainings) {
            if (inside(training, opening.start(), until)) {
                kcal += body.activeKcal(training.session());
                peak = Math.max(
                        peak,
                        body.workoutScore(training.session(), training.key()).maxHeartRate());
            }
        }
        double total = body.totalKcal(
                Duration.between(opening.start(), until), awake(opening, until), plan.background(), kcal);
        return body.cycleScore(load(opening, until), total, plan.background(), peak);
    }

    /** Time from the opening until an instant without the sleep that opened it. */
    Duration awake(Opening opening, Instant until) {
        Duration asleep = rests.stream()
                .filter(r -> !r.nap() && r.cycle() == opening.id() && r.deletedAt() == null)
                .map(Rest::span)
                .map(Span::length)
                .reduce(Duration.ZERO, Duration::plus);
        Duration awake = Duration.between(opening.start(), until).minus(asleep);
        return awake.isNegative() ? Duration.ZERO : awake;
    }

    static boolean inside(Training training, Instant from, Instant until) {
        return !training.span().start().isBefore(from) && !training.span().end().isAfter(until);
    }

    private Opening openingAt(Instant instant) {
        Opening found = openings.getFirst();
        for (Opening opening : openings) {
            if (opening.start().isAfter(instant)) {
                break;
            }
            found = opening;
        }
        return found;
    }
}
