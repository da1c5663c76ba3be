package io.vitals.health.daily;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.sahha.SahhaRefresh;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.StubSahha;
import io.vitals.health.whoop.WhoopLink;
import io.vitals.health.whoop.WhoopSync;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static io.vitals.health.daily.Days.DATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class RefreshTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T20:00:00Z"), ZoneOffset.UTC);
    private static final UUID MEMBER = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final Duration SOON = Duration.ofSeconds(20);

    /** No test waits for these times to pass; a busy machine must not make them pass. */
    private static final RefreshBudget PATIENT = new RefreshBudget(
            Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ZERO);

    private static HealthDatabase health;
    private static Database db;
    private final FakeWhoop whoop = new FakeWhoop();
    private final StubSahha sahha = new StubSahha();
    private int replicas;
    private Daily daily;
    private Refresh refresh;

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
                "refresh_run",
                "feed_cursor",
                "sahha_score",
                "sahha_biomarker"));
        daily = new Daily(
                db, whoop, CLOCK, Duration.ZERO, Duration.ofMinutes(2), new SimpleMeterRegistry(), Tracer.noOp());
        refresh = replica(PATIENT);
    }

    @AfterEach
    void close() {
        refresh.close();
    }

    private Refresh replica(RefreshBudget budget) {
        return new Refresh(db, daily, sahha, whoop, budget, CLOCK, new Random(++replicas));
    }

    @Test
    void bringsWhatBothSourcesHaveInOneAnswer() {
        sahhaBrings("activity", 61);
        whoop.put(MEMBER, Days.whoop());

        Refresh.Report report = refresh.refresh(MEMBER, DATE);

        assertThat(report.sahha()).isEqualTo(RefreshOutcome.REFRESHED);
        assertThat(report.whoop()).isEqualTo(RefreshOutcome.REFRESHED);
        assertThat(report.stale()).isFalse();
        assertThat(report.partial()).isFalse();
        assertThat(value(report, "recovery_score")).isEqualTo(64);
        assertThat(value(report, "activity_score")).isEqualTo(61);
        Overview.ProcessingStats stats = daily.records().overview(MEMBER, DATE).processingStats();
        assertThat(stats.sahha()).isEqualTo("refreshed");
        assertThat(stats.whoop()).isEqualTo("refreshed");
        assertThat(stats.refreshedAt()).isNotNull();
    }

    @Test
    void answersWithSahhaAloneWhenWhoopIsDown() {
        sahhaBrings("activity", 61);
        whoop.put(MEMBER, Days.whoop());
        whoop.down(true);

        Refresh.Report report = refresh.refresh(MEMBER, DATE);
        assertThat(report.whoop()).isEqualTo(RefreshOutcome.DOWN);
        assertThat(report.partial()).isTrue();
        assertThat(report.stale()).isFalse();
        assertThat(value(report, "activity_score")).isEqualTo(61);
        assertThat(day(report).at("/metrics/recovery_score/value").isNull()).isTrue();

        whoop.down(false);
        forgetRuns();
        assertThat(value(refresh.refresh(MEMBER, DATE), "recovery_score")).isEqualTo(64);
    }

    @Test
    void givesABlackHoleItsBudgetAndNoMore() {
        sahhaBrings("activity", 61);
        whoop.put(MEMBER, Days.whoop());
        whoop.blackHole(true);

        Duration some = Duration.ofMillis(500);
        try (Refresh hasty =
                replica(new RefreshBudget(PATIENT.whole(), PATIENT.sahha(), some, PATIENT.answer(), some))) {
            Refresh.Report report = hasty.refresh(MEMBER, DATE);
            assertThat(report.whoop()).isEqualTo(RefreshOutcome.SLOW);
            assertThat(value(report, "activity_score")).isEqualTo(61);
        }
        assertThat(whoop.given()).isLessThanOrEqualTo(some);

        whoop.blackHole(false);
        forgetRuns();
        assertThat(refresh.refresh(MEMBER, DATE).whoop()).isEqualTo(RefreshOutcome.REFRESHED);
    }

    /** Whatever Sahha took of its time, an answer without WHOOP comes in less than three seconds. */
    @Test
    void theTimesAddUpToLessThanThreeSeconds() {
        RefreshBudget budget = RefreshBudget.USUAL;
        for (int millis = 0; millis <= budget.sahha().toMillis(); millis += 10) {
            Duration elapsed = Duration.ofMillis(millis);
            Duration whoopTime = budget.whoopAfter(elapsed);
            assertThat(whoopTime).isBetween(budget.least(), budget.whoop());
            assertThat(elapsed.plus(whoopTime)).isLessThan(Duration.ofSeconds(3));
        }
        assertThat(budget.whoopAfter(Duration.ZERO)).isEqualTo(Duration.ofMillis(1500));
        assertThat(budget.whole()).isLessThanOrEqualTo(Duration.ofMillis(4500));
    }

    @ParameterizedTest
    @CsvSource({
        "CURRENT, , REFRESHED",
        "RUNNING, , SLOW",
        "DEFERRED, quota, QUOTA",
        "DEFERRED, rate_limited, QUOTA",
        "DEFERRED, circuit_open, DOWN",
        "UNLINKED, , NOT_CONNECTED"
    })
    void saysWhyWhoopBroughtNothing(WhoopSync.State state, @Nullable String reason, RefreshOutcome outcome) {
        sahhaBrings("activity", 61);
        whoop.answer(new WhoopSync(state, reason));

        Refresh.Report report = refresh.refresh(MEMBER, DATE);
        assertThat(report.whoop()).isEqualTo(outcome);
        assertThat(report.stale()).isFalse();
        assertThat(value(report, "activity_score")).isEqualTo(61);
    }

    @Test
    void doesNotAskOverALinkThatIsKnownToBeGone() {
        sahhaBrings("activity", 61);
        link(WhoopLink.State.REAUTH_REQUIRED);
        assertThat(refresh.refresh(MEMBER, DATE).whoop()).isEqualTo(RefreshOutcome.REAUTH_REQUIRED);
        link(WhoopLink.State.REVOKED);
        forgetRuns();
        assertThat(refresh.refresh(MEMBER, DATE).whoop()).isEqualTo(RefreshOutcome.NOT_CONNECTED);
        assertThat(whoop.syncs()).isZero();

        link(WhoopLink.State.ACTIVE);
        forgetRuns();
        assertThat(refresh.refresh(MEMBER, DATE).whoop()).isEqualTo(RefreshOutcome.REFRESHED);
        assertThat(whoop.syncs()).isEqualTo(1);
    }

    @Test
    void answersTheStoredDayAsStaleWhenNobodyCanBeAsked() {
        sahhaBrings("activity", 61);
        whoop.put(MEMBER, Days.whoop());
        DayDocument before = refresh.refresh(MEMBER, DATE).day().orElseThrow();
        whoop.down(true);
        sahha.before(() -> {});
        sahha.answer(SahhaRefresh.DOWN);
        forgetRuns();

        Refresh.Report report = refresh.refresh(MEMBER, DATE);
        assertThat(report.stale()).isTrue();
        assertThat(report.day().orElseThrow().version()).isEqualTo(before.version());
    }

    @Test
    void saysSoWhenNobodyCanBeAskedAndNothingIsStored() {
        whoop.down(true);
        sahha.answer(SahhaRefresh.SLOW);
        assertThatThrownBy(() -> refresh.refresh(MEMBER, DATE)).isInstanceOf(Refresh.NothingStoredException.class);

        // Nothing connected is no failure: there is just nothing.
        whoop.down(false);
        whoop.answer(new WhoopSync(WhoopSync.State.UNLINKED, null));
        sahha.answer(SahhaRefresh.NOT_CONNECTED);
        forgetRuns();
        assertThat(refresh.refresh(MEMBER, DATE).day()).isEmpty();
    }

    @Test
    void manyCallersOnSeveralReplicasShareOneRefresh() throws Exception {
        whoop.put(MEMBER, Days.whoop());
        CountDownLatch allCame = new CountDownLatch(20);
        sahha.answer(SahhaRefresh.REFRESHED);
        sahha.before(() -> awaitQuietly(allCame));
        try (Refresh second = replica(PATIENT);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Refresh.Report>> callers = IntStream.range(0, 20)
                    .mapToObj(i -> threads.submit(() -> {
                        allCame.countDown();
                        return (i % 2 == 0 ? refresh : second).refresh(MEMBER, DATE);
                    }))
                    .toList();
            for (Future<Refresh.Report> caller : callers) {
                assertThat(value(caller.get(), "recovery_score")).isEqualTo(64);
            }
        }
        assertThat(sahha.refreshes()).isEqualTo(1);
        assertThat(whoop.syncs()).isEqualTo(1);

        refresh.refresh(MEMBER, DATE.minusDays(5));
        assertThat(sahha.refreshes()).isEqualTo(2);
    }

    @Test
    void takesOverFromAReplicaThatDiedAndWaitsForOneThatLives() {
        whoop.put(MEMBER, Days.whoop());
        sahha.answer(SahhaRefresh.REFRESHED);
        leased("- INTERVAL '1 second'");
        assertThat(refresh.refresh(MEMBER, DATE).whoop()).isEqualTo(RefreshOutcome.REFRESHED);
        assertThat(sahha.refreshes()).isEqualTo(1);

        leased("+ INTERVAL '1 hour'");
        Duration little = Duration.ofSeconds(1);
        try (Refresh impatient = replica(new RefreshBudget(little, little, little, little, little))) {
            Refresh.Report report = impatient.refresh(MEMBER, DATE);
            assertThat(report.stale()).isTrue();
            assertThat(report.day()).isPresent();
        }
        assertThat(sahha.refreshes()).isEqualTo(1);
    }

    @Test
    void aRefreshThatBreaksLeavesNoLeaseBehind() {
        whoop.put(MEMBER, Days.whoop());
        sahha.answer(SahhaRefresh.REFRESHED);
        sahha.before(() -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(() -> refresh.refresh(MEMBER, DATE)).hasMessage("broken");

        sahha.before(() -> {});
        assertThat(refresh.refresh(MEMBER, DATE).whoop()).isEqualTo(RefreshOutcome.REFRESHED);
    }

    @Test
    void aReadOfAMissingRecentDayAsksOnceInTheBackground() {
        whoop.put(MEMBER, Days.whoop());
        sahha.answer(SahhaRefresh.REFRESHED);
        refresh.askedFor(MEMBER, DATE, Optional.empty());
        await().atMost(SOON).until(() -> daily.records().day(MEMBER, DATE).isPresent());
        refresh.askedFor(MEMBER, DATE, Optional.empty());
        try (Refresh second = replica(PATIENT)) {
            // Another replica's read of another missing day is the control that reads do ask.
            second.askedFor(MEMBER, DATE.minusDays(1), Optional.empty());
            await().atMost(SOON).until(() -> sahha.refreshes() == 2);
            second.askedFor(MEMBER, DATE.minusDays(30), Optional.empty());
            second.askedFor(MEMBER, DATE.plusDays(9), Optional.empty());
            second.askedFor(
                    MEMBER,
                    DATE.minusDays(2),
                    Optional.of(new DayDocument(DATE, 1, new byte[0], true, Freshness.NOTHING)));
            second.askedFor(MEMBER, DATE.minusDays(3), Optional.empty());
            await().atMost(SOON).until(() -> sahha.refreshes() == 3);
        }
        assertThat(sahha.refreshes()).isEqualTo(3);
    }

    @Test
    void aReadOfAStoredDayAsksOnlyWhenASourceIsStale() {
        whoop.put(MEMBER, Days.whoop());
        daily.follower().step();
        DayDocument stored = daily.records().day(MEMBER, DATE).orElseThrow();
        assertThat(daily.records().stale(MEMBER)).isFalse();
        refresh.askedFor(MEMBER, DATE, Optional.of(stored));

        link(WhoopLink.State.REFRESH_FAILING);
        assertThat(daily.records().stale(MEMBER)).isTrue();
        try (Refresh second = replica(PATIENT)) {
            second.askedFor(MEMBER, DATE, Optional.of(stored));
            await().atMost(SOON).until(() -> sahha.refreshes() > 0);
        }
        assertThat(sahha.refreshes()).isEqualTo(1);
    }

    private void sahhaBrings(String type, double percent) {
        sahha.answer(SahhaRefresh.REFRESHED);
        sahha.before(() -> db.execute(
                Sql.named("test-score", """
                        INSERT INTO sahha_score VALUES (:member, :date, :type, 'r-1', :percent, 'high', :now, '+01:00',
                                                        :now, :now, CAST('{}' AS jsonb))
                        ON CONFLICT DO NOTHING
                        """),
                Params.of("member", MEMBER, "date", DATE, "type", type, "percent", percent, "now", CLOCK.instant())));
    }

    private void link(WhoopLink.State state) {
        whoop.link(MEMBER, state);
        daily.follower().step();
    }

    private static void forgetRuns() {
        health.clear(List.of("refresh_run"));
    }

    private static void leased(String until) {
        forgetRuns();
        db.execute(
                Sql.named(
                        "lease",
                        "INSERT INTO refresh_run (member, local_date, claim, lease_until)"
                                + " VALUES (:member, :date, :member, clock_timestamp() " + until + ")"),
                Params.of("member", MEMBER, "date", DATE));
    }

    private static JsonNode day(Refresh.Report report) {
        return Json.tree(report.day().orElseThrow().json());
    }

    private static double value(Refresh.Report report, String metric) {
        return day(report).at("/metrics/" + metric + "/value").doubleValue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
