package io.vitals.sandbox.member;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A person who wears a strap: the records as the strap's maker knows them now (newest first), and what a test or a
 * demonstration can make happen to the person.
 */
public final class Member implements Person {
    private static final Duration FRESH_NIGHT = Duration.ofHours(9);
    private static final Duration LONGEST_NIGHT = Duration.ofMinutes(570);

    private final Planner planner;
    private final LocalDate first;
    private final SimulatedClock clock;
    private final Journal journal;
    private final List<Edit> edits = new ArrayList<>();
    private @Nullable Cached cached;

    private record Cached(LocalDate last, int edits, History history) {}

    /**
     * A sleep that was made to happen.
     *
     * @param replaced the sleep that the new one took the place of, when the last night was detected anew
     */
    public record NewSleep(Sleep sleep, @Nullable UUID replaced) {}

    Member(Noise noise, int number, Almanac almanac, LocalDate first, SimulatedClock clock, Journal journal) {
        planner = new Planner(Persona.of(number), noise, almanac);
        this.first = first;
        this.clock = clock;
        this.journal = journal;
        edits.addAll(journal.read(number));
    }

    @Override
    public Profile profile() {
        return planner.persona().profile();
    }

    @Override
    public LocalDate firstDay() {
        return first;
    }

    @Override
    public LocalDate today() {
        return LocalDate.ofInstant(
                now(), planner.zone(LocalDate.ofInstant(now(), profile().home())));
    }

    @Override
    public PersonDay day(LocalDate date) {
        if (date.isBefore(first) || date.isAfter(today())) {
            throw new IllegalArgumentException("no such day");
        }
        return new DayView(telling()).day(date, planner.zone(date));
    }

    public List<Cycle> cycles() {
        return telling().cycles();
    }

    public List<Sleep> sleeps() {
        return telling().sleeps();
    }

    public List<Recovery> recoveries() {
        return telling().recoveries();
    }

    public List<Workout> workouts() {
        return telling().workouts();
    }

    /** What happened after {@code from} and not after {@code until}, in order. */
    public List<MemberEvent> events(Instant from, Instant until) {
        return new Telling(history(), from).eventsUntil(until);
    }

    /**
     * The person wakes up now. On another day than the last main sleep ended on, and at least nine hours after it, this is a new sleep that
     * closes the running cycle and opens the next. Else it is the same night, detected anew: its sleep is deleted, and one with a new id, a
     * later end and other measures takes its place in the same cycle. Either way the new one is the only main sleep of its day.
     *
     * @param pending how long the score is awaited; zero scores at once
     */
    public synchronized NewSleep newSleep(Duration pending) {
        Instant now = now();
        List<Sleep> nights = sleeps().stream().filter(s -> !s.span().nap()).toList();
        Sleep last = nights.getFirst();
        Duration awake = Duration.between(last.span().end(), now);
        if (awake.compareTo(FRESH_NIGHT) >= 0 && wakeUpDay(last).isBefore(today())) {
            Duration length =
                    shortest(last.span().inBed().plusMinutes(30), shortest(awake.minusMinutes(15), LONGEST_NIGHT));
            Cycle running = cycles().getFirst();
            boolean begun = running.start().isAfter(last.span().end());
            return new NewSleep(add(now.minus(length), now, false, begun ? running.id() : null, pending), null);
        }
        Instant longer = last.span().end().plus(Duration.ofMinutes(7L + 5L * (edits.size() % 3)));
        Instant end = awake.toMinutes() < 120 || longer.isAfter(now) ? now : longer;
        nights.stream()
                .filter(night -> wakeUpDay(night).equals(wakeUpDay(last)))
                .forEach(night -> commit(new Edit.Delete(now, night.id())));
        return new NewSleep(add(last.span().start(), end, false, last.cycleId(), pending), last.id());
    }

    private static LocalDate wakeUpDay(Sleep sleep) {
        return LocalDate.ofInstant(sleep.span().end(), sleep.span().offset());
    }

    /** A sleep or nap with given bounds, noticed now; a main sleep opens a cycle of its own. */
    public synchronized Sleep newSleep(Instant start, Instant end, boolean nap, Duration pending) {
        if (!start.isBefore(end) || end.isAfter(now()) || start.isBefore(now().minus(Duration.ofDays(100)))) {
            throw new IllegalArgumentException(
                    "a sleep starts before it ends, has ended and is not older than 100 days");
        }
        return add(start, end, nap, null, pending);
    }

    /** The person falls asleep now: the running cycle ends and a new one begins. */
    public synchronized Cycle finishCycle() {
        commit(new Edit.FinishCycle(now(), edits.size()));
        return cycles().getFirst();
    }

    /** Deletes a sleep or workout; false when there is none with this id. */
    public synchronized boolean delete(UUID record) {
        boolean known = sleeps().stream().anyMatch(s -> s.id().equals(record))
                || workouts().stream().anyMatch(w -> w.id().equals(record));
        if (known) {
            commit(new Edit.Delete(now(), record));
        }
        return known;
    }

    /** Scores everything that waits for its score; tells how many sleeps and workouts that were. */
    public synchronized int scorePending() {
        long waiting = sleeps().stream()
                        .filter(s -> s.state() == ScoreState.PENDING_SCORE)
                        .count()
                + workouts().stream()
                        .filter(w -> w.state() == ScoreState.PENDING_SCORE)
                        .count();
        if (waiting > 0) {
            commit(new Edit.ScorePending(now()));
        }
        return (int) waiting;
    }

    public Optional<Sleep> sleep(UUID id) {
        return sleeps().stream().filter(s -> s.id().equals(id)).findFirst();
    }

    private Sleep add(Instant start, Instant end, boolean nap, @Nullable Long cycle, Duration pending) {
        Edit.AddSleep edit =
                new Edit.AddSleep(now(), edits.size(), start.truncatedTo(ChronoUnit.MILLIS), end, nap, cycle, pending);
        commit(edit);
        return sleep(Draft.editedId(planner, edit.serial())).orElseThrow();
    }

    private void commit(Edit edit) {
        journal.append(profile().number(), edit);
        edits.add(edit);
    }

    private Telling telling() {
        return new Telling(history(), now());
    }

    private synchronized History history() {
        LocalDate last = LocalDate.ofInstant(now(), ZoneOffset.UTC).plusDays(3);
        Cached known = cached;
        if (known == null || !known.last.equals(last) || known.edits != edits.size()) {
            known = new Cached(last, edits.size(), new History(planner, first, last, tellable(last)));
            cached = known;
        }
        return known.history;
    }

    /** A journal may hold edits from before this history, and the clock may have been set back before others. */
    private List<Edit> tellable(LocalDate last) {
        return edits.stream()
                .filter(edit -> {
                    LocalDate at = LocalDate.ofInstant(edit.at(), ZoneOffset.UTC);
                    return at.isAfter(first.plusDays(1)) && at.isBefore(last);
                })
                .toList();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static Duration shortest(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
