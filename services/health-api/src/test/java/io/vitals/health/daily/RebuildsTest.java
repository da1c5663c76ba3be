package io.vitals.health.daily;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.MovableClock;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.MalformedJsonException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A day that cannot be rebuilt: its stored row cannot be read. The others of its batch must not wait for it. */
class RebuildsTest {
    private static final UUID MEMBER = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID OTHER = UUID.fromString("00000000-0000-4000-8000-000000000002");
    private static final LocalDate BROKEN = Days.DATE.minusDays(1);
    private static final int DAYS = 4;

    private static HealthDatabase health;
    private static Database db;
    private final MovableClock clock = MovableClock.stopped(Days.LONG_AFTER);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FakeWhoop whoop = new FakeWhoop();
    private Daily daily;
    private Rebuilds rebuilds;

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
    void seedDaysOfWhichOneIsBroken() {
        health.clear(List.of("daily_record", "whoop_day", "source_state", "rebuild_request", "feed_cursor"));
        daily = new Daily(
                db, whoop, clock, Duration.ZERO, Duration.ofMinutes(2), new SimpleMeterRegistry(), Tracer.noOp());
        rebuilds = new Rebuilds(db, new Rebuilder(clock), clock, registry);
        for (UUID member : List.of(MEMBER, OTHER)) {
            TreeSet<LocalDate> dates = new TreeSet<>(
                    IntStream.range(0, DAYS).mapToObj(Days.DATE::minusDays).toList());
            db.transaction(tx -> {
                RecordStore.putWhoopDays(
                        tx, member, dates, dates.stream().map(RebuildsTest::on).toList(), clock.instant());
                return 0;
            });
        }
        breakDay();
    }

    @Test
    void isPutAsideAndTheOthersOfTheBatchGoOn() {
        askForAll();
        // The control: without the safeguard nobody's day is rebuilt, however often it is tried.
        assertThatThrownBy(() -> rebuilds.batch(clock.instant())).hasCauseInstanceOf(MalformedJsonException.class);
        assertThat(records()).isZero();

        assertThat(rebuilds.step()).isTrue();

        assertThat(records()).isEqualTo(2 * DAYS - 1);
        assertThat(requests("TRUE")).isOne();
        assertThat(requests("attempts = 1 AND outcome = 'unreadable' AND local_date = '" + BROKEN + "' AND member = '"
                        + MEMBER + "'"))
                .isOne();
        assertThat(failed()).isOne();
        assertThat(aside()).isOne();
        assertThat(rebuilds.step()).isFalse();
    }

    @Test
    void isTriedAgainLaterAndLater() {
        askForAll();
        rebuilds.step();
        clock.move(Duration.ofSeconds(29));
        assertThat(rebuilds.step()).isFalse();
        clock.move(Duration.ofSeconds(1));
        assertThat(rebuilds.step()).isTrue();
        assertThat(failed()).isEqualTo(2);

        clock.move(Duration.ofSeconds(59));
        assertThat(rebuilds.step()).isFalse();
        clock.move(Duration.ofSeconds(1));
        assertThat(rebuilds.step()).isTrue();
        assertThat(failed()).isEqualTo(3);
        for (int i = 0; i < 20; i++) {
            clock.move(Duration.ofHours(6));
            assertThat(rebuilds.step()).isTrue();
        }
        assertThat(failed()).isEqualTo(23);
        assertThat(requests("attempts = 23")).isOne();
    }

    @Test
    void isWholeAgainAsSoonAsItsRowsAre() {
        askForAll();
        rebuilds.step();
        put(on(BROKEN));
        ask(MEMBER, BROKEN);

        assertThat(rebuilds.step()).isTrue();

        assertThat(records()).isEqualTo(2 * DAYS);
        clock.move(Duration.ofMinutes(1));
        assertThat(rebuilds.step()).isTrue();
        assertThat(requests("TRUE")).isZero();
        assertThat(aside()).isZero();
    }

    @Test
    void leavesOneRequestHoweverOftenItIsAskedFor() {
        for (int i = 0; i < 5; i++) {
            ask(MEMBER, BROKEN);
            rebuilds.step();
        }
        assertThat(requests("TRUE")).isOne();
        assertThat(requests("attempts = 5")).isOne();
    }

    @Test
    void doesNotStopTheFeed() {
        whoop.put(MEMBER, on(BROKEN));
        whoop.put(OTHER, on(Days.DATE));
        health.asOwner("ALTER TABLE daily_record ADD CONSTRAINT test_refuses CHECK (member <> '" + MEMBER + "')");
        try {
            assertThat(daily.follower().step()).isTrue();
            assertThat(daily.follower().step()).isFalse();
            rebuilds.step();

            assertThat(count("daily_record", "member = '" + OTHER + "'")).isOne();
            assertThat(requests("attempts = 1 AND outcome = 'not_storable'")).isOne();
        } finally {
            health.asOwner("ALTER TABLE daily_record DROP CONSTRAINT test_refuses");
        }
        clock.move(Duration.ofMinutes(1));
        rebuilds.step();
        assertThat(count("daily_record", "member = '" + MEMBER + "'")).isOne();
    }

    @Test
    void isNotPutAsideForAFaultThatAllDaysWouldHave() {
        askForAll();
        health.asOwner("REVOKE INSERT ON daily_record FROM health_app");
        try {
            put(on(BROKEN));
            assertThatThrownBy(rebuilds::step).isInstanceOf(DatabaseException.class);
            assertThat(requests("attempts = 0")).isEqualTo(2 * DAYS);
        } finally {
            health.asOwner("GRANT INSERT ON daily_record TO health_app");
        }
        assertThat(rebuilds.step()).isTrue();
        assertThat(records()).isEqualTo(2 * DAYS);
    }

    @Test
    void doesNotStopTheRecomputeOfOlderRecords() {
        put(on(BROKEN));
        askForAll();
        rebuilds.step();
        assertThat(records()).isEqualTo(2 * DAYS);
        db.execute(Sql.named("age", "UPDATE daily_record SET formula_version = '0'"), Params.none());
        breakDay();
        Recompute recompute = new Recompute(db, new Rebuilder(clock), DailyRecord.FORMULA, 3, clock);

        int steps = 0;
        while (recompute.step() > 0) {
            assertThat(++steps).isLessThan(20);
        }
        assertThat(rebuilds.step()).isTrue();

        assertThat(count("daily_record", "formula_version = '0'")).isOne();
        assertThat(requests("attempts = 1")).isOne();
        assertThat(recompute.step()).isZero();
    }

    private void askForAll() {
        for (int i = 0; i < DAYS; i++) {
            ask(MEMBER, Days.DATE.minusDays(i));
            ask(OTHER, Days.DATE.minusDays(i));
        }
    }

    private void ask(UUID member, LocalDate date) {
        db.transaction(tx -> {
            RebuildQueue.ask(tx, member, List.of(date), clock.instant());
            return 0;
        });
    }

    private void put(WhoopDay day) {
        db.transaction(tx -> {
            RecordStore.putWhoopDays(tx, MEMBER, new TreeSet<>(List.of(day.date())), List.of(day), clock.instant());
            return 0;
        });
    }

    private static void breakDay() {
        db.execute(Sql.named("break", """
                        UPDATE whoop_day SET document = CAST('{"date":"yesterday"}' AS json)
                         WHERE member = :member AND local_date = :date
                        """), Params.of("member", MEMBER, "date", BROKEN));
    }

    private static WhoopDay on(LocalDate date) {
        WhoopDay day = Days.whoop();
        return new WhoopDay(date, 1, day.cycle(), day.recovery(), day.sleeps(), day.workouts(), day.body(), List.of());
    }

    private double failed() {
        return registry.get("vitals.daily.rebuild.failed")
                .tag("reason", "unreadable")
                .counter()
                .count();
    }

    private double aside() {
        return registry.get("vitals.daily.rebuild.aside").gauge().value();
    }

    private static long records() {
        return count("daily_record", "TRUE");
    }

    private static long requests(String where) {
        return count("rebuild_request", where);
    }

    private static long count(String table, String where) {
        return db.first(
                        Sql.named("count", "SELECT count(*) AS n FROM " + table + " WHERE " + where),
                        Params.none(),
                        row -> row.longValue("n"))
                .orElseThrow();
    }
}
