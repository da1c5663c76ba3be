package io.vitals.whoop.days;

import io.vitals.whoop.model.Cycle;
import io.vitals.whoop.model.ScoreState;
import io.vitals.whoop.model.Sleep;
import io.vitals.whoop.model.Workout;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

class DayRulesTest {
    private static final Instant T0 = Instant.parse("2024-01-01T00:00:00Z");

    @Property
    void aMainSleepBelongsToTheLocalDateOfItsEndInItsOwnOffset(
            @ForAll("moments") Instant start,
            @ForAll @IntRange(min = 1, max = 1000) int minutes,
            @ForAll("offsets") ZoneOffset offset) {
        Sleep sleep = sleep(start, minutes, offset, false, 1L, 60);

        assertThat(DayRules.dayOf(sleep))
                .isEqualTo(LocalDateTime.ofInstant(start.plus(Duration.ofMinutes(minutes)), offset)
                        .toLocalDate());
    }

    @Property
    void aNapAndAWorkoutBelongToTheLocalDateOfTheirStart(
            @ForAll("moments") Instant start,
            @ForAll @IntRange(min = 1, max = 1000) int minutes,
            @ForAll("offsets") ZoneOffset offset) {
        LocalDate expected = start.atOffset(offset).toLocalDate();

        assertThat(DayRules.dayOf(sleep(start, minutes, offset, true, 1L, 60))).isEqualTo(expected);
        assertThat(DayRules.dayOf(workout(start, minutes, offset))).isEqualTo(expected);
    }

    @Property
    void aCycleFollowsItsMainSleepWhateverTheOrderOfItsSleeps(
            @ForAll("moments") Instant start, @ForAll("offsets") ZoneOffset offset, @ForAll Random random) {
        Sleep night = sleep(start, 480, offset, false, 1L, 420);
        Sleep second = sleep(start.plus(Duration.ofHours(9)), 120, offset, false, 1L, 100);
        Sleep nap = sleep(start.plus(Duration.ofHours(14)), 600, offset, true, 1L, 590);
        List<Sleep> sleeps = new ArrayList<>(List.of(night, second, nap));
        Collections.shuffle(sleeps, random);

        assertThat(DayRules.dayOf(cycle(start, null, offset), sleeps)).isEqualTo(DayRules.dayOf(night));
    }

    @Property
    void withoutASleepAnEveningCycleIsTheNextDays(
            @ForAll("moments") Instant start, @ForAll("offsets") ZoneOffset offset) {
        LocalDateTime local = LocalDateTime.ofInstant(start, offset);
        LocalDate expected = local.toLocalDate().plusDays(local.getHour() >= 12 ? 1 : 0);

        assertThat(DayRules.dayOf(cycle(start, null, offset), List.of())).isEqualTo(expected);
    }

    @Property
    void aCycleShowsOnItsOwnDayFirstAndOnNoDayTwice(
            @ForAll("moments") Instant start,
            @ForAll("offsets") ZoneOffset offset,
            @ForAll @IntRange(min = 1, max = 400) int hours) {
        Cycle cycle = cycle(start, start.plus(Duration.ofHours(hours)), offset);
        LocalDate own = DayRules.dayOf(cycle, List.of());
        List<LocalDate> days = DayRules.daysOf(cycle, own, start.plus(Duration.ofDays(30)));

        assertThat(days).first().isEqualTo(own);
        assertThat(days).doesNotHaveDuplicates().isSorted().hasSizeBetween(1, 7);
        if (hours <= 36) {
            assertThat(days).containsExactly(own);
        }
    }

    @Property
    void everyHourOfAYearHasADayInEveryZoneThroughItsChangesOfOffset(
            @ForAll("zones") ZoneId zone, @ForAll @IntRange(min = 0, max = 8783) int hour) {
        Instant start = T0.plus(Duration.ofHours(hour));
        ZoneOffset offset = zone.getRules().getOffset(start);

        assertThat(DayRules.dayOf(workout(start, 30, offset)))
                .isEqualTo(start.atZone(zone).toLocalDate());
    }

    @Example
    void sleepsAcrossNewYearTheLeapDayAndTheDateLineAreOfTheWakeUpDay() {
        assertThat(wakeUpDay("2025-12-31T23:00:00+01:00", "2026-01-01T07:00:00+01:00"))
                .isEqualTo("2026-01-01");
        assertThat(wakeUpDay("2024-02-28T23:30:00-05:00", "2024-02-29T06:30:00-05:00"))
                .isEqualTo("2024-02-29");
        assertThat(wakeUpDay("2026-03-28T23:00:00+14:00", "2026-03-29T07:00:00+14:00"))
                .isEqualTo("2026-03-29");
        assertThat(wakeUpDay("2026-03-28T23:00:00-12:00", "2026-03-29T07:00:00-12:00"))
                .isEqualTo("2026-03-29");
    }

    private static String wakeUpDay(String start, String end) {
        var from = java.time.OffsetDateTime.parse(start);
        var to = java.time.OffsetDateTime.parse(end);
        int minutes = (int) Duration.between(from, to).toMinutes();
        return DayRules.dayOf(sleep(from.toInstant(), minutes, to.getOffset(), false, 1L, 400))
                .toString();
    }

    @Provide
    Arbitrary<Instant> moments() {
        return Arbitraries.longs().between(0, Duration.ofDays(1500).toMillis()).map(T0::plusMillis);
    }

    @Provide
    Arbitrary<ZoneOffset> offsets() {
        return Arbitraries.integers().between(-12 * 4, 14 * 4).map(quarter -> ZoneOffset.ofTotalSeconds(quarter * 900));
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(
                        "Europe/Berlin",
                        "America/New_York",
                        "Australia/Lord_Howe",
                        "Pacific/Kiritimati",
                        "Pacific/Apia",
                        "Asia/Kathmandu",
                        "Africa/Casablanca",
                        "Etc/GMT+12")
                .map(ZoneId::of);
    }

    static Sleep sleep(
            Instant start, int minutes, ZoneOffset offset, boolean nap, @Nullable Long cycle, int asleepMinutes) {
        return new Sleep(
                UUID.nameUUIDFromBytes(
                        (start + "/" + minutes + "/" + nap).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                cycle,
                nap,
                start,
                start.plus(Duration.ofMinutes(minutes)),
                offset,
                ScoreState.SCORED,
                new Sleep.Stages(null, null, null, asleepMinutes * 60_000L, 0L, 0L, null, null),
                Sleep.Need.NONE,
                null,
                null,
                null,
                null,
                start,
                start);
    }

    static Cycle cycle(Instant start, @Nullable Instant end, ZoneOffset offset) {
        return new Cycle(1, start, end, offset, ScoreState.SCORED, 10.0, 8000.0, 60.0, 150.0, start, start);
    }

    static Workout workout(Instant start, int minutes, ZoneOffset offset) {
        return new Workout(
                UUID.nameUUIDFromBytes(start.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                start,
                start.plus(Duration.ofMinutes(minutes)),
                offset,
                "running",
                ScoreState.SCORED,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                start,
                start);
    }
}
