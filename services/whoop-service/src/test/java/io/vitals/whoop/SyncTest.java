package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SyncTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private RunningService service;

    @BeforeEach
    void start() {
        service = RunningService.start();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void aBackfillThatWasInterruptedGoesOnWhereItStood() {
        // The second page of the sleeps does not come until after the restart.
        UUID member = UUID.randomUUID();
        var sentBack = service.whoop().approve(service.authorizationUrl(member), 1);
        service.whoop()
                .control()
                .failFor(
                        Set.of(WhoopEndpoint.RECOVERY, WhoopEndpoint.WORKOUT),
                        Duration.ofMinutes(5),
                        new WhoopFault.Refuse(503));
        assertThat(service.callback(member, sentBack, RunningService.BINDING).status())
                .isEqualTo(200);
        await().atMost(SOON).until(() -> complete(member, "sleep") && complete(member, "cycle"));
        long sleepPages = pages(member, "sleep");

        service.restart();
        assertThat(service.link(member).path("sync").path("state").asText()).isIn("backfilling", "failed");
        assertThat(complete(member, "recovery")).isFalse();
        service.whoop().control().clearFaults();

        await().atMost(SOON)
                .until(() -> service.link(member).path("sync").path("days_done").asInt() == 30);
        assertThat(complete(member, "recovery") && complete(member, "workout")).isTrue();
        assertThat(pages(member, "sleep")).isEqualTo(sleepPages);
    }

    @Test
    void aPageIsFetchedFromItsCheckpointByWhoeverComesNext() {
        UUID member = service.connect(2);
        await().atMost(SOON).until(() -> complete(member, "sleep"));
        long stored = count("SELECT count(*) AS n FROM sleep WHERE member_id = :member", member);
        // As a killed worker leaves it: the second page of a window is next, the claim has run out.
        long before = pages(member, "sleep");
        var sleeps = service.database();
        sleeps.execute(Sql.named("test-interrupt", """
                        UPDATE sync_cursor SET complete_to = NULL, window_from = r.window_from, window_to = r.window_to, run_id = r.id, pages = 0,
                            next_token = NULL, claim_id = gen_random_uuid(), claim_until = now() + INTERVAL '1 second', due_at = now()
                        FROM sync_run r WHERE r.member_id = sync_cursor.member_id AND r.type = 'sleep' AND sync_cursor.type = 'sleep'
                          AND r.member_id = :member AND r.trigger = 'backfill'"""), Params.of("member", member));

        await().atMost(SOON).until(() -> complete(member, "sleep"));
        assertThat(pages(member, "sleep")).isEqualTo(before * 2);
        assertThat(count("SELECT count(*) AS n FROM sleep WHERE member_id = :member", member))
                .isEqualTo(stored);
        assertThat(count(
                        "SELECT CAST(unchanged AS bigint) AS n FROM sync_run WHERE member_id = :member AND type = 'sleep' AND trigger = 'backfill'",
                        member))
                .isEqualTo(stored);
    }

    @Test
    void aRefusalForWantOfQuotaReschedulesTheWorkWithoutCountingAsAFailure() {
        UUID member = service.connect(3);
        await().atMost(SOON).until(() -> complete(member, "workout") && complete(member, "recovery"));
        service.whoop().control().failNext(Set.of(WhoopEndpoint.CYCLE), 1, new WhoopFault.Refuse(429));

        JsonNode refused = awaited(member);
        assertThat(refused.path("state").asText()).isEqualTo("deferred");
        assertThat(refused.path("reason").asText()).isIn("rate_limited", "quota");

        await().atMost(SOON)
                .until(() -> count(
                                "SELECT count(*) AS n FROM sync_cursor WHERE member_id = :member AND due_at > now() AND last_error IN ('rate_limited', 'quota')",
                                member)
                        >= 1);
        assertThat(count("SELECT max(attempts) AS n FROM sync_cursor WHERE member_id = :member", member))
                .isZero();
        // The time that WHOOP named has passed.
        service.whoop().control().resetFigures();
        service.database().execute(Sql.named("test-unblock", "UPDATE quota SET blocked_until = NULL"), Params.none());
        service.database().execute(Sql.named("test-due", "UPDATE sync_cursor SET due_at = now()"), Params.none());
        await().atMost(SOON)
                .until(() -> count(
                                "SELECT count(*) AS n FROM sync_cursor WHERE member_id = :member AND last_error IS NOT NULL",
                                member)
                        == 0);
    }

    @Test
    void whoAsksForASyncMayWaitForItsEnd() {
        UUID member = service.connect(6);
        await().atMost(SOON).until(() -> complete(member, "cycle") && complete(member, "workout"));

        assertThat(awaited(member).path("state").asText()).isEqualTo("current");
        assertThat(service.post("/internal/v1/sync/" + member, java.util.Map.of())
                        .status())
                .isEqualTo(202);
        assertThat(requested(member, "10001").status()).isEqualTo(400);
        assertThat(requested(UUID.randomUUID(), "1000").status()).isEqualTo(404);
    }

    private JsonNode awaited(UUID member) {
        OutboundResponse answer = requested(member, "10000");
        assertThat(answer.status()).isEqualTo(200);
        return Json.tree(answer.body());
    }

    private OutboundResponse requested(UUID member, String millis) {
        try (OutboundClient caller = service.caller(SOON)) {
            return caller.send(
                    OutboundRequest.post("sync", "/internal/v1/sync/" + member).query("wait", millis));
        }
    }

    @Test
    void aPageThatIsNoPageFailsTheStepButNotTheWindow() {
        service.whoop().control().failNext(Set.of(WhoopEndpoint.SLEEP), 1, new WhoopFault.WrongShape());
        service.whoop().control().failNext(Set.of(WhoopEndpoint.CYCLE), 1, new WhoopFault.CutBody());
        service.whoop().control().failNext(Set.of(WhoopEndpoint.WORKOUT), 1, new WhoopFault.BrokenJson());
        UUID member = service.connect(4);

        await().atMost(SOON)
                .until(() -> service.link(member).path("sync").path("days_done").asInt() == 30);
    }

    @Test
    void theRunningCycleIsSeenToEndThoughNoWebhookTellsIt() {
        UUID member = service.connect(5);
        await().atMost(SOON).until(() -> complete(member, "cycle"));
        long next = service.whoop().control().finishCycle(5).id();

        service.post("/internal/v1/sync/" + member, java.util.Map.of());

        await().atMost(SOON)
                .until(() -> count(
                                "SELECT max(id) AS n FROM cycle WHERE member_id = :member AND end_at IS NULL HAVING count(*) = 1 UNION ALL SELECT 0 LIMIT 1",
                                member)
                        == next);
    }

    private boolean complete(UUID member, String type) {
        return count(
                        "SELECT count(*) AS n FROM sync_cursor WHERE member_id = :member AND complete_to IS NOT NULL AND type = '"
                                + type + "'",
                        member)
                == 1;
    }

    private long pages(UUID member, String type) {
        return count(
                "SELECT coalesce(sum(pages), 0) AS n FROM sync_run WHERE member_id = :member AND trigger = 'backfill' AND type = '"
                        + type + "'",
                member);
    }

    private long count(String query, UUID member) {
        return Rows.count(service.database(), query, member);
    }
}
