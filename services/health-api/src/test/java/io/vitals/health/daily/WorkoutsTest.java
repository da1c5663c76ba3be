package io.vitals.health.daily;

import io.vitals.health.daily.DailyRecord.WorkoutEntry;
import io.vitals.health.sahha.SahhaSession;
import io.vitals.health.whoop.WhoopDay;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class WorkoutsTest extends AnyDays {
    private static final Instant ZERO = Days.WAKE;

    /** Minutes: WHOOP's workouts as start-end, the phone's session as start-end. */
    @ParameterizedTest
    @CsvSource({
        // Half of the session's own time, to the minute.
        "0-30, 0-60, true",
        "0-29, 0-60, false",
        "30-60, 0-60, true",
        // A short session within a long workout is a repetition, a long session around a short workout is none.
        "0-180, 10-20, true",
        "10-20, 0-180, false",
        // Pieces count together, and where they overlap each other only once.
        "0-20 25-45, 0-60, true",
        "0-20 0-20 5-20, 0-60, false",
        "40-60 0-20, 0-60, true",
        // Touching is not overlapping.
        "0-30, 30-60, false",
        "60-90, 0-60, false",
        // A session without length.
        "0-30, 30-30, true",
        "0-30, 31-31, false",
        // One that ends before it begins, as a broken clock writes it.
        "0-30, 20-10, true",
        "0-30, 50-40, false"
    })
    void halfOfTheSessionsOwnTimeMakesItARepetition(String workouts, String session, boolean repeated) {
        List<WhoopDay.Workout> straps = Arrays.stream(workouts.split(" ", -1))
                .map(span -> Days.workout("w-" + span, at(span, 0), Duration.between(at(span, 0), at(span, 1))))
                .toList();
        SahhaSession phone = Days.session("e", at(session, 0), Duration.between(at(session, 0), at(session, 1)));

        assertThat(Workouts.repeated(straps, phone)).isEqualTo(repeated);
    }

    @Test
    void aSessionIsListedWhenThereIsNoStrap() {
        SahhaSession phone = Days.session("e", ZERO, Duration.ofMinutes(30));

        assertThat(Workouts.merge(null, List.of(phone)))
                .extracting(WorkoutEntry::id)
                .containsExactly("e");
    }

    @Property(tries = 400)
    void noWorkoutIsListedTwice(@ForAll("inputs") DayInputs inputs) {
        List<WorkoutEntry> workouts = DayMerge.merge(inputs).workouts();
        List<WhoopDay.Workout> straps = Workouts.straps(inputs.whoop());

        for (SahhaSession session : inputs.sahha().sessions()) {
            assertThat(workouts.stream().anyMatch(entry -> entry.id().equals(session.id())))
                    .isNotEqualTo(Workouts.repeated(straps, session));
        }
        assertThat(workouts.stream()
                        .filter(entry -> entry.source() == Source.WHOOP)
                        .count())
                .isEqualTo(straps.size());
        assertThat(new HashSet<>(workouts)).hasSameSizeAs(workouts);
    }

    /** Neither the order of the rows nor the time of day decides, and more workouts only cover more. */
    @Property(tries = 300)
    void coverageIsAPropertyOfTheSpansAlone(
            @ForAll("spans") List<List<Integer>> spans, @ForAll("moves") int shift, @ForAll Random random) {
        SahhaSession session = Days.session("e", ZERO, Duration.ofHours(2));
        SahhaSession moved = Days.session("e", ZERO.plusSeconds(shift), Duration.ofHours(2));
        List<WhoopDay.Workout> straps = straps(spans, 0);
        long covered = Workouts.covered(straps, session);

        assertThat(Workouts.covered(straps(spans, shift), moved)).isEqualTo(covered);
        List<WhoopDay.Workout> turned = new java.util.ArrayList<>(straps);
        java.util.Collections.shuffle(turned, random);
        assertThat(Workouts.covered(turned, session)).isEqualTo(covered);
        assertThat(covered).isBetween(0L, Duration.ofHours(2).toMillis());
        if (!straps.isEmpty()) {
            assertThat(Workouts.covered(straps.subList(1, straps.size()), session))
                    .isLessThanOrEqualTo(covered);
        }
    }

    @Provide
    Arbitrary<List<List<Integer>>> spans() {
        return Arbitraries.integers()
                .between(-60, 240)
                .list()
                .ofSize(2)
                .map(pair -> pair.stream().sorted().toList())
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<Integer> moves() {
        return Arbitraries.integers().between(-1_000_000, 1_000_000);
    }

    private static List<WhoopDay.Workout> straps(List<List<Integer>> spans, int shiftSeconds) {
        return spans.stream()
                .map(span -> Days.workout(
                        "w-" + span,
                        ZERO.plusSeconds(shiftSeconds + 60L * span.get(0)),
                        Duration.ofMinutes(span.get(1) - span.get(0))))
                .toList();
    }

    private static Instant at(String span, int end) {
        return ZERO.plus(Duration.ofMinutes(Long.parseLong(span.split("-", -1)[end])));
    }
}
