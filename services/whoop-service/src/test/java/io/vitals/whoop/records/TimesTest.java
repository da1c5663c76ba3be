package io.vitals.whoop.records;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The JDK's own reading is the measure: what it takes is taken to the same effect, what it refuses is refused. */
class TimesTest {
    @Property
    void everyTimeReadsAsTheJdkReadsIt(
            @ForAll @LongRange(min = -62_167_219_200L, max = 253_402_300_799L) long second,
            @ForAll @IntRange(min = 0, max = 999_999_999) int nano,
            @ForAll @IntRange(min = -64, max = 64) int quarters) {
        Instant time = Instant.ofEpochSecond(second, nano);
        OffsetDateTime local = time.atOffset(ZoneOffset.ofTotalSeconds(quarters * 900));

        assertThat(Times.parse(time.toString())).isEqualTo(time);
        assertThat(Times.parse(local.toString())).isEqualTo(time);
        assertThat(Times.parse(time.toString().replace("Z", "+00:00"))).isEqualTo(time);
    }

    @Property
    void whatIsBentReadsAsTheJdkReadsItOrNotAtAll(
            @ForAll @IntRange(min = 0, max = 23) int place, @ForAll @IntRange(min = 32, max = 126) int character) {
        StringBuilder text = new StringBuilder("2026-03-02T07:05:59.118Z");
        text.setCharAt(place, (char) character);

        assertThat(read(text.toString())).isEqualTo(jdk(text.toString()));
    }

    @Example
    void whatIsNoTimeIsRefused() {
        for (String text : List.of(
                "",
                "2026-03-02",
                "2026-02-30T07:05:00Z",
                "2026-03-02T24:00:00Z",
                "2026-03-02T07:05:60Z",
                "2026-03-02T07:05:00",
                "2026-03-02T07:05:00.1234567890Z",
                "2026-03-02T07:05:00.12+00:00Z")) {
            assertThatThrownBy(() -> Times.parse(text)).as(text).isInstanceOf(DateTimeException.class);
        }
        assertThat(Times.parse("2026-03-02T07:05Z")).isEqualTo(Instant.parse("2026-03-02T07:05:00Z"));
    }

    @Property
    void everyDateReadsAsTheJdkReadsIt(@ForAll @LongRange(min = -800_000, max = 3_000_000) long day) {
        LocalDate date = LocalDate.ofEpochDay(day);

        assertThat(Times.date(date.toString())).isEqualTo(date);
    }

    @Example
    void whatIsNoDateIsRefused() {
        for (String text : List.of("", "2026-02-30", "2026-3-02", "2026-0x-02", "2026-03-02T07:05:00Z")) {
            assertThatThrownBy(() -> Times.date(text)).as(text).isInstanceOf(DateTimeException.class);
        }
    }

    private static @Nullable Instant read(String text) {
        try {
            return Times.parse(text);
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static @Nullable Instant jdk(String text) {
        try {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
        } catch (DateTimeException _) {
            return null;
        }
    }
}
