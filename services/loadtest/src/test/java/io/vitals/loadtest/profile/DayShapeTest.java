package io.vitals.loadtest.profile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DayShapeTest {
    private final DayShape day = DayShape.read(Path.of("day.yaml"));

    @ParameterizedTest
    @ValueSource(ints = {30, 100, 1_000, 36_000})
    void noArrivalIsLostByRounding(int arrivals) {
        long sent = day.hours(arrivals).stream().mapToLong(Collection::size).sum();

        // Each kind can end with less than one arrival owed.
        assertThat(sent).isBetween((long) arrivals - 5, (long) arrivals);
    }

    @Test
    void theMorningIsBusierThanTheNightAndBringsTheMostWebhooks() {
        List<List<Request>> hours = day.hours(36_000);

        assertThat(hours.get(7).size()).isGreaterThan(5 * hours.get(3).size());
        assertThat(hours)
                .extracting(
                        hour -> hour.stream().filter(Request.WEBHOOK::equals).count())
                .allSatisfy(count -> assertThat(count)
                        .isLessThanOrEqualTo(hours.get(7).stream()
                                .filter(Request.WEBHOOK::equals)
                                .count()));
        assertThat(hours.get(2)).doesNotContain(Request.CONNECT);
        assertThat(hours.get(19)).contains(Request.CONNECT);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 24, 60, 1_800})
    void theSecondsOfAShortDayHaveAllOfItsArrivals(int seconds) {
        List<List<Request>> hours = day.hours(5 * seconds);

        List<Integer> counts = DayShape.perSecond(hours, seconds);

        assertThat(counts).hasSize(seconds);
        assertThat(counts.stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(hours.stream().mapToInt(Collection::size).sum());
    }

    @Test
    void anHourIsAsLongAsAnyOther() {
        List<List<Request>> hours = day.hours(24_000);

        assertThat(DayShape.perSecond(hours, 24))
                .isEqualTo(hours.stream().map(List::size).toList());
    }

    @Test
    void kindsComeByTurns() {
        assertThat(day.hours(36_000).get(12).subList(0, 5)).doesNotHaveDuplicates();
    }

    @Test
    void aDayOnWhichNobodyReadsIsRefused() {
        List<String> none = java.util.Collections.nCopies(24, "0");

        assertThatThrownBy(() -> new DayShape(day.connect(), day.overview(), none, day.refresh(), day.webhook()))
                .hasMessageContaining("read-days");
    }
}
