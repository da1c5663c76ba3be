package io.vitals.journey.page;

import io.vitals.journey.browser.Chromium;
import io.vitals.journey.browser.Visitor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.ZoneId;

import static org.assertj.core.api.Assertions.assertThat;

/** The page's own functions for words, numbers and dates, run where they are at home. */
class PageWordsTest {
    private static Chromium chromium;
    private static StubApi api;
    private static Visitor visitor;

    @BeforeAll
    static void open() throws IOException {
        chromium = Chromium.launch();
        StubMember nobody = new StubMember(ZoneId.systemDefault());
        nobody.signedIn(false);
        api = new StubApi(nobody);
        visitor = chromium.visitor(api.origin());
        visitor.open("/");
    }

    @AfterAll
    static void close() {
        visitor.close();
        api.close();
        chromium.close();
    }

    private static Object format(String call) {
        return visitor.page().evaluate("async () => (await import('/assets/js/format.js'))." + call);
    }

    @ParameterizedTest
    @CsvSource({
        "0, Red",
        "33, Red",
        "33.6, Yellow",
        "34, Yellow",
        "66.4, Yellow",
        "66.5, Green",
        "67, Green",
        "100, Green"
    })
    void theBandIsThatOfTheNumberOnTheDial(double score, String word) {
        assertThat(format("band(" + score + ").word")).isEqualTo(word);
    }

    @Test
    void anAbsentScoreHasNoBand() {
        assertThat(format("band(null).word")).isEqualTo("No score");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-31, 1, 2027-01-01",
        "2026-03-29, -1, 2026-03-28",
        "2028-02-28, 1, 2028-02-29",
        "2026-10-25, 1, 2026-10-26"
    })
    void daysAreCountedByTheCalendarWhateverTheClocksDo(String date, int by, String expected) {
        assertThat(format("addDays('" + date + "', " + by + ")")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T23:30:00Z, +14:00, 13:30",
        "2026-11-22T23:30:00Z, -12:00, 11:30",
        "2026-11-22T23:30:00Z, +05:45, 05:15"
    })
    void theTimeOfDayIsThatOfTheRecordsOwnOffset(String instant, String offset, String expected) {
        assertThat(format("clock('" + instant + "', '" + offset + "')")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 min", "59.4, 59 min", "60, 1 h 00", "387, 6 h 27", "479.6, 8 h 00"})
    void minutesReadAsHours(double minutes, String expected) {
        assertThat(format("duration(" + minutes + ")")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"functional-fitness, Functional fitness", "running, Running", "-1, Activity", "'', Activity"})
    void aSportIsNamedInWords(String wire, String expected) {
        assertThat(format("sportName('" + wire + "')")).isEqualTo(expected);
    }
}
