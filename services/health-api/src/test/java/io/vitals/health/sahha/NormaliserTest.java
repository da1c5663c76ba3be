package io.vitals.health.sahha;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.health.sahha.SahhaRecord.Biomarker;
import io.vitals.health.sahha.SahhaRecord.Outcome;
import io.vitals.health.sahha.SahhaRecord.Score;
import io.vitals.health.sahha.SahhaRecord.Skipped;
import io.vitals.kit.json.Json;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class NormaliserTest {
    private static final Instant NOW = Instant.parse("2026-11-22T15:00:00Z");

    @Test
    void readsTheFullShape() {
        Score score = score("{'id':'a-1','profileId':'p','externalId':'u','type':'sleep','score':0.72,'state':'medium',"
                + "'factors':[],'dataSources':['x'],'scoreDateTime':'2026-11-22T00:00:00+13:00',"
                + "'createdAtUtc':'2026-11-21T12:00:00Z','version':1}");

        assertThat(score.percent()).isCloseTo(72, within(1e-9));
        assertThat(score.date()).isEqualTo(LocalDate.of(2026, 11, 22));
        assertThat(score.timezoneOffset()).isEqualTo("+13:00");
        assertThat(score.state()).isEqualTo("medium");
        assertThat(score.createdAt()).isEqualTo(Instant.parse("2026-11-21T12:00:00Z"));
    }

    @Test
    void readsTheQuickStartShape() {
        Score score = score("{'type':'sleep','value':72.5,'state':'high','createdAt':'2026-11-22T23:59:59-05:00'}");

        assertThat(score.percent()).isEqualTo(72.5);
        assertThat(score.date()).isEqualTo(LocalDate.of(2026, 11, 22));
        assertThat(score.id()).isEqualTo("sleep@2026-11-23T04:59:59Z");
    }

    @Test
    void letsTypesPassThatAreNotKnownYet() {
        assertThat(score("{'type':'Resilience','score':'0.5','createdAtUtc':'2026-11-22T01:00:00.1234567'}")
                        .type())
                .isEqualTo("resilience");
    }

    @Test
    void readsABiomarkerWhoseValueIsText() {
        Biomarker steps = biomarker("{'id':'b','category':'activity','type':'steps','periodicity':'daily',"
                + "'aggregation':'total','value':'9123','unit':'count','valueType':'integer',"
                + "'startDateTime':'2026-11-22T00:00:00+01:00','endDateTime':'2026-11-22T23:59:59+01:00'}");

        assertThat(steps.amount()).isEqualTo(9123);
        assertThat(steps.date()).isEqualTo(LocalDate.of(2026, 11, 22));
        assertThat(steps.end()).isEqualTo(Instant.parse("2026-11-22T22:59:59Z"));
    }

    @Test
    void passesOverTimesOfDayAndOtherPeriods() {
        assertThat(skipped("{'type':'sleep_start_time','value':'2026-11-21T23:00:00+01:00','valueType':'datetime',"
                        + "'startDateTime':'2026-11-22T00:00:00+01:00'}"))
                .isEqualTo(Skipped.UNSUPPORTED);
        assertThat(skipped("{'type':'steps','value':'3','valueType':'integer','periodicity':'hourly',"
                        + "'startDateTime':'2026-11-22T00:00:00+01:00'}"))
                .isEqualTo(Skipped.UNSUPPORTED);
    }

    @Test
    void skipsWhatCannotBeStored() {
        String day = "'startDateTime':'2026-11-22T00:00:00Z'}";
        assertThat(skipped("{'type':'steps','value':'NaN'," + day)).isEqualTo(Skipped.MALFORMED);
        assertThat(skipped("{'type':'steps','value':null," + day)).isEqualTo(Skipped.MALFORMED);
        assertThat(skipped("{'type':'steps','value':{}," + day)).isEqualTo(Skipped.MALFORMED);
        assertThat(skipped("{'type':'st eps','value':'1'," + day)).isEqualTo(Skipped.MALFORMED);
        assertThat(skipped("{'type':'steps','value':'1','unit':'\\u0000'," + day))
                .isEqualTo(Skipped.MALFORMED);
        assertThat(skipped("{'type':'steps','value':'1','startDateTime':'2031-01-01T00:00:00Z'}"))
                .isEqualTo(Skipped.OUT_OF_RANGE);
        assertThat(Normaliser.score(json("{'type':'sleep','value':172,'createdAt':'2026-11-22T00:00:00Z'}"), NOW)
                        .skipped())
                .isEqualTo(Skipped.OUT_OF_RANGE);
        assertThat(Normaliser.score(Json.mapper().createArrayNode(), NOW).skipped())
                .isEqualTo(Skipped.MALFORMED);
    }

    /** Every zone with its own rules of that day: summer time, the date line, a leap day. */
    @Property(tries = 1000)
    void theDayIsTheOneOnTheWallWhereItWasMeasured(
            @ForAll("zones") ZoneId zone, @ForAll("dates") LocalDate date, @ForAll @IntRange(max = 86_399) int second) {
        OffsetDateTime time =
                date.atTime(LocalTime.ofSecondOfDay(second)).atZone(zone).toOffsetDateTime();
        ObjectNode record = Json.mapper()
                .createObjectNode()
                .put("type", "sleep")
                .put("score", 0.5)
                .put("scoreDateTime", time.toString());

        Score score =
                (Score) Objects.requireNonNull(Normaliser.score(record, NOW).stored());
        assertThat(score.date()).isEqualTo(time.toLocalDate());
        assertThat(score.observedAt()).isEqualTo(time.toInstant());
        assertThat(ZoneOffset.of(score.timezoneOffset())).isEqualTo(time.getOffset());
    }

    @Property(tries = 300)
    void aRatioAndItsPercentageAreTheSame(@ForAll @DoubleRange(min = 0.02, max = 1) double ratio) {
        String template = "{'type':'sleep','score':%s,'createdAt':'2026-11-22T00:00:00Z'}";

        assertThat(score(template.formatted(ratio)).percent())
                .isCloseTo(score(template.formatted(ratio * 100)).percent(), within(1e-9));
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(
                ZoneId.getAvailableZoneIds().stream().sorted().map(ZoneId::of).toList());
    }

    @Provide
    Arbitrary<LocalDate> dates() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        LocalDate.of(2024, 2, 29),
                        LocalDate.of(2026, 3, 29),
                        LocalDate.of(2026, 10, 25),
                        LocalDate.of(2026, 1, 1),
                        LocalDate.of(2011, 12, 31)),
                Arbitraries.longs()
                        .between(
                                LocalDate.of(2010, 1, 1).toEpochDay(),
                                LocalDate.of(2026, 11, 22).toEpochDay())
                        .map(LocalDate::ofEpochDay));
    }

    private static Score score(String json) {
        return (Score) Objects.requireNonNull(Normaliser.score(json(json), NOW).stored());
    }

    private static Biomarker biomarker(String json) {
        return (Biomarker)
                Objects.requireNonNull(Normaliser.biomarker(json(json), NOW).stored());
    }

    private static Skipped skipped(String json) {
        Outcome outcome = Normaliser.biomarker(json(json), NOW);
        return Objects.requireNonNull(outcome.skipped());
    }

    private static com.fasterxml.jackson.databind.JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
