package io.vitals.health.daily;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.daily.DayInputs.Connection;
import io.vitals.health.sahha.SahhaDay;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.kit.db.Database;
import io.vitals.kit.json.Json;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;

import static io.vitals.health.daily.Days.DATE;
import static io.vitals.health.daily.Days.WAKE;
import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of a day as its records come, are scored, corrected and deleted. */
class DayLifeTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T01:00:00Z"), ZoneOffset.UTC);

    /** Whichever way a day has taken, its record is the one that its last state gives. */
    @Test
    void theRecordIsThatOfTheLastStateWhateverCameBefore() {
        Random random = new Random(7);
        try (HealthDatabase health = HealthDatabase.start()) {
            Database db = health.database();
            FakeWhoop whoop = new FakeWhoop();
            try (Daily daily = new Daily(
                    db, whoop, CLOCK, Duration.ZERO, Duration.ofMinutes(2), new SimpleMeterRegistry(), Tracer.noOp())) {
                for (int life = 0; life < 25; life++) {
                    UUID member = new UUID(1, life);
                    @Nullable WhoopDay last = null;
                    long version = 0;
                    for (int step = 0; step < 6; step++) {
                        last = next(random, step);
                        tell(whoop, member, last);
                        daily.follower().step();
                        long now = version(daily, member);
                        assertThat(now).isGreaterThanOrEqualTo(version);
                        version = now;
                    }
                    UUID fresh = new UUID(2, life);
                    tell(whoop, fresh, last);
                    daily.follower().step();
                    if (last == null) {
                        assertThat(daily.records().day(fresh, DATE)).isEmpty();
                        // Something was known of the day, so its record stays and says that nothing is left.
                        assertThat(metrics(daily, member))
                                .allSatisfy(metric -> assertThat(
                                                metric.path("value").isNull())
                                        .isTrue());
                    } else {
                        assertThat(metrics(daily, member)).isEqualTo(metrics(daily, fresh));
                    }
                }
            }
        }
    }

    /** Nothing yet, waiting for a score, scored, scored anew, or deleted. */
    private static @Nullable WhoopDay next(Random random, int step) {
        return switch (random.nextInt(4)) {
            case 0 -> step == 0 ? Days.whoop() : null;
            case 1 ->
                Days.whoop(
                        Days.cycle("SCORED", null),
                        Days.recovery("PENDING_SCORE", false),
                        List.of(Days.sleep("s-1", false, "PENDING_SCORE", 400, WAKE)));
            case 2 -> Days.whoop();
            default ->
                Days.whoop(
                        Days.cycle("SCORED", WAKE.plus(Duration.ofHours(16))),
                        Days.recovery("SCORED", random.nextBoolean()),
                        List.of(Days.night("s-1", 300 + random.nextInt(100))));
        };
    }

    private static void tell(FakeWhoop whoop, UUID member, @Nullable WhoopDay day) {
        if (day == null) {
            whoop.remove(member, DATE);
        } else {
            whoop.put(member, day);
        }
    }

    private static long version(Daily daily, UUID member) {
        return daily.records().day(member, DATE).map(DayDocument::version).orElse(0L);
    }

    private static List<JsonNode> metrics(Daily daily, UUID member) {
        List<JsonNode> metrics = new ArrayList<>();
        Json.tree(daily.records().day(member, DATE).orElseThrow().json())
                .path("metrics")
                .forEach(metrics::add);
        return metrics;
    }

    /** From the date line's one side to the other, on every date: it is not over before it is over there. */
    @Property(tries = 1000)
    void noDayIsFinalWhileItLastsAnywhere(
            @ForAll @IntRange(min = 0, max = 11_000) int day,
            @ForAll @IntRange(min = -48, max = 56) int quarters,
            @ForAll @IntRange(min = -72, max = 200) int hours) {
        LocalDate date = LocalDate.of(2000, 1, 1).plusDays(day);
        Instant overThere =
                date.plusDays(1).atTime(LocalTime.MIDNIGHT).toInstant(ZoneOffset.ofTotalSeconds(quarters * 900));
        Instant asOf = overThere.plus(Duration.ofHours(hours));
        WhoopDay whoop = Days.whoop();
        DailyRecord record = DayMerge.merge(
                new DayInputs(date, whoop, SahhaDay.empty(date), Connection.FRESH, Connection.NONE, asOf));

        if (record.isFinal()) {
            assertThat(asOf).isAfterOrEqualTo(overThere);
            assertThat(record.recheckAt()).isNull();
        } else {
            assertThat(asOf).isBefore(Objects.requireNonNull(record.recheckAt()));
        }
    }

    /**
     * The whole document of one full day. Who changes what a day's rows give must count the formula up, or the records
     * that are stored keep what the old rules gave; this is where they are told.
     */
    @Test
    void theFixtureChangesOnlyWithTheFormula() throws Exception {
        WhoopDay day = Days.whoop();
        WhoopDay full = new WhoopDay(
                DATE,
                7,
                day.cycle(),
                day.recovery(),
                List.of(
                        Days.night("s-1", 400),
                        Days.sleep("s-2", false, "SCORED", 120, WAKE.plus(Duration.ofHours(8))),
                        Days.sleep("n-1", true, "SCORED", 30, WAKE.plus(Duration.ofHours(6)))),
                List.of(Days.workout("w-1", WAKE.plus(Duration.ofHours(2)), Duration.ofMinutes(40))),
                new WhoopDay.Body(1.72, 64.5, 190.0, WAKE),
                List.of());
        SahhaDay some = Days.sahha();
        SahhaDay phone = new SahhaDay(
                DATE,
                some.scores(),
                some.biomarkers(),
                List.of(
                        Days.session("e-1", WAKE.plus(Duration.ofHours(2)), Duration.ofHours(1)),
                        Days.session("e-2", WAKE.plus(Duration.ofHours(10)), Duration.ofMinutes(20))));
        byte[] document =
                DayWriter.write(DayMerge.merge(Days.inputs(full, phone)), 1, Instant.parse("2026-11-23T00:00:00Z"));
        Path made = Path.of("target", "merged-day." + DailyRecord.FORMULA_VERSION + ".json");
        Files.write(made, document);

        String known = "/io/vitals/health/daily/" + made.getFileName();
        assertThat(DayLifeTest.class.getResource(known))
                .as("a formula of its own needs a fixture of its own: copy " + made)
                .isNotNull();
        try (var in = Objects.requireNonNull(DayLifeTest.class.getResourceAsStream(known))) {
            assertThat(Json.tree(document))
                    .as("count DailyRecord.FORMULA up and copy " + made)
                    .isEqualTo(Json.tree(in.readAllBytes()));
        }
    }
}
