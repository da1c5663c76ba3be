package io.vitals.loadtest.capacity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class InputsTest {
    private static final Inputs OURS = Inputs.load();

    @Test
    void readsEachFigureWithWhatItRestsOn() {
        assertThat(OURS.figures())
                .containsEntry(
                        "read-database-cpu",
                        new Input(
                                "read-database-cpu",
                                271,
                                "µs/read",
                                1,
                                1_000_000,
                                new Input.Origin.Measured(
                                        "java -jar services/loadtest/target/loadtest.jar 2 read", "b50af35", "")));
    }

    @Test
    void takesOtherValues() {
        Inputs given = OURS.with(List.of("MEMBERS=12", "busiest-hour=0.5"));

        assertThat(given.of("members")).isEqualTo(12);
        assertThat(given.of("busiest-hour")).isEqualTo(0.5);
        assertThat(given.of("reads")).isEqualTo(OURS.of("reads"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            members=-1       | members is not between 1 and 100000000 members: -1
            members=0        | members is not between 1 and 100000000 members: 0
            members=1e12     | members is not between 1 and 100000000 members: 1000000000000
            members=NaN      | members is not a number: NaN
            members=many     | members is not a number: many
            members=         | members is not a number:
            busiest-hour=1.5 | busiest-hour is not between 0.0417 and 1 share of a day: 1.5
            price-cpu=-3     | price-cpu is not between 0 and 1000000 per core and month: -3
            memberz=5        | there is no figure memberz; there are [
            members          | not name=value: members
            """)
    void refusesByName(String given, String message) {
        assertThatThrownBy(() -> OURS.with(List.of(given)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesWhatIsGivenTwice() {
        assertThatThrownBy(() -> OURS.with(List.of("reads=5", "READS=6"))).hasMessage("reads is given twice");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            least: 1, most: 9, unit: x, value: 5                                                    | it is not one of measured, documented and assumed
            least: 1, most: 9, unit: x, value: 5, assumed: so, documented: there                    | it is not one of measured, documented and assumed
            least: 1, most: 9, unit: x, value: 5, measured: {command: make bench, commit: lately}    | it was measured at no commit: lately
            least: 1, most: 9, unit: x, value: 5, measured: {commit: abcdef0}                       | it has no command
            least: 1, most: 9, value: 5, assumed: so                                                | it has no unit
            most: 9, unit: x, value: 5, assumed: so                                                 | it has no number as least
            least: 1, most: 9, unit: x, value: 50, assumed: so                                      | it is not between 1 and 9 x: 50
            least: 1, most: 9, unit: x, value: 5, assumed: so, guess: 7                             | it says what nobody reads: [guess]
            """)
    void refusesAFigureThatRestsOnNothing(String figure, String message) {
        assertThatThrownBy(() -> Inputs.parse("figures: {it: {" + figure + "}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
