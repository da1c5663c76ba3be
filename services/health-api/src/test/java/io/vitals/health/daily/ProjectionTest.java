package io.vitals.health.daily;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.sahha.SahhaListener;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.health.whoop.WhoopLink;
import io.vitals.health.whoop.WhoopUnavailableException;
import io.vitals.kit.config.TracingSettings;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.kit.tracing.Tracing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import static io.vitals.health.daily.Days.DATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProjectionTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T01:00:00Z"), ZoneOffset.UTC);
    private static final UUID MEMBER = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID OTHER = UUID.fromString("00000000-0000-4000-8000-000000000002");

    private static HealthDatabase health;
    private static Database db;
    private FakeWhoop whoop;
    private Daily daily;

    @BeforeAll
    static void startDatabase() {
        health = HealthDatabase.start();
        db = health.database();
    }

    @AfterAll
    static void stopDatabase() {
        health.close();
    }

    @BeforeEach
    void startFresh() {
        health.clear(List.of(
                "daily_record",
                "whoop_day",
                "source_state",
                "rebuild_request",
                "feed_cursor",
                "sahha_score",
                "sahha_biomarker"));
        whoop = new FakeWhoop();
        daily = daily();
    }

    private Daily daily() {
        return daily(Tracer.noOp());
    }

    private Daily daily(Tracer tracer) {
        return new Daily(db, whoop, CLOCK, Duration.ZERO, Duration.ofMinutes(2), new SimpleMeterRegistry(), tracer);
    }

    @Test
    void daysAreFetchedInTheTraceOfWhatChangedThemLast() {
        Tracer tracer = Tracing.tracer("test", new TracingSettings(true, "127.0.0.1", 1));
        String first = "00-5e5c316f8a4dd70ebb6ed7e485d88ed1-00f067aa0ba902b7-01";
        String last = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        whoop.put(MEMBER, Days.whoop(), first);
        whoop.put(MEMBER, Days.whoop(), last);
        whoop.put(MEMBER, Days.whoop());
        whoop.put(OTHER, Days.whoop());
        try (Daily traced = daily(tracer)) {
            assertThat(traced.follower().step()).isTrue();
        }
        assertThat(whoop.traces()).hasSize(2);
        assertThat(whoop.traces().getFirst()).startsWith(last.substring(0, 36)).isNotEqualTo(last);
        assertThat(whoop.traces().getLast())
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01")
                .doesNotStartWith(last.substring(0, 36));
    }

    @Test
    void storesTheMergedDayOfAChange() {
        whoop.put(MEMBER, Days.whoop());
        daily.follower().step();

        JsonNode day = document(MEMBER, DATE);
        assertThat(day.at("/metrics/recovery_score/value").doubleValue()).isEqualTo(64);
        assertThat(day.at("/metrics/recovery_score/source").asText()).isEqualTo("whoop");
        assertThat(day.at("/metrics/readiness_score/reason").asText()).isEqualTo("not_connected");
        assertThat(day.at("/sleep/primary/asleep_minutes").doubleValue()).isEqualTo(400);
        assertThat(day.at("/version").asLong())
                .isEqualTo(daily.records().day(MEMBER, DATE).orElseThrow().version());
        assertThat(daily.records().day(OTHER, DATE)).isEmpty();
    }

    @Test
    void takesAPageTwiceWithoutANewVersion() {
        whoop.put(MEMBER, Days.whoop());
        daily.follower().step();
        long version = version(DATE);

        db.execute(Sql.named("forget", "DELETE FROM feed_cursor"), Params.none());
        daily.follower().step();

        assertThat(version(DATE)).isEqualTo(version);
    }

    @Test
    void keepsTheCursorWhenTheFetchFails() {
        whoop.put(MEMBER, Days.whoop());
        whoop.down(true);
        assertThatThrownBy(() -> daily.follower().step()).isInstanceOf(WhoopUnavailableException.class);
        assertThat(FeedCursor.read(db)).isEmpty();

        whoop.down(false);
        daily.follower().step();
        assertThat(daily.records().day(MEMBER, DATE)).isPresent();
    }

    @Test
    void aDeletionTakesTheValuesAndKeepsTheRecord() {
        whoop.put(MEMBER, Days.whoop());
        daily.follower().step();
        long before = version(DATE);
        whoop.remove(MEMBER, DATE);
        daily.follower().step();

        JsonNode day = document(MEMBER, DATE);
        assertThat(day.at("/metrics/recovery_score/value").isNull()).isTrue();
        assertThat(day.at("/metrics/recovery_score/reason").asText()).isEqualTo("no_record");
        assertThat(version(DATE)).isGreaterThan(before);
    }

    @Test
    void aDeletionThatWhoopServiceTellsOfIsTheReason() {
        whoop.put(MEMBER, Days.whoop());
        daily.follower().step();
        whoop.put(MEMBER, new WhoopDay(DATE, 8, null, null, List.of(), List.of(), null, List.of("recovery", "sleep")));
        whoop.link(MEMBER, WhoopLink.State.ACTIVE);
        daily.follower().step();

        JsonNode day = document(MEMBER, DATE);
        assertThat(day.at("/metrics/recovery_score/reason").asText()).isEqualTo("deleted");
        assertThat(day.at("/metrics/sleep_score/reason").asText()).isEqualTo("deleted");
        assertThat(day.at("/metrics/strain/reason").asText()).isEqualTo("no_record");
    }

    @Test
    void fetchesABackfillInOneCallPerMember() {
        for (int i = 29; i >= 0; i--) {
            whoop.put(MEMBER, on(DATE.minusDays(i), i));
        }
        daily.follower().step();

        assertThat(whoop.fetches()).isEqualTo(1);
        DayPage page = daily.records().range(MEMBER, DATE.minusDays(40), DATE, DailyRecords.MAX_PAGE);
        assertThat(page.count()).isEqualTo(30);
        JsonNode days = Json.tree(page.json()).path("days");
        assertThat(days).hasSize(30);
        assertThat(days.get(29).path("date").asText()).isEqualTo(DATE.toString());
        assertThat(Json.tree(page.json()).path("next_cursor").isNull()).isTrue();
    }

    @Test
    void pagesThroughARangeWithoutGapOrRepeat() {
        for (int i = 9; i >= 0; i--) {
            whoop.put(MEMBER, on(DATE.minusDays(i), i));
        }
        daily.follower().step();

        DayPage first = daily.records().range(MEMBER, DATE.minusDays(9), DATE, 4);
        assertThat(first.next()).isEqualTo(DATE.minusDays(5));
        DayPage exact = daily.records().range(MEMBER, DATE.minusDays(3), DATE, 4);
        assertThat(exact.count()).isEqualTo(4);
        assertThat(exact.next()).isNull();
        assertThat(first.etag()).isNotEqualTo(exact.etag());
        assertThat(daily.records().range(MEMBER, DATE.minusDays(9), DATE, 4).etag())
                .isEqualTo(first.etag());
        assertThat(daily.records().range(OTHER, DATE.minusDays(9), DATE, 4).count())
                .isZero();
    }

    @Test
    void reportsEveryChangeOnceInOrder() {
        long start = daily.records().newestChange(MEMBER);
        assertThat(start).isZero();
        whoop.link(MEMBER, WhoopLink.State.ACTIVE);
        whoop.put(MEMBER, Days.whoop());
        daily.follower().step();

        List<DailyChange> changes = daily.records().changesSince(MEMBER, start);
        assertThat(changes).hasSize(2);
        assertThat(changes.getFirst())
                .isInstanceOfSatisfying(
                        DailyChange.Link.class, link -> assertThat(link.state()).isEqualTo("active"));
        assertThat(changes.getLast())
                .isInstanceOfSatisfying(
                        DailyChange.Day.class, day -> assertThat(day.date()).isEqualTo(DATE));
        long newest = daily.records().newestChange(MEMBER);
        assertThat(changes.getLast().number()).isEqualTo(newest);
        assertThat(daily.records().changesSince(MEMBER, newest)).isEmpty();
    }

    @Test
    void rebuildsADayWhenSahhaRowsChange() {
        whoop.put(MEMBER, Days.whoop());
        daily.follower().step();
        db.transaction(tx -> {
            insertScore(MEMBER, "readiness", 71);
            daily.sahhaListener()
                    .stateChanged(tx, MEMBER, new SahhaListener.State("active", true, false, CLOCK.instant()));
            daily.sahhaListener().daysChanged(tx, MEMBER, Set.of(DATE));
            return 0;
        });
        assertThat(daily.rebuildSome()).isTrue();
        assertThat(daily.rebuildSome()).isFalse();

        assertThat(document(MEMBER, DATE).at("/metrics/readiness_score/value").doubleValue())
                .isEqualTo(71);
        assertThat(document(MEMBER, DATE).at("/metrics/strain/value").doubleValue())
                .isEqualTo(11.5);
    }

    @Test
    void remakesAnEmptiedProjectionFromStoredRows() {
        whoop.put(MEMBER, Days.whoop());
        daily.follower().step();
        String before = content(MEMBER, DATE);
        health.clear(List.of("daily_record"));
        db.transaction(tx -> {
            RebuildQueue.ask(tx, MEMBER, List.of(DATE), CLOCK.instant());
            return 0;
        });
        daily.rebuildSome();

        assertThat(content(MEMBER, DATE)).isEqualTo(before);
    }

    @Test
    void settlesADayWhenItsTimeHasCome() {
        whoop.put(MEMBER, Days.whoop());
        daily.follower().step();
        assertThat(document(MEMBER, DATE).path("is_final").asBoolean()).isFalse();

        Clock later = Clock.offset(CLOCK, Duration.ofDays(3));
        try (Daily then = new Daily(
                db, whoop, later, Duration.ZERO, Duration.ofMinutes(2), new SimpleMeterRegistry(), Tracer.noOp())) {
            assertThat(then.rebuildSome()).isTrue();
        }
        assertThat(document(MEMBER, DATE).path("is_final").asBoolean()).isTrue();
    }

    @Test
    void twoReplicasGiveOneOutcome() throws Exception {
        IntStream.range(0, 40).forEach(i -> whoop.put(i % 2 == 0 ? MEMBER : OTHER, on(DATE.minusDays(i % 5), i)));
        Daily second = daily();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> steps = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(
                            () -> (i % 2 == 0 ? daily : second).follower().step()))
                    .toList();
            for (Future<Boolean> step : steps) {
                step.get();
            }
        }
        assertThat(daily.records().range(MEMBER, DATE.minusDays(9), DATE, 100).count())
                .isEqualTo(5);
        List<Long> numbers = daily.records().changesSince(MEMBER, 0).stream()
                .map(DailyChange::number)
                .toList();
        assertThat(numbers).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void summarisesADayAndItsSources() {
        whoop.link(MEMBER, WhoopLink.State.ACTIVE);
        whoop.put(MEMBER, Days.whoop());
        daily.follower().step();

        Overview overview = daily.records().overview(MEMBER, DATE);
        assertThat(overview.readiness().score()).isEqualTo(64);
        assertThat(overview.activity().reason()).isEqualTo("not_connected");
        assertThat(overview.enhancedWithWhoop()).isTrue();
        assertThat(overview.dataSources()).containsExactly("whoop");
        assertThat(overview.processingStats().stale()).isFalse();
        assertThat(daily.records().overview(OTHER, DATE).readiness().reason()).isEqualTo("not_connected");

        SourcesReport.Source strap = daily.records().sources(MEMBER).sources().getFirst();
        assertThat(strap.connected()).isTrue();
        assertThat(strap.metrics()).contains("recovery_score", "strain").doesNotContain("effective_readiness");
        assertThat(strap.missing()).isEmpty();
        assertThat(daily.records().today(MEMBER)).isEqualTo(LocalDate.of(2026, 11, 23));
    }

    @Test
    void saysThatWhoopIsStaleWhenTheFeedIsSilent() {
        whoop.put(MEMBER, Days.whoop());
        daily.follower().step();
        Clock later = Clock.offset(CLOCK, Duration.ofMinutes(3));
        try (Daily then = new Daily(
                db, whoop, later, Duration.ZERO, Duration.ofMinutes(2), new SimpleMeterRegistry(), Tracer.noOp())) {
            assertThat(then.records().overview(MEMBER, DATE).processingStats().stale())
                    .isTrue();
            then.follower().step();
            assertThat(then.records().overview(MEMBER, DATE).processingStats().stale())
                    .isFalse();
        }
    }

    private WhoopDay on(LocalDate date, long version) {
        WhoopDay day = Days.whoop();
        return new WhoopDay(
                date, version, day.cycle(), day.recovery(), day.sleeps(), day.workouts(), day.body(), List.of());
    }

    private JsonNode document(UUID member, LocalDate date) {
        return Json.tree(daily.records().day(member, date).orElseThrow().json());
    }

    private String content(UUID member, LocalDate date) {
        return document(member, date).path("metrics").toString();
    }

    private long version(LocalDate date) {
        return daily.records().day(MEMBER, date).orElseThrow().version();
    }

    private static void insertScore(UUID member, String type, double percent) {
        db.execute(
                Sql.named("test-score", """
                        INSERT INTO sahha_score VALUES (:member, :date, :type, 'r-1', :percent, 'high', :now, '+01:00',
                                                        :now, :now, CAST('{}' AS jsonb))
                        """),
                Params.of("member", member, "date", DATE, "type", type, "percent", percent, "now", CLOCK.instant()));
    }
}
