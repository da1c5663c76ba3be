package io.vitals.whoop;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The year before the first month, fetched in the background. */
class HistoryTest {
    private static final Duration SOON = Duration.ofSeconds(90);

    /** Records of the day by which the windows of history and of the first days overlap; a page has 25. */
    private static final long FETCHED_TWICE_ANYHOW = 20;

    @Test
    void aServiceKilledInTheMiddleOfPagesLosesNothingAndFetchesNothingAsAWholeAgain() {
        assertThat(fetchedAgainAfterAKill(database -> {})).isLessThan(FETCHED_TWICE_ANYHOW);
    }

    /** The control: had no page been checkpointed, the windows under way would begin anew. */
    @Test
    void withoutCheckpointsAKillCostsEveryPageOfTheWindow() {
        assertThat(fetchedAgainAfterAKill(database -> database.execute(
                        Sql.named(
                                "test-no-checkpoint",
                                "UPDATE sync_cursor SET next_token = NULL, pages = 0 WHERE window_from IS NOT NULL"),
                        Params.none())))
                .isGreaterThan(FETCHED_TWICE_ANYHOW);
    }

    /** Kills the service when one member is in the history and another in the first days; counts records that came a second time. */
    private static long fetchedAgainAfterAKill(Consumer<Database> meanwhile) {
        try (RunningService service = RunningService.start(ServiceTuning.WITH_HISTORY)) {
            UUID one = service.connect(1);
            await().atMost(SOON).until(() -> count(service, PAGES_OF_HISTORY, one) >= 6);
            // Each page is late, so that the kill comes after a window's first page and before its second.
            service.whoop()
                    .control()
                    .failNext(
                            Set.of(WhoopEndpoint.CYCLE, WhoopEndpoint.RECOVERY, WhoopEndpoint.SLEEP),
                            12,
                            new WhoopFault.Slow(ServiceTuning.SHORT_CLAIM.dividedBy(3)));
            UUID two = service.connect(2);
            await().atMost(SOON).until(() -> count(service, IN_THE_MIDDLE, two) >= 1);
            long before = count(service, PAGES_OF_HISTORY, one);

            service.crash(database -> {
                theClaimsRunOut(database);
                meanwhile.accept(database);
            });
            service.whoop().control().clearFaults();

            await().atMost(SOON).until(() -> done(service, one) && done(service, two));
            assertThat(before).isLessThan(count(service, PAGES_OF_HISTORY, one));
            for (var entry : Map.of(one, 1, two, 2).entrySet()) {
                await().atMost(SOON).untilAsserted(() -> everythingIsThere(service, entry.getKey(), entry.getValue()));
            }
            return Math.max(count(service, AGAIN, one), count(service, AGAIN, two));
        }
    }

    /** What time would do. */
    private static void theClaimsRunOut(Database database) {
        for (String held : new String[] {"sync_cursor", "sync_walk"}) {
            database.execute(
                    Sql.named("test-run-out", "UPDATE " + held + " SET claim_until = now() WHERE claim_id IS NOT NULL"),
                    Params.none());
        }
    }

    private static void everythingIsThere(RunningService service, UUID member, int account) {
        var simulated = service.whoop().control().people().member(account);
        Instant since = Instant.now().minus(Duration.ofDays(364));
        assertThat(count(service, "SELECT count(*) AS n FROM sleep WHERE member_id = :member", member))
                .isEqualTo(simulated.sleeps().stream()
                        .filter(sleep -> sleep.span().start().isAfter(since))
                        .count())
                .isGreaterThan(150);
        assertThat(count(service, "SELECT count(*) AS n FROM workout WHERE member_id = :member", member))
                .isEqualTo(simulated.workouts().stream()
                        .filter(workout -> workout.start().isAfter(since))
                        .count());
        // Each window of each type was walked by one run to its end, none of them twice, and from the newest on.
        assertThat(count(service, """
                        SELECT count(*) - count(DISTINCT (type, window_from)) AS n FROM sync_run
                        WHERE member_id = :member AND trigger = 'history'""", member)).isZero();
        assertThat(count(service, """
                        SELECT count(*) AS n FROM sync_run WHERE member_id = :member AND trigger = 'history'
                          AND outcome IS DISTINCT FROM 'success'""", member)).isZero();
        assertThat(count(service, """
                        SELECT count(*) AS n FROM sync_run a JOIN sync_run b ON a.member_id = b.member_id AND a.id < b.id
                        WHERE a.member_id = :member AND a.trigger = 'history' AND b.trigger = 'history' AND a.window_to < b.window_to""", member)).isZero();
        assertThat(count(service, """
                        SELECT count(*) AS n FROM (
                            SELECT day FROM coverage WHERE member_id = :member AND state = 'asked' GROUP BY day HAVING count(*) = 4) AS days""", member)).isGreaterThanOrEqualTo(364);
    }

    @Test
    void theYearOfOneMemberDoesNotKeepAnotherFromTheFirstDays() {
        try (RunningService service =
                RunningService.start(ServiceTuning.WITH_HISTORY, config -> config.withQuota(100, 10_000))) {
            UUID one = service.connect(1);
            await().atMost(SOON).until(() -> count(service, PAGES_OF_HISTORY, one) >= 1);
            // The share that history may use of this minute is used up, and the minute does not end.
            service.database()
                    .execute(
                            Sql.named(
                                    "test-quota",
                                    "UPDATE quota SET minute_used = 66, minute_ends_at = now() + INTERVAL '1 hour'"),
                            Params.none());
            await().atMost(SOON)
                    .until(() -> count(
                                    service,
                                    "SELECT count(*) AS n FROM sync_walk WHERE member_id = :member AND last_error = 'quota'",
                                    one)
                            == 1);

            UUID two = service.connect(2);

            await().atMost(SOON)
                    .until(() ->
                            service.link(two).path("sync").path("days_done").asInt() == 30);
            assertThat(done(service, one)).isFalse();
            assertThat(count(service, PAGES_OF_HISTORY, two)).isZero();
        }
    }

    private static final String PAGES_OF_HISTORY =
            "SELECT coalesce(sum(pages), 0) AS n FROM sync_run WHERE member_id = :member AND trigger = 'history'";

    private static final String IN_THE_MIDDLE =
            "SELECT count(*) AS n FROM sync_cursor WHERE member_id = :member AND next_token IS NOT NULL AND claim_id IS NOT NULL";

    private static final String AGAIN = """
            SELECT coalesce(sum(unchanged), 0) AS n FROM sync_run WHERE member_id = :member AND trigger IN ('history', 'backfill')""";

    private static boolean done(RunningService service, UUID member) {
        return count(
                        service,
                        "SELECT count(*) AS n FROM sync_walk WHERE member_id = :member AND kind = 'history' AND done_at IS NOT NULL",
                        member)
                == 1;
    }

    private static long count(RunningService service, String query, UUID member) {
        return Rows.count(service.database(), query, member);
    }
}
