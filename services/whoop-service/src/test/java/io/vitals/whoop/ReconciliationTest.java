package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.sandbox.member.Member;
import io.vitals.sandbox.member.Sleep;
import io.vitals.sandbox.whoop.WebhookSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the nightly comparison and the search for gaps mend, with all webhooks lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReconciliationTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private RunningService service;

    @BeforeAll
    void start() {
        service = RunningService.start();
        service.whoop().control().webhooks(new WebhookSettings(0, false, true, false));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void missedChangedAndDeletedRecordsAreFound() {
        UUID member = connect(1);
        Member simulated = service.whoop().control().people().member(1);
        List<Sleep> nights = settledNights(simulated);
        UUID missed = nights.get(3).id();
        UUID changed = nights.get(5).id();
        UUID deleted = nights.get(7).id();
        run("DELETE FROM sleep WHERE member_id = :member AND id = :id", member, missed);
        run(
                "UPDATE sleep SET updated_at = updated_at - INTERVAL '1 day', performance_percentage = -1 WHERE member_id = :member AND id = :id",
                member,
                changed);
        assertThat(service.whoop().control().delete(1, deleted)).isTrue();
        // Looking at what is new does not find any of it: that is what the comparison is for.
        assertThat(service.post("/internal/v1/sync/" + member, Map.of()).status())
                .isEqualTo(202);
        await().atMost(SOON)
                .until(() -> count(
                                "SELECT count(*) AS n FROM sync_run WHERE member_id = :member AND trigger = 'member' AND outcome = 'success'",
                                member)
                        >= 6);
        assertThat(sleeps(member, missed) + sleeps(member, deleted)).isEqualTo(1);

        reconcile(member);

        assertThat(sleeps(member, missed)).isEqualTo(1);
        assertThat(sleeps(member, deleted)).isZero();
        assertThat(countOf(
                        "SELECT count(*) AS n FROM recovery WHERE member_id = :member AND sleep_id = :id",
                        member,
                        deleted))
                .isZero();
        assertThat(countOf(
                        "SELECT count(*) AS n FROM sleep WHERE member_id = :member AND id = :id AND performance_percentage >= 0",
                        member,
                        changed))
                .isEqualTo(1);
        assertThat(countOf(
                        "SELECT count(*) AS n FROM tombstone WHERE member_id = :member AND type = 'sleep' AND record_key = CAST(:id AS text)",
                        member,
                        deleted))
                .isEqualTo(1);
        assertThat(count("""
                        SELECT count(*) AS n FROM sync_run WHERE member_id = :member AND trigger = 'reconcile' AND type = 'sleep'
                          AND inserted >= 1 AND updated >= 1 AND deleted = 1 AND outcome = 'success'""", member)).isEqualTo(1);
        assertThat(service.audited(member)).contains("record.deleted system success");
        assertThat(service.call(OutboundRequest.get("test", deletions(member))).status())
                .isEqualTo(404);
        assertThat(counter("deleted")).isPositive();
    }

    @Test
    void moreThanAFewDeletionsWaitForConfirmation() {
        UUID member = connect(2);
        Member simulated = service.whoop().control().people().member(2);
        List<UUID> gone = settledNights(simulated).stream()
                .skip(2)
                .limit(8)
                .map(Sleep::id)
                .toList();
        gone.forEach(id -> assertThat(service.whoop().control().delete(2, id)).isTrue());
        assertThat(stored(member, gone)).isEqualTo(8);

        reconcile(member);
        assertThat(stored(member, gone)).isEqualTo(3);
        JsonNode held = service.get(deletions(member));
        assertThat(held.path("held").asInt()).isEqualTo(3);
        assertThat(held.path("types").path("sleep").asInt()).isEqualTo(3);
        assertThat(service.audited(member)).contains("sync.deletions system held");

        // Another night does not delete the next few: nobody has confirmed that this is no fault.
        reconcile(member);
        assertThat(stored(member, gone)).isEqualTo(3);
        String run = service.get(deletions(member)).path("run").asText();
        assertThat(run).isNotEqualTo(held.path("run").asText());

        assertThat(service.post(deletions(member), Map.of("run", "all of them")).status())
                .isEqualTo(400);
        assertThat(service.post(
                                deletions(member),
                                Map.of("run", held.path("run").asText()))
                        .status())
                .isEqualTo(404);
        assertThat(service.post(deletions(UUID.randomUUID()), Map.of("run", run))
                        .status())
                .isEqualTo(404);
        assertThat(stored(member, gone)).isEqualTo(3);

        var confirmed = service.post(deletions(member), Map.of("run", run));
        assertThat(confirmed.status()).isEqualTo(200);
        assertThat(Json.tree(confirmed.body()).path("deleted").asInt()).isEqualTo(3);
        assertThat(stored(member, gone)).isZero();
        assertThat(service.audited(member)).contains("sync.deletions operator confirmed");
        assertThat(service.post(deletions(member), Map.of("run", run)).status()).isEqualTo(404);
    }

    @Test
    void aRecordThatOnlyTheListingLacksIsKept() {
        UUID member = connect(3);
        UUID old = service.whoop().control().people().member(3).workouts().stream()
                .filter(workout -> workout.start().isBefore(Instant.now().minus(Duration.ofDays(40))))
                .findFirst()
                .orElseThrow()
                .id();
        // As if a record had slipped out of the listing: stored under a day of the window, and there when asked for by
        // name.
        run("""
                INSERT INTO workout SELECT (jsonb_populate_record(w, jsonb_build_object('id', CAST(:id AS text),
                    'local_date', CAST(now() AS date) - 10, 'fetched_at', now() - INTERVAL '1 hour'))).*
                FROM workout w WHERE member_id = :member LIMIT 1""", member, old);

        reconcile(member);

        assertThat(countOf("SELECT count(*) AS n FROM workout WHERE member_id = :member AND id = :id", member, old))
                .isEqualTo(1);
        assertThat(count("SELECT count(*) AS n FROM sync_suspect WHERE member_id = :member", member))
                .isZero();
    }

    @Test
    void missingAndFailedDaysAreFilledAndSaidSoMeanwhile() {
        UUID member = connect(4);
        run(
                "DELETE FROM coverage WHERE member_id = :member AND type = 'sleep' AND day BETWEEN CAST(now() AS date) - 12 AND CAST(now() AS date) - 10",
                member);
        run(
                "DELETE FROM sleep WHERE member_id = :member AND local_date BETWEEN CAST(now() AS date) - 12 AND CAST(now() AS date) - 10",
                member);
        run(
                "UPDATE coverage SET state = 'failed', reason = 'status_503', checked_at = now() - INTERVAL '2 hours' WHERE member_id = :member AND type = 'workout' AND day = CAST(now() AS date) - 20",
                member);
        run("DELETE FROM workout WHERE member_id = :member AND local_date = CAST(now() AS date) - 20", member);
        JsonNode before = coverage(member);
        assertThat(before)
                .anySatisfy(day -> assertThat(day.path("sleep").asText()).isEqualTo("missing"));
        assertThat(before).anySatisfy(day -> {
            assertThat(day.path("workout").asText()).isEqualTo("failed");
            assertThat(day.path("reasons").path("workout").asText()).isEqualTo("status_503");
        });

        runJob("gaps");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(coverage(member)).allSatisfy(day -> {
                    assertThat(day.path("sleep").asText()).isIn("present", "empty", "pending");
                    assertThat(day.path("workout").asText()).isIn("present", "empty", "pending");
                    assertThat(day.path("reasons")).isEmpty();
                }));
        assertThat(count(
                        "SELECT count(*) AS n FROM sync_run WHERE member_id = :member AND trigger = 'gap' AND outcome = 'success'",
                        member))
                .isGreaterThanOrEqualTo(2);
        assertThat(count(
                        "SELECT sum(inserted) AS n FROM sync_run WHERE member_id = :member AND trigger = 'gap' AND type = 'sleep'",
                        member))
                .isPositive();
    }

    @Test
    void whoComesBackWithTheSameAccountGetsTheGapAndWithAnotherAll() {
        UUID member = connect(5);
        run("UPDATE sync_cursor SET complete_to = complete_to - INTERVAL '10 days' WHERE member_id = :member", member);
        run("DELETE FROM sleep WHERE member_id = :member AND local_date > CAST(now() AS date) - 9", member);
        run("DELETE FROM coverage WHERE member_id = :member AND day > CAST(now() AS date) - 9", member);
        long kept = count("SELECT count(*) AS n FROM sleep WHERE member_id = :member", member);
        disconnect(member);
        assertThat(service.post("/internal/v1/sync/" + member, Map.of()).status())
                .isEqualTo(404);

        service.connect(member, 5);
        await().atMost(SOON).until(() -> current(member));
        assertThat(count("SELECT count(*) AS n FROM sleep WHERE member_id = :member", member))
                .isGreaterThan(kept + 5);
        assertThat(latestWindowDays(member)).isBetween(12L, 14L);
        assertThat(coverage(member))
                .allSatisfy(day -> assertThat(day.path("sleep").asText()).isNotEqualTo("missing"));

        disconnect(member);
        service.connect(member, 6);
        await().atMost(SOON).until(() -> current(member));
        assertThat(latestWindowDays(member)).isBetween(29L, 31L);
    }

    private UUID connect(int account) {
        UUID member = service.connect(account);
        await().atMost(SOON).until(() -> current(member));
        return member;
    }

    private boolean current(UUID member) {
        return service.link(member).path("sync").path("state").asText().equals("current");
    }

    private void disconnect(UUID member) {
        assertThat(service.call(OutboundRequest.delete("test", "/internal/v1/links/" + member))
                        .status())
                .isEqualTo(200);
    }

    /** Lets the night come, and waits for its end. */
    private void reconcile(UUID member) {
        run(
                "UPDATE sync_walk SET started_at = started_at - INTERVAL '2 days' WHERE member_id = :member AND kind = 'reconcile'",
                member);
        run("UPDATE link SET since = since - INTERVAL '2 days' WHERE member_id = :member", member);
        Instant before = Instant.now();
        await().atMost(SOON).until(() -> {
            runJob("reconciliation");
            return service.database()
                    .first(
                            Sql.named(
                                    "test-reconciled",
                                    "SELECT done_at FROM sync_walk WHERE member_id = :member AND kind = 'reconcile' AND done_at IS NOT NULL AND done_at > :before"),
                            Params.of("member", member, "before", before),
                            row -> row.instant("done_at"))
                    .isPresent();
        });
        run("UPDATE link SET since = now() WHERE member_id = :member", member);
    }

    private void runJob(String name) {
        service.database()
                .execute(
                        Sql.named(
                                "test-job",
                                "UPDATE scheduled_tasks SET execution_time = now() WHERE task_name = :name AND NOT picked"),
                        Params.of("name", name));
    }

    /** Main sleeps of the last four weeks that nothing is going to change any more, newest first. */
    private static List<Sleep> settledNights(Member member) {
        return member.sleeps().stream()
                .filter(sleep -> !sleep.span().nap())
                .filter(sleep -> sleep.span().end().isBefore(Instant.now().minus(Duration.ofDays(4))))
                .filter(sleep -> sleep.span().start().isAfter(Instant.now().minus(Duration.ofDays(26))))
                .toList();
    }

    private JsonNode coverage(UUID member) {
        var today = java.time.LocalDate.now(java.time.ZoneOffset.UTC);
        return service.get(
                        "/internal/v1/coverage/" + member,
                        "from",
                        today.minusDays(25).toString(),
                        "to",
                        today.minusDays(1).toString())
                .path("days");
    }

    private long latestWindowDays(UUID member) {
        return count("""
                SELECT CAST(extract(day FROM window_to - window_from) AS bigint) AS n FROM sync_run
                WHERE member_id = :member AND type = 'sleep' AND trigger = 'backfill' ORDER BY id DESC LIMIT 1""", member);
    }

    private double counter(String outcome) {
        return service.registry()
                .get("whoop.sync.deletions")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static String deletions(UUID member) {
        return "/internal/v1/sync/" + member + "/deletions";
    }

    private long stored(UUID member, List<UUID> ids) {
        return ids.stream().mapToLong(id -> sleeps(member, id)).sum();
    }

    private long sleeps(UUID member, UUID id) {
        return countOf("SELECT count(*) AS n FROM sleep WHERE member_id = :member AND id = :id", member, id);
    }

    private void run(String statement, UUID member) {
        service.database().execute(Sql.named("test-run", statement), Params.of("member", member));
    }

    private void run(String statement, UUID member, UUID id) {
        service.database().execute(Sql.named("test-run", statement), Params.of("member", member, "id", id));
    }

    private long count(String query, UUID member) {
        return Rows.count(service.database(), query, member);
    }

    private long countOf(String query, UUID member, UUID id) {
        return service.database()
                .first(Sql.named("test-count", query), Params.of("member", member, "id", id), row -> row.longValue("n"))
                .orElseThrow();
    }
}
