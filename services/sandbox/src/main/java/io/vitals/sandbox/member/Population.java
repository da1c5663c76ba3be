package io.vitals.sandbox.member;

import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The people of a synthetic world. The same seed and clock give the same lives to the last digit; only edits made through
 * {@link Member} are added, and those are kept in a journal when one is given.
 *
 * <p>Every life reaches back at least 214 days, so that it holds a change of daylight saving time in any season.
 */
public final class Population {
    private static final int HISTORY_DAYS = 214;

    private final SimulatedClock clock;
    private final List<Member> members;

    private Population(SimulatedClock clock, List<Member> members) {
        this.clock = clock;
        this.members = members;
    }

    /** People without a journal: what is edited is forgotten with them. */
    public static Population of(long seed, int size, Clock clock) {
        return of(seed, size, clock, Almanac.USUAL);
    }

    public static Population of(long seed, int size, Clock clock, Almanac almanac) {
        return create(seed, size, clock, almanac, Journal.none());
    }

    /** People whose edits are read from and appended to a file. */
    public static Population kept(long seed, int size, Clock clock, Almanac almanac, Path journal) {
        return create(seed, size, clock, almanac, Journal.at(journal));
    }

    private static Population create(long seed, int size, Clock clock, Almanac almanac, Journal journal) {
        if (size < 1 || size > 10_000) {
            throw new IllegalArgumentException("a population has 1 to 10000 people");
        }
        SimulatedClock simulated = clock instanceof SimulatedClock given ? given : new SimulatedClock(clock);
        // The first of a month: runs on different days then tell the same story.
        LocalDate first = LocalDate.ofInstant(simulated.instant(), ZoneOffset.UTC)
                .minusDays(HISTORY_DAYS)
                .withDayOfMonth(1);
        List<Member> members = IntStream.rangeClosed(1, size)
                .mapToObj(number -> new Member(
                        new Noise(seed).child("person-" + number), number, almanac, first, simulated, journal))
                .toList();
        return new Population(simulated, members);
    }

    public SimulatedClock clock() {
        return clock;
    }

    /** Everybody, person 1 first. */
    public List<Member> members() {
        return members;
    }

    /** Everybody, seen without any vendor's shapes. */
    public List<Person> people() {
        return List.copyOf(members);
    }

    /** Person {@code number}, counted from 1. */
    public Member member(int number) {
        return members.get(number - 1);
    }

    public Optional<Member> byUserId(long userId) {
        return members.stream().filter(m -> m.profile().userId() == userId).findFirst();
    }
}
