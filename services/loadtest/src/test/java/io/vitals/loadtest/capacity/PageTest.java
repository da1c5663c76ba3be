package io.vitals.loadtest.capacity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PageTest {
    private static final Path OURS = Path.of("..", "..").resolve(Main.PAGE);

    /** {@code make capacity ARGS=page} writes it anew. */
    @Test
    void saysWhatTheModelSays() throws IOException {
        assertThat(OURS).hasContent(Page.filled(Files.readString(OURS), Inputs.load()));
    }

    /** The control of the test above: with another figure the page would be another. */
    @Test
    void wouldBeAnotherWithAnotherFigure() throws IOException {
        String page = Files.readString(OURS);

        assertThat(Page.filled(page, Inputs.load().with(List.of("bytes-health-audit-event=500"))))
                .isNotEqualTo(page);
    }

    @Test
    void refusesAPageWithoutAPlace() {
        assertThatThrownBy(() -> Page.filled("# Capacity\n", Inputs.load()))
                .hasMessage("the page has no place for demand");
    }

    @ParameterizedTest
    @CsvSource({
        "1234567, 1 234 567",
        "123.4, 123",
        "12.345, 12.3",
        "0.012345, 0.0123",
        "99.96, 100",
        "20, 20",
        "Infinity, for ever",
        "NaN, ''",
        "1e-9, 0.000000001"
    })
    void writesNumbersToBeRead(double number, String text) {
        assertThat(Report.number(number)).isEqualTo(text);
    }
}
