package io.vitals.sandbox.member;

import io.vitals.sandbox.member.DayPlan.Session;
import io.vitals.sandbox.member.DayPlan.Span;
import io.vitals.sandbox.member.Entry.Rest;
import io.vitals.sandbox.member.Entry.Training;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Lays the plans of a range of dates out as entries and applies the edits in their order. */
final class Draft {
    private static final Duration NOTICED_AFTER = Duration.ofMinutes(3);
    private static final Duration DELETED_AFTER = Duration.ofHours(3);
    static final long EDITED = 5_000_000;

    private final Planner planner;
    private final long idBase;
    final SortedMap<LocalDate, DayPlan> plans = new TreeMap<>();
    final List<Rest> rests = new ArrayList<>();
    final List<Training> trainings = new ArrayList<>();

    /** Cycles that an edit began without a sleep. */
    final List<Rest> bareStarts = new ArrayList<>();

    Draft(Planner planner, LocalDate first, LocalDate last) {
        this.planner = planner;
        idBase = planner.persona().profile().number() * 10_000_000L;
        first.datesUntil(last.plusDays(1)).forEach(this::lay);
    }

    private void lay(LocalDate date) {
        DayPlan plan = planner.plan(date);
        plans.put(date, plan);
        long key = date.toEpochDay() * 10;
        for (int i = 0; i < plan.nights().size(); i++) {
            rests.add(rest(plan, plan.nights().get(i), false, key + i, idBase + key + i, plan.pending()));
        }
        for (int i = 0; i < plan.naps().size(); i++) {
            rests.add(rest(plan, plan.naps().get(i), true, key + 5 + i, 0, Duration.ofMinutes(2)));
        }
        for (int i = 0; i < plan.sessions().size(); i++) {
            Session session = plan.sessions().get(i);
            Instant visible = session.span().end().plus(NOTICED_AFTER);
            trainings.add(new Training(
                    planner.noise().uuid("workout", key + i),
                    session,
                    offset(session.span().start(), plan),
                    key + i,
                    visible,
                    visible.plusSeconds(150),
                    session.deleted() ? session.span().end().plus(DELETED_AFTER) : null));
        }
    }

    private Rest rest(DayPlan plan, Span span, boolean nap, long key, long cycle, Duration pending) {
        Instant visible = span.end().plus(NOTICED_AFTER);
        return new Rest(
                planner.noise().uuid("sleep", key),
                cycle,
                span,
                offset(span.start(), plan),
                plan.date(),
                nap,
                plan.unscorable() && !nap,
                plan.zeroRecovery() && !nap,
                key,
                visible,
                visible.plus(pending),
                null);
    }

    void apply(Edit edit) {
        switch (edit) {
            case Edit.AddSleep add -> addSleep(add);
            case Edit.Delete delete -> {
                change(rests, r -> r.id().equals(delete.record()) ? r.deleted(delete.at()) : r);
                change(trainings, t -> t.id().equals(delete.record()) ? t.deleted(delete.at()) : t);
            }
            case Edit.ScorePending score -> {
                change(rests, r -> waits(r, score.at()) ? r.scored(score.at()) : r);
                change(trainings, t -> waits(t, score.at()) ? t.scored(score.at()) : t);
            }
            case Edit.FinishCycle finish ->
                bareStarts.add(edited(finish.at(), finish.serial(), finish.at(), finish.at()));
        }
    }

    private void addSleep(Edit.AddSleep add) {
        Rest rest = edited(add.at(), add.serial(), add.start(), add.end());
        rests.removeIf(r -> r.visibleAt().isAfter(add.at()) && r.span().overlaps(rest.span()));
        trainings.removeIf(t -> t.visibleAt().isAfter(add.at()) && t.span().overlaps(rest.span()));
        Long cycle = add.cycle();
        Rest placed = cycle == null ? rest : rest.inCycle(cycle);
        rests.add(new Rest(
                placed.id(),
                placed.cycle(),
                placed.span(),
                placed.offset(),
                placed.date(),
                add.nap(),
                false,
                false,
                placed.key(),
                add.at(),
                add.at().plus(add.pending()),
                null));
    }

    private Rest edited(Instant at, int serial, Instant start, Instant end) {
        long key = EDITED + serial;
        LocalDate guess = end.atZone(planner.persona().profile().home()).toLocalDate();
        ZoneOffset offset = planner.zone(guess).getRules().getOffset(start);
        return new Rest(
                planner.noise().uuid("sleep", key),
                idBase + key,
                new Span(start, end),
                offset,
                end.atOffset(offset).toLocalDate(),
                false,
                false,
                false,
                key,
                at,
                at,
                null);
    }

    static UUID editedId(Planner planner, int serial) {
        return planner.noise().uuid("sleep", EDITED + serial);
    }

    private static boolean waits(Entry entry, Instant now) {
        return entry.visible(now) && entry.scoredAt().isAfter(now);
    }

    private static <T> void change(List<T> entries, UnaryOperator<T> change) {
        entries.replaceAll(change);
    }

    private static ZoneOffset offset(Instant at, DayPlan plan) {
        return plan.zone().getRules().getOffset(at);
    }
}
