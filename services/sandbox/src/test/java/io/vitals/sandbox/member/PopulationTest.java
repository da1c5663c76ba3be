package io.vitals.sandbox.member;

import io.vitals.sandbox.member.MemberEvent.Change;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

class PopulationTest {
    private static final Instant EVENING = Instant.parse("2026-11-22T19:30:00Z");
    /** Past midnight where person 1 lives. */
    private static final Instant NEXT_DAY = Instant.parse("2026-11-23T01:30:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test
    Path folder;

    @Property(tries = 25)
    void theSameSeedAndClockTellTheSameLife(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int number) {
        Member one = at(EVENING, seed, 9).member(number);
        Member other = at(EVENING, seed, 9).member(number);
        assertThat(one.sleeps()).isEqualTo(other.sleeps());
        assertThat(one.recoveries()).isEqualTo(other.recoveries());
        assertThat(one.cycles()).isEqualTo(other.cycles());
        assertThat(one.workouts()).isEqualTo(other.workouts());
        assertThat(one.days(one.firstDay(), one.today())).isEqualTo(other.days(other.firstDay(), other.today()));
    }

    @Property(tries = 25)
    void whatHasBeenScoredStaysTheSameWhileTheClockMoves(
            @ForAll @LongRange(min = 0, max = 1000) long seed,
            @ForAll @IntRange(min = 1, max = 6) int number,
            @ForAll @IntRange(min = 1, max = 8_000) int minutes) {
        Population people = at(EVENING, seed, 6);
        Member member = people.member(number);
        List<Sleep> before = member.sleeps();
        people.clock().offset(Duration.ofMinutes(minutes));
        List<Sleep> after = member.sleeps();
        assertThat(after).hasSizeGreaterThanOrEqualTo(before.size());
        assertThat(after)
                .containsAll(before.stream()
                        .filter(s -> s.state() == ScoreState.SCORED)
                        .toList());
    }

    @Property(tries = 30)
    void livesArePhysicallyPossible(
            @ForAll @LongRange(min = 0, max = 1000) long seed,
            @ForAll @IntRange(min = 1, max = 6) int number,
            @ForAll @IntRange(min = 0, max = 500_000) int minutes) {
        Member member = at(EVENING.plus(Duration.ofMinutes(minutes)), seed, 6).member(number);
        List<Cycle> cycles = member.cycles();
        assertThat(cycles.getFirst().end()).isNull();
        for (int i = 1; i < cycles.size(); i++) {
            assertThat(cycles.get(i).end()).isEqualTo(cycles.get(i - 1).start());
            assertThat(cycles.get(i).start()).isBefore(cycles.get(i - 1).start());
        }
        assertThat(cycles.stream().map(Cycle::score).filter(Objects::nonNull))
                .allSatisfy(score -> assertThat(score.strain()).isBetween(0.0, 21.0));
        List<Sleep> sleeps = member.sleeps();
        for (int i = 1; i < sleeps.size(); i++) {
            assertThat(sleeps.get(i).span().end())
                    .isBefore(sleeps.get(i - 1).span().start());
        }
        assertThat(sleeps).allSatisfy(sleep -> {
            SleepSpan span = sleep.span();
            assertThat(span.asleep().plus(span.awake()).plus(span.noData())).isEqualTo(span.inBed());
        });
        assertThat(member.recoveries().stream().map(Recovery::score).filter(Objects::nonNull))
                .allSatisfy(score -> {
                    assertThat(score.recovery()).isBetween(0.0, 100.0);
                    assertThat(score.restingHeartRate()).isBetween(38.0, 90.0);
                    assertThat(score.hrvRmssd()).isBetween(12.0, 190.0);
                });
    }

    @Property(tries = 12)
    void anyThirtyDaysHoldTheAwkwardDays(
            @ForAll @IntRange(min = 1, max = 6) int number, @ForAll @IntRange(min = 0, max = 300) int later) {
        Instant now = EVENING.plus(Duration.ofDays(later));
        Member member = at(now, 7, 6).member(number);
        List<PersonDay> days =
                member.days(member.today().minusDays(30), member.today().minusDays(1));
        assertThat(days)
                .as("no sleep")
                .anySatisfy(d -> assertThat(mainSleeps(d)).isZero());
        assertThat(days).as("split").anySatisfy(d -> assertThat(mainSleeps(d)).isEqualTo(2));
        assertThat(days).as("nap").anySatisfy(d -> assertThat(d.sleeps()).anyMatch(SleepSpan::nap));
        assertThat(days.stream().map(PersonDay::offset).distinct()).as("travel").hasSizeGreaterThan(1);
        Instant since = days.getFirst().start();
        assertThat(member.sleeps())
                .anyMatch(
                        s -> s.state() == ScoreState.UNSCORABLE && s.createdAt().isAfter(since));
        assertThat(member.cycles())
                .anyMatch(c -> c.state() == ScoreState.UNSCORABLE && c.start().isAfter(since));
        // The days without a night may lie at either end: their cycle then began before, or still runs.
        assertThat(member.cycles())
                .as("multi-day cycle")
                .anyMatch(c -> c.start().isAfter(since.minus(Duration.ofDays(3)))
                        && Duration.between(c.start(), Objects.requireNonNullElse(c.end(), now))
                                        .toHours()
                                > 40);
        assertThat(member.recoveries())
                .anyMatch(r -> r.score() != null
                        && r.score().recovery() == 0
                        && r.createdAt().isAfter(since));
        assertThat(member.workouts())
                .anyMatch(w -> w.sport().startsWith("underwater") && w.start().isAfter(since));
        assertThat(member.events(since, EVENING.plus(Duration.ofDays(later))).stream()
                        .map(MemberEvent::change))
                .contains(Change.WORKOUT_DELETED);
    }

    @Test
    void aLifeReachesBackFourMonthsAndCrossesDaylightSaving() {
        Member member = at(EVENING, 1, 1).member(1);
        assertThat(member.firstDay()).isBefore(member.today().minusDays(120));
        assertThat(member.sleeps().stream().map(s -> s.span().offset()).collect(Collectors.toSet()))
                .contains(ZoneOffset.ofHours(1), ZoneOffset.ofHours(2));
    }

    @Test
    void onlyANewStrapMeasuresOxygenAndSkinTemperature() {
        Population people = at(EVENING, 1, 2);
        assertThat(scores(people.member(1)))
                .allSatisfy(s -> assertThat(s.skinTemperature()).isNotNull());
        assertThat(scores(people.member(2))).allSatisfy(s -> {
            assertThat(s.skinTemperature()).isNull();
            assertThat(s.oxygenSaturation()).isNull();
        });
    }

    @Test
    void hardDaysLowerTheRecoveryOfTheNextMorning() {
        Member member = at(EVENING, 3, 1).member(1);
        List<Cycle> cycles = member.cycles();
        double hard = 0;
        double easy = 0;
        int hardDays = 0;
        int easyDays = 0;
        for (int i = 1; i < cycles.size(); i++) {
            Cycle.Score day = cycles.get(i).score();
            long next = cycles.get(i - 1).id();
            Recovery.Score morning = member.recoveries().stream()
                    .filter(r -> r.cycleId() == next)
                    .map(Recovery::score)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            if (day == null || morning == null) {
                continue;
            }
            if (day.strain() > 14) {
                hard += morning.hrvRmssd();
                hardDays++;
            } else if (day.strain() < 9) {
                easy += morning.hrvRmssd();
                easyDays++;
            }
        }
        assertThat(hardDays).isGreaterThan(15);
        assertThat(easyDays).isGreaterThan(15);
        assertThat(hard / hardDays).isLessThan(easy / easyDays - 2);
    }

    @Test
    void aSleepWaitsForItsScoreForSomeMinutes() {
        Population people = at(EVENING, 1, 1);
        Member member = people.member(1);
        Sleep last = member.sleeps().getFirst();
        people.clock().offset(Duration.between(EVENING, last.createdAt().plusSeconds(30)));
        assertThat(member.sleeps().getFirst().state()).isEqualTo(ScoreState.PENDING_SCORE);
        assertThat(member.sleeps().getFirst().score()).isNull();
        assertThat(member.scorePending()).isEqualTo(1);
        assertThat(member.sleeps().getFirst().state()).isEqualTo(ScoreState.SCORED);
    }

    @Test
    void aSleepOnTheNextDayClosesTheCycleAndOpensTheNext() {
        Member member = at(NEXT_DAY, 1, 1).member(1);
        Cycle running = member.cycles().getFirst();
        Member.NewSleep made = member.newSleep(Duration.ZERO);
        assertThat(made.replaced()).isNull();
        assertThat(made.sleep().span().end()).isEqualTo(NEXT_DAY);
        assertThat(made.sleep().state()).isEqualTo(ScoreState.SCORED);
        assertThat(member.cycles().getFirst().id()).isEqualTo(made.sleep().cycleId());
        assertThat(member.cycles().get(1).id()).isEqualTo(running.id());
        assertThat(member.cycles().get(1).end()).isEqualTo(made.sleep().span().start());
        assertThat(member.recoveries().getFirst().sleepId())
                .isEqualTo(made.sleep().id());
        assertThat(member.day(member.today()).sleeps()).contains(made.sleep().span());
    }

    @Test
    void soonAfterWakingTheLastNightIsDetectedAnew() {
        Population people = at(Instant.parse("2026-11-22T09:00:00Z"), 1, 1);
        Member member = people.member(1);
        Sleep last = member.sleeps().getFirst();
        Member.NewSleep made = member.newSleep(Duration.ZERO);
        assertThat(made.replaced()).isEqualTo(last.id());
        assertThat(member.sleep(last.id())).isEmpty();
        assertThat(made.sleep().cycleId()).isEqualTo(last.cycleId());
        assertThat(member.cycles().getFirst().id()).isEqualTo(last.cycleId());
        Member.NewSleep again = member.newSleep(Duration.ZERO);
        assertThat(again.replaced()).isEqualTo(made.sleep().id());
    }

    @Test
    void aFinishedCycleHasAnEndAndTheNextRuns() {
        Member member = at(EVENING, 1, 1).member(1);
        long running = member.cycles().getFirst().id();
        Cycle next = member.finishCycle();
        assertThat(next.end()).isNull();
        assertThat(member.cycles().get(1).id()).isEqualTo(running);
        assertThat(member.cycles().get(1).end()).isEqualTo(EVENING);
    }

    @Test
    void aSleepAfterAFinishedCycleBelongsToTheCycleThatBegan() {
        Population people = at(EVENING, 1, 1);
        Member member = people.member(1);
        Cycle begun = member.finishCycle();
        people.clock().offset(Duration.between(EVENING, NEXT_DAY));
        Member.NewSleep made = member.newSleep(Duration.ofMinutes(10));
        assertThat(made.sleep().cycleId()).isEqualTo(begun.id());
        assertThat(made.sleep().state()).isEqualTo(ScoreState.PENDING_SCORE);
        assertThat(member.cycles().getFirst().id()).isEqualTo(begun.id());
        assertThat(member.cycles().getFirst().start())
                .isEqualTo(made.sleep().span().start());
        people.clock().offset(Duration.between(EVENING, NEXT_DAY).plusHours(1));
        assertThat(member.sleeps().getFirst().state()).isEqualTo(ScoreState.SCORED);
    }

    @Test
    void aNapMadeByHandJoinsTheRunningCycleAndHasNoRecovery() {
        Member member = at(EVENING, 1, 1).member(1);
        Cycle running = member.cycles().getFirst();
        Instant end = EVENING.minusSeconds(60);
        Sleep nap = member.newSleep(end.minusSeconds(1_800), end, true, Duration.ZERO);
        assertThat(nap.cycleId()).isEqualTo(running.id());
        assertThat(member.cycles().getFirst()).isEqualTo(running);
        assertThat(member.recoveries()).noneMatch(r -> r.sleepId().equals(nap.id()));
    }

    @Property(tries = 40)
    void wheneverSomebodyWakesUpTheNewSleepIsTheNewestMainSleepOfToday(
            @ForAll @IntRange(min = 1, max = 6) int number, @ForAll @IntRange(min = 0, max = 60_000) int minutes) {
        Member member = at(EVENING.plus(Duration.ofMinutes(minutes)), 4, 6).member(number);
        Sleep made = member.newSleep(Duration.ZERO).sleep();
        assertThat(member.sleeps().stream().filter(s -> !s.span().nap()).findFirst())
                .contains(made);
        assertThat(member.recoveries().getFirst().sleepId()).isEqualTo(made.id());
        assertThat(member.cycles().getFirst().end()).isNull();
        assertThat(member.day(wakeUpDay(made)).sleeps()).contains(made.span());
        assertThat(member.sleeps())
                .filteredOn(s -> !s.span().nap() && wakeUpDay(s).equals(wakeUpDay(made)))
                .containsExactly(made);
    }

    private static LocalDate wakeUpDay(Sleep sleep) {
        return sleep.span().end().atOffset(sleep.span().offset()).toLocalDate();
    }

    @Property(tries = 20)
    void aPinnedAlmanacHasTheSameAwkwardDaysAroundEveryToday(@ForAll @IntRange(min = 0, max = 400) int later) {
        Instant other = EVENING.plus(Duration.ofDays(later));
        Member usual = pinnedAt(EVENING);
        Member moved = pinnedAt(other);
        assertThat(awkward(moved)).isEqualTo(awkward(usual));
    }

    private static Member pinnedAt(Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return Population.of(1, 1, Clock.fixed(now, ZoneOffset.UTC), Almanac.pinned(today))
                .member(1);
    }

    /** Days back from today without a night or with more than one. */
    private static List<Integer> awkward(Member member) {
        return IntStream.range(0, 60)
                .filter(back -> mainSleeps(member.day(member.today().minusDays(back))) != 1)
                .boxed()
                .toList();
    }

    @Test
    void editsShowAsEventsAndSurviveARestart() {
        Path journal = folder.resolve("edits.jsonl");
        Clock clock = Clock.fixed(EVENING, ZoneOffset.UTC);
        Member member = Population.kept(5, 1, clock, Almanac.USUAL, journal).member(1);
        UUID workout = member.workouts().getFirst().id();
        assertThat(member.delete(workout)).isTrue();
        assertThat(member.delete(UUID.randomUUID())).isFalse();
        UUID sleep = member.newSleep(Duration.ZERO).sleep().id();
        member.finishCycle();
        assertThat(member.events(EVENING.minusMillis(1), EVENING).stream().map(e -> e.change() + " " + e.record()))
                .contains("WORKOUT_DELETED " + workout, "SLEEP_UPDATED " + sleep, "RECOVERY_UPDATED " + sleep);
        Member restarted = Population.kept(5, 1, clock, Almanac.USUAL, journal).member(1);
        assertThat(restarted.cycles()).isEqualTo(member.cycles());
        assertThat(restarted.sleeps()).isEqualTo(member.sleeps());
        assertThat(restarted.workouts()).isEqualTo(member.workouts());
    }

    private static long mainSleeps(PersonDay day) {
        return day.sleeps().stream().filter(s -> !s.nap()).count();
    }

    private static List<Recovery.Score> scores(Member member) {
        return member.recoveries().stream()
                .map(Recovery::score)
                .filter(Objects::nonNull)
                .toList();
    }

    private static Population at(Instant now, long seed, int size) {
        return Population.of(seed, size, Clock.fixed(now, ZoneOffset.UTC));
    }
}
