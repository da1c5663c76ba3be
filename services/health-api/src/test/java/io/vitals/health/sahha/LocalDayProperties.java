package io.vitals.health.sahha;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.json.Json;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

/** The day of a record is the local date in its own offset, wherever and whenever the member was. */
class LocalDayProperties {
    private static final Instant FIRST = Instant.parse("2001-01-01T00:00:00Z");
    private static final long YEARS_30 = 30L * 365 * 86_400;

    /** A moment somewhere, often within seconds of a change of the offset. */
    record Moment(ZoneId zone, Instant instant) {
        OffsetDateTime local() {
            return instant.atZone(zone).toOffsetDateTime();
        }
    }

    @Property(tries = 2000)
    void aScoreIsOfItsLocalDateInEveryZone(@ForAll("moments") Moment moment) {
        assertThat(score(moment.local(), moment.instant()).date())
                .isEqualTo(moment.instant().atZone(moment.zone()).toLocalDate());
    }

    @Property(tries = 2000)
    void aBiomarkerIsOfTheLocalDateOfItsBegin(@ForAll("moments") Moment moment) {
        SahhaRecord.Biomarker marker = biomarker(moment.local(), moment.instant());

        assertThat(marker.date()).isEqualTo(moment.local().toLocalDate());
        assertThat(marker.start()).isEqualTo(moment.instant());
        assertThat(ZoneOffset.of(marker.timezoneOffset()))
                .isEqualTo(moment.zone().getRules().getOffset(moment.instant()));
    }

    /** The same moment told in two offsets is one moment, and of the date that each of them had. */
    @Property(tries = 1000)
    void aChangeOfOffsetMovesTheDateAndNotTheMoment(@ForAll("moments") Moment there, @ForAll("zones") ZoneId here) {
        SahhaRecord.Score one = score(there.local(), there.instant());
        OffsetDateTime elsewhere = there.instant().atZone(here).toOffsetDateTime();
        SahhaRecord.Score other = score(elsewhere, there.instant());

        assertThat(other.observedAt()).isEqualTo(one.observedAt());
        assertThat(other.date()).isEqualTo(elsewhere.toLocalDate());
        assertThat(Math.abs(other.date().toEpochDay() - one.date().toEpochDay()))
                .isLessThanOrEqualTo(2);
    }

    @Example
    void newYearTheLeapDayTheDateLineAndSkippedDates() {
        for (String[] row : List.of(
                new String[] {"2025-12-31T23:59:59+14:00", "2025-12-31"},
                new String[] {"2026-01-01T00:00:00-12:00", "2026-01-01"},
                new String[] {"2024-02-29T23:59:59-05:00", "2024-02-29"},
                new String[] {"2024-03-01T00:00:00+05:45", "2024-03-01"},
                new String[] {"2025-02-28T23:30:00-03:30", "2025-02-28"},
                // Samoa has no 30 December 2011: the date after the 29th is the 31st.
                new String[] {"2011-12-29T23:59:59-10:00", "2011-12-29"},
                new String[] {"2011-12-31T00:00:00+14:00", "2011-12-31"},
                // An hour that comes twice, and one that never does.
                new String[] {"2026-10-25T02:30:00+02:00", "2026-10-25"},
                new String[] {"2026-10-25T02:30:00+01:00", "2026-10-25"},
                new String[] {"2026-03-29T03:00:00+02:00", "2026-03-29"},
                new String[] {"2026-03-29T00:00:00Z", "2026-03-29"})) {
            OffsetDateTime time = OffsetDateTime.parse(row[0]);
            assertThat(score(time, time.toInstant()).date()).as(row[0]).isEqualTo(LocalDate.parse(row[1]));
        }
    }

    private static SahhaRecord.Score score(OffsetDateTime time, Instant instant) {
        JsonNode json = Json.mapper()
                .createObjectNode()
                .put("id", "s-1")
                .put("type", "sleep")
                .put("score", 0.5)
                .put("scoreDateTime", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
        return (SahhaRecord.Score) Objects.requireNonNull(
                Normaliser.score(json, instant.plus(Duration.ofDays(1))).stored());
    }

    private static SahhaRecord.Biomarker biomarker(OffsetDateTime time, Instant instant) {
        JsonNode json = Json.mapper()
                .createObjectNode()
                .put("id", "b-1")
                .put("type", "steps")
                .put("category", "activity")
                .put("value", "9000")
                .put("valueType", "integer")
                .put("periodicity", "daily")
                .put("startDateTime", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time))
                .put("endDateTime", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.plusHours(23)));
        return (SahhaRecord.Biomarker) Objects.requireNonNull(
                Normaliser.biomarker(json, instant.plus(Duration.ofDays(1))).stored());
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(ZoneId.getAvailableZoneIds().stream().sorted().toList())
                .map(ZoneId::of);
    }

    @Provide
    Arbitrary<Moment> moments() {
        return Combinators.combine(
                        zones(),
                        Arbitraries.longs().between(0, YEARS_30),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(-3600, 3600))
                .as((zone, seconds, nearChange, beside) -> {
                    Instant at = FIRST.plusSeconds(seconds);
                    ZoneOffsetTransition change = zone.getRules().nextTransition(at);
                    boolean near =
                            nearChange && change != null && change.getInstant().isBefore(FIRST.plusSeconds(YEARS_30));
                    return new Moment(zone, near ? change.getInstant().plusSeconds(beside) : at);
                });
    }
}
