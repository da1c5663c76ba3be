package io.vitals.whoop.days;

import io.vitals.whoop.model.Cycle;
import io.vitals.whoop.model.MemberRecords;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Recovery;
import io.vitals.whoop.model.ScoreState;
import io.vitals.whoop.model.Sleep;
import io.vitals.whoop.model.Stored;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class DaysTest {
    private static final Instant START = Instant.parse("2026-03-01T22:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2026-03-02");

    @Test
    void aMultiDayCycleShowsOnEachOfItsDaysButItsRecoveryOnlyOnTheWakeUpDay() {
        Cycle cycle = DayRulesTest.cycle(START, START.plus(Duration.ofHours(50)), ZoneOffset.UTC);
        Sleep sleep = DayRulesTest.sleep(START, 480, ZoneOffset.UTC, false, 1L, 400);

        List<WhoopDay> days =
                assemble(List.of(stored(cycle)), List.of(stored(sleep)), List.of(recovery(sleep)), Map.of());

        assertThat(days).hasSize(2);
        assertThat(days)
                .allSatisfy(day -> assertThat(day.cycle())
                        .extracting(WhoopDay.CycleView::multiDay)
                        .isEqualTo(true));
        assertThat(days.getFirst().recovery()).isNotNull();
        assertThat(days.getLast().recovery()).isNull();
    }

    @Test
    void ofTwoMainSleepsOnOneDateTheLongerOnesRecoveryStands() {
        Sleep night = DayRulesTest.sleep(START, 300, ZoneOffset.UTC, false, 1L, 280);
        Sleep morning = DayRulesTest.sleep(START.plus(Duration.ofHours(8)), 400, ZoneOffset.UTC, false, 1L, 380);

        List<WhoopDay> days = assemble(
                List.of(),
                List.of(stored(night), stored(morning)),
                List.of(recovery(night), recovery(morning)),
                Map.of());

        assertThat(days.getFirst().recovery())
                .extracting(WhoopDay.RecoveryView::sleepId)
                .isEqualTo(morning.id());
        assertThat(days.getFirst().sleeps()).hasSize(2);
    }

    @Test
    void aDayThatLostItsRecordsIsStillTold() {
        List<WhoopDay> days = assemble(List.of(), List.of(), List.of(), Map.of(DAY, 7L));

        assertThat(days).hasSize(1);
        assertThat(days.getFirst().version()).isEqualTo(7);
        assertThat(days.getFirst().sleeps()).isEmpty();
    }

    @Test
    void aDayTellsWhatWasDeletedUnlessItHasAnotherOfTheKind() {
        Map<LocalDate, Set<RecordType>> deletions = Map.of(DAY, Set.of(RecordType.SLEEP, RecordType.RECOVERY));
        Sleep night = DayRulesTest.sleep(START, 300, ZoneOffset.UTC, false, 1L, 280);
        Sleep nap = DayRulesTest.sleep(START.plus(Duration.ofHours(14)), 30, ZoneOffset.UTC, true, 1L, 25);

        assertThat(deleted(assemble(List.of(), List.of(), List.of(), Map.of(DAY, 7L), deletions)))
                .containsExactly("recovery", "sleep");
        assertThat(deleted(assemble(List.of(), List.of(stored(night)), List.of(), Map.of(DAY, 7L), deletions)))
                .containsExactly("recovery");
        assertThat(deleted(assemble(
                        List.of(), List.of(stored(night)), List.of(recovery(night)), Map.of(DAY, 7L), deletions)))
                .isEmpty();
        assertThat(deleted(assemble(List.of(), List.of(stored(nap)), List.of(), Map.of(DAY, 7L), deletions)))
                .containsExactly("recovery", "sleep");
    }

    private static List<String> deleted(List<WhoopDay> days) {
        return days.getFirst().deleted();
    }

    private static List<WhoopDay> assemble(
            List<Stored<Cycle>> cycles,
            List<Stored<Sleep>> sleeps,
            List<Stored<Recovery>> recoveries,
            Map<LocalDate, Long> versions) {
        return assemble(cycles, sleeps, recoveries, versions, Map.of());
    }

    private static List<WhoopDay> assemble(
            List<Stored<Cycle>> cycles,
            List<Stored<Sleep>> sleeps,
            List<Stored<Recovery>> recoveries,
            Map<LocalDate, Long> versions,
            Map<LocalDate, Set<RecordType>> deletions) {
        return Days.assemble(
                new MemberRecords(cycles, recoveries, sleeps, List.of(), null, versions, deletions),
                DAY,
                DAY.plusDays(5),
                START.plus(Duration.ofDays(10)));
    }

    private static Stored<Cycle> stored(Cycle cycle) {
        return new Stored<>(cycle, DAY, START);
    }

    private static Stored<Sleep> stored(Sleep sleep) {
        return new Stored<>(sleep, DayRules.dayOf(sleep), START);
    }

    private static Stored<Recovery> recovery(Sleep sleep) {
        return new Stored<>(
                new Recovery(1, sleep.id(), ScoreState.SCORED, false, 0.0, 50.0, 60.0, null, null, START, START),
                DayRules.dayOf(sleep),
                START);
    }
}
