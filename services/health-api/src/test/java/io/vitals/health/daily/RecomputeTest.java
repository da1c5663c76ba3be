package io.vitals.health.daily;

import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecomputeTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-12-20T01:00:00Z"), ZoneOffset.UTC);
    private static final int MEMBERS = 5;
    private static final int DAYS = 12;

    private static HealthDatabase health;
    private static Database db;
    private final Rebuilder rebuilder = new Rebuilder(CLOCK);

    @BeforeAll
    static void startDatabase() {
        health = HealthDatabase.start();
        db = health.database();
    }

    @AfterAll
    static void stopDatabase() {
        health.close();
    }

    /** Records as an older release left them: its version, and a document that today's rules would not make. */
    @BeforeEach
    void seedOldRecords() {
        health.clear(List.of("daily_record", "whoop_day", "source_state", "rebuild_request"));
        for (int i = 0; i < MEMBERS; i++) {
            UUID member = member(i);
            TreeSet<LocalDate> dates = new TreeSet<>();
            for (int n = 0; n < DAYS; n++) {
                dates.add(Days.DATE.minusDays(n));
            }
            db.transaction(tx -> {
                RecordStore.putWhoopDays(
                        tx, member, dates, dates.stream().map(RecomputeTest::on).toList(), CLOCK.instant());
                return rebuilder.rebuild(tx, member, dates);
            });
        }
        db.execute(Sql.named("age", """
                        UPDATE daily_record SET formula_version = '0', document = '{"old":true}',
                               content_hash = sha256('old')
                        """), Params.none());
    }

    @Test
    void makesEveryOldRecordAnewInBatches() {
        Recompute recompute = recompute(25);

        assertThat(recompute.step()).isEqualTo(25);
        assertThat(old()).isEqualTo(MEMBERS * DAYS - 25);
        while (recompute.step() > 0) {
            assertThat(old()).isLessThan(MEMBERS * DAYS);
        }
        assertThat(old()).isZero();
        assertThat(count("document ->> 'formula_version' = '" + DailyRecord.FORMULA_VERSION + "'"))
                .isEqualTo(MEMBERS * DAYS);
        assertThat(recompute.step()).isZero();
    }

    @Test
    void aKilledRunIsContinuedByWhoeverComesNext() {
        recompute(10).step();
        assertThatThrownBy(() -> db.transaction(tx -> {
                    // What a replica does that dies before its commit.
                    rebuilder.rebuild(tx, member(4), new TreeSet<>(Set.of(Days.DATE)));
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");
        assertThat(old()).isEqualTo(MEMBERS * DAYS - 10);

        Recompute other = recompute(50);
        while (other.step() > 0) {
            assertThat(old()).isLessThan(MEMBERS * DAYS);
        }
        assertThat(old()).isZero();
    }

    @Test
    void allReplicasAtOnceDoEachRecordOnce() throws Exception {
        long before = next();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> replicas = IntStream.range(0, 4)
                    .mapToObj(i -> threads.submit(() -> {
                        int done = 0;
                        while (old() > 0) {
                            done += recompute(7).step();
                        }
                        return done;
                    }))
                    .toList();
            int done = 0;
            for (Future<Integer> replica : replicas) {
                done += replica.get();
            }
            assertThat(done).isEqualTo(MEMBERS * DAYS);
        }
        // A record that two had made anew would have taken two numbers.
        assertThat(next() - before - 1).isEqualTo(MEMBERS * DAYS);
    }

    @Test
    void aMemberWhoIsBusyIsLeftForLaterAndReadersSeeTheOldRecordMeanwhile() {
        Recompute recompute = recompute(MEMBERS * DAYS);
        db.transaction(tx -> {
            RecordStore.lock(tx, member(0));
            assertThat(recompute.step()).isEqualTo((MEMBERS - 1) * DAYS);
            return 0;
        });
        db.transaction(tx -> {
            rebuilder.rebuild(tx, member(0), new TreeSet<>(Set.of(Days.DATE)));
            // Another connection, while the rebuilt row is not committed.
            assertThat(count("member = '" + member(0) + "' AND formula_version = '0'"))
                    .isEqualTo(DAYS);
            return 0;
        });
        assertThat(recompute.step()).isEqualTo(DAYS - 1);
    }

    @Test
    void leavesRecordsOfNewerRulesAlone() {
        while (recompute(100).step() > 0) {
            assertThat(old()).isLessThan(MEMBERS * DAYS);
        }
        db.execute(Sql.named("newer", "UPDATE daily_record SET formula_version = '10'"), Params.none());

        assertThat(recompute(100).step()).isZero();
        assertThat(new Recompute(db, rebuilder, 11, 100, CLOCK).step()).isEqualTo(MEMBERS * DAYS);
    }

    @Test
    void findsItsWorkByAnIndex() {
        db.execute(Sql.named("analyze", "ANALYZE daily_record"), Params.none());
        List<String> plan = db.transaction(tx -> {
            tx.execute(Sql.named("no-seq", "SET LOCAL enable_seqscan = off"), Params.none());
            return tx.list(
                    Sql.named(
                            "plan",
                            "EXPLAIN SELECT member FROM daily_record WHERE CAST(formula_version AS integer) < 1"
                                    + " ORDER BY CAST(formula_version AS integer) LIMIT 10"),
                    Params.none(),
                    row -> row.string("QUERY PLAN"));
        });
        assertThat(plan).anyMatch(line -> line.contains("daily_record_formula"));
    }

    private Recompute recompute(int batch) {
        return new Recompute(db, rebuilder, DailyRecord.FORMULA, batch, CLOCK);
    }

    private static UUID member(int i) {
        return new UUID(0x4000L, i);
    }

    private static WhoopDay on(LocalDate date) {
        WhoopDay day = Days.whoop();
        return new WhoopDay(date, 1, day.cycle(), day.recovery(), day.sleeps(), day.workouts(), day.body(), List.of());
    }

    private static long old() {
        return count("formula_version = '0'");
    }

    private static long count(String where) {
        return db.first(
                        Sql.named("count", "SELECT count(*) AS n FROM daily_record WHERE " + where),
                        Params.none(),
                        row -> row.longValue("n"))
                .orElseThrow();
    }

    private static long next() {
        return db.first(
                        Sql.named("next", "SELECT nextval('daily_change') AS n"),
                        Params.none(),
                        row -> row.longValue("n"))
                .orElse(0L);
    }
}
