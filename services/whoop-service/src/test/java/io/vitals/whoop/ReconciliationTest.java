package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.sandbox.member.Member;
import io.vitals.sandbox.member.Sleep;
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

/** What the nightly comparison finds, with all webhooks lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReconciliationTest {
    private static final Duration SOON = SyncScene.SOON;

    private SyncScene scene;

    @BeforeAll
    void start() {
        scene = new SyncScene();
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    void missedChangedAndDeletedRecordsAreFound() {
        UUID member = scene.connect(1);
        Member simulated = scene.service().whoop().control().people().member(1);
        List<Sleep> nights = settledNights(simulated);
        UUID missed = nights.get(3).id();
        UUID changed = nights.get(5).id();
        UUID deleted = nights.get(7).id();
        scene.run("DELETE FROM sleep WHERE member_id = :member AND id = :id", member, missed);
        scene.run(
                "UPDATE sleep SET updated_at = updated_at - INTERVAL '1 day', performance_percentage = -1 WHERE member_id = :member AND id = :id",
                member,
                changed);
        assertThat(scene.service().whoop().control().delete(1, deleted)).isTrue();
        // Looking at what is new does not find any of it: that is what the comparison is for.
        assertThat(scene.service().post("/internal/v1/sync/" + member, Map.of()).status())
                .isEqualTo(202);
        await().atMost(SOON)
                .until(() -> scene.count(
                                "SELECT count(*) AS n FROM sync_run WHERE member_id = :member AND trigger = 'member' AND outcome = 'success'",
                                member)
                        >= 6);
        assertThat(sleeps(member, missed) + sleeps(member, deleted)).isEqualTo(1);

        reconcile(member);

        assertThat(sleeps(member, missed)).isEqualTo(1);
        assertThat(sleeps(member, deleted)).isZero();
        assertThat(scene.countOf(
                        "SELECT count(*) AS n FROM recovery WHERE member_id = :member AND sleep_id = :id",
                        member,
                        deleted))
                .isZero();
        assertThat(scene.countOf(
                        "SELECT count(*) AS n FROM sleep WHERE member_id = :member AND id = :id AND performance_percentage >= 0",
                        member,
                        changed))
                .isEqualTo(1);
        assertThat(scene.countOf(
                        "SELECT count(*) AS n FROM tombstone WHERE member_id = :member AND type = 'sleep' AND record_key = CAST(:id AS text)",
                        member,
                        deleted))
                .isEqualTo(1);
        assertThat(scene.count("""
                        SELECT count(*) AS n FROM sync_run WHERE member_id = :member AND trigger = 'reconcile' AND type = 'sleep'
                          AND inserted >= 1 AND updated >= 1 AND deleted = 1 AND outcome = 'success'""", member)).isEqualTo(1);
        assertThat(scene.service().audited(member)).contains("record.deleted system success");
        assertThat(scene.service()
                        .call(OutboundRequest.get("test", deletions(member)))
                        .status())
                .isEqualTo(404);
        assertThat(counter("deleted")).isPositive();
    }

    @Test
    void moreThanAFewDeletionsWaitForConfirmation() {
        UUID member = scene.connect(2);
        Member simulated = scene.service().whoop().control().people().member(2);
        List<UUID> gone = settledNights(simulated).stream()
                .skip(2)
                .limit(8)
                .map(Sleep::id)
                .toList();
        gone.forEach(id ->
                assertThat(scene.service().whoop().control().delete(2, id)).isTrue());
        assertThat(stored(member, gone)).isEqualTo(8);

        reconcile(member);
        assertThat(stored(member, gone)).isEqualTo(3);
        JsonNode held = scene.service().get(deletions(member));
        assertThat(held.path("held").asInt()).isEqualTo(3);
        assertThat(held.path("types").path("sleep").asInt()).isEqualTo(3);
        assertThat(scene.service().audited(member)).contains("sync.deletions system held");

        // Another night does not delete the next few: nobody has confirmed that this is no fault.
        reconcile(member);
        assertThat(stored(member, gone)).isEqualTo(3);
        String run = scene.service().get(deletions(member)).path("run").asText();
        assertThat(run).isNotEqualTo(held.path("run").asText());

        assertThat(scene.service()
                        .post(deletions(member), Map.of("run", "all of them"))
                        .status())
                .isEqualTo(400);
        assertThat(scene.service()
                        .post(deletions(member), Map.of("run", held.path("run").asText()))
                        .status())
                .isEqualTo(404);
        assertThat(scene.service()
                        .post(deletions(UUID.randomUUID()), Map.of("run", run))
                        .status())
                .isEqualTo(404);
        assertThat(stored(member, gone)).isEqualTo(3);

        var confirmed = scene.service().post(deletions(member), Map.of("run", run));
        assertThat(confirmed.status()).isEqualTo(200);
        assertThat(Json.tree(confirmed.body()).path("deleted").asInt()).isEqualTo(3);
        assertThat(stored(member, gone)).isZero();
        assertThat(scene.service().audited(member)).contains("sync.deletions operator confirmed");
        assertThat(scene.service().post(deletions(member), Map.of("run", run)).status())
                .isEqualTo(404);
    }

    @Test
    void aRecordThatOnlyTheListingLacksIsKept() {
        UUID member = scene.connect(3);
        UUID old = scene.service().whoop().control().people().member(3).workouts().stream()
                .filter(workout -> workout.start().isBefore(Instant.now().minus(Duration.ofDays(40))))
                .findFirst()
                .orElseThrow()
                .id();
        // As if a record had slipped out of the listing: stored under a day of the window, and there when asked for by
        // name.
        scene.run("""
                INSERT INTO workout SELECT (jsonb_populate_record(w, jsonb_build_object('id', CAST(:id AS text),
                    'local_date', CAST(now() AS date) - 10, 'fetched_at', now() - INTERVAL '1 hour'))).*
                FROM workout w WHERE member_id = :member LIMIT 1""", member, old);

        reconcile(member);

        assertThat(scene.countOf(
                        "SELECT count(*) AS n FROM workout WHERE member_id = :member AND id = :id", member, old))
                .isEqualTo(1);
        assertThat(scene.count("SELECT count(*) AS n FROM sync_suspect WHERE member_id = :member", member))
                .isZero();
    }

    /** Lets the night come, and waits for its end. */
    private void reconcile(UUID member) {
        scene.run(
                "UPDATE sync_walk SET started_at = started_at - INTERVAL '2 days' WHERE member_id = :member AND kind = 'reconcile'",
                member);
        scene.run("UPDATE link SET since = since - INTERVAL '2 days' WHERE member_id = :member", member);
        Instant before = Instant.now();
        await().atMost(SOON).until(() -> {
            scene.runJob("reconciliation");
            return scene.service()
                    .database()
                    .first(
                            Sql.named(
                                    "test-reconciled",
                                    "SELECT done_at FROM sync_walk WHERE member_id = :member AND kind = 'reconcile' AND done_at IS NOT NULL AND done_at > :before"),
                            Params.of("member", member, "before", before),
                            row -> row.instant("done_at"))
                    .isPresent();
        });
        scene.run("UPDATE link SET since = now() WHERE member_id = :member", member);
    }

    /** Main sleeps of the last four weeks that nothing is going to change any more, newest first. */
    private static List<Sleep> settledNights(Member member) {
        return member.sleeps().stream()
                .filter(sleep -> !sleep.span().nap())
                .filter(sleep -> sleep.span().end().isBefore(Instant.now().minus(Duration.ofDays(4))))
                .filter(sleep -> sleep.span().start().isAfter(Instant.now().minus(Duration.ofDays(26))))
                .toList();
    }

    private double counter(String outcome) {
        return scene.service()
                .registry()
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
        return scene.countOf("SELECT count(*) AS n FROM sleep WHERE member_id = :member AND id = :id", member, id);
    }
}
