package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Days that were missed, and how they are filled. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GapsTest {
    private static final Duration SOON = SyncScene.SOON;

    private SyncScene scene;

    @BeforeAll
    void start() {
        scene = new SyncScene();
        scene.awaitRest("gaps");
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @AfterEach
    void endFaults() {
        scene.service().whoop().control().clearFaults();
        scene.awaitRest("gaps");
    }

    @Test
    void missingAndFailedDaysAreFilledAndSaidSoMeanwhile() {
        UUID member = scene.connect(4);
        scene.run(
                "DELETE FROM coverage WHERE member_id = :member AND type = 'sleep' AND day BETWEEN " + scene.ago(12)
                        + " AND " + scene.ago(10),
                member);
        scene.run(
                "DELETE FROM sleep WHERE member_id = :member AND local_date BETWEEN " + scene.ago(12) + " AND "
                        + scene.ago(10),
                member);
        scene.run(
                "UPDATE coverage SET state = 'failed', reason = 'status_503', checked_at = now() - INTERVAL '2 hours' WHERE member_id = :member AND type = 'workout' AND day = "
                        + scene.ago(20),
                member);
        scene.run("DELETE FROM workout WHERE member_id = :member AND local_date = " + scene.ago(20), member);
        JsonNode before = scene.coverage(member);
        assertThat(before)
                .anySatisfy(day -> assertThat(day.path("sleep").asText()).isEqualTo("missing"));
        assertThat(before).anySatisfy(day -> {
            assertThat(day.path("workout").asText()).isEqualTo("failed");
            assertThat(day.path("reasons").path("workout").asText()).isEqualTo("status_503");
        });

        scene.runJob("gaps");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(scene.coverage(member)).allSatisfy(day -> {
                    assertThat(day.path("sleep").asText()).isIn("present", "empty", "pending");
                    assertThat(day.path("workout").asText()).isIn("present", "empty", "pending");
                    assertThat(day.path("reasons")).isEmpty();
                }));
        assertThat(scene.count(
                        "SELECT count(*) AS n FROM sync_run WHERE member_id = :member AND trigger = 'gap' AND outcome = 'success'",
                        member))
                .isGreaterThanOrEqualTo(2);
        assertThat(scene.count(
                        "SELECT sum(inserted) AS n FROM sync_run WHERE member_id = :member AND trigger = 'gap' AND type = 'sleep'",
                        member))
                .isPositive();
    }

    @Test
    void whoComesBackWithTheSameAccountGetsTheGapAndWithAnotherAll() {
        UUID member = scene.connect(5);
        scene.run(
                "UPDATE sync_cursor SET complete_to = complete_to - INTERVAL '10 days' WHERE member_id = :member",
                member);
        scene.run("DELETE FROM sleep WHERE member_id = :member AND local_date > " + scene.ago(9), member);
        scene.run("DELETE FROM coverage WHERE member_id = :member AND day > " + scene.ago(9), member);
        long kept = scene.count("SELECT count(*) AS n FROM sleep WHERE member_id = :member", member);
        disconnect(member);
        assertThat(scene.service().post("/internal/v1/sync/" + member, Map.of()).status())
                .isEqualTo(404);

        scene.service().connect(member, 5);
        await().atMost(SOON).until(() -> scene.current(member));
        assertThat(scene.count("SELECT count(*) AS n FROM sleep WHERE member_id = :member", member))
                .isGreaterThan(kept + 5);
        assertThat(latestWindowDays(member)).isBetween(12L, 14L);
        assertThat(scene.coverage(member))
                .allSatisfy(day -> assertThat(day.path("sleep").asText()).isNotEqualTo("missing"));

        disconnect(member);
        scene.service().connect(member, 6);
        await().atMost(SOON).until(() -> scene.current(member));
        assertThat(latestWindowDays(member)).isBetween(29L, 31L);
    }

    @Test
    void aDayThatCannotBeFetchedIsSaidToHaveFailedAndIsTriedAgain() {
        UUID member = scene.connect(7);
        scene.run(
                "DELETE FROM coverage WHERE member_id = :member AND type = 'recovery' AND day = " + scene.ago(15),
                member);
        scene.service()
                .whoop()
                .control()
                // This one collection: while WHOOP as a whole fails, its breaker opens and nothing is charged.
                .failFor(Set.of(WhoopEndpoint.RECOVERY), Duration.ofHours(1), new WhoopFault.Refuse(403));
        scene.run("DELETE FROM recovery WHERE member_id = :member AND local_date = " + scene.ago(15), member);
        scene.runJob("gaps");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(scene.coverage(member)).anySatisfy(day -> {
                    assertThat(day.path("recovery").asText()).isEqualTo("failed");
                    assertThat(day.path("reasons").path("recovery").asText()).isNotEmpty();
                }));
        assertThat(scene.count(
                        "SELECT count(*) AS n FROM sync_run WHERE member_id = :member AND trigger = 'gap' AND outcome = 'error'",
                        member))
                .isEqualTo(1);

        scene.service().whoop().control().clearFaults();
        scene.run(
                "UPDATE coverage SET checked_at = now() - INTERVAL '2 hours' WHERE member_id = :member AND state = 'failed'",
                member);
        await().atMost(SOON).untilAsserted(() -> {
            scene.runJob("gaps");
            assertThat(scene.coverage(member))
                    .allSatisfy(day -> assertThat(day.path("recovery").asText()).isIn("present", "empty", "pending"));
        });
    }

    private void disconnect(UUID member) {
        assertThat(scene.service()
                        .call(OutboundRequest.delete("test", "/internal/v1/links/" + member))
                        .status())
                .isEqualTo(200);
    }

    private long latestWindowDays(UUID member) {
        return scene.count("""
                SELECT CAST(extract(day FROM window_to - window_from) AS bigint) AS n FROM sync_run
                WHERE member_id = :member AND type = 'sleep' AND trigger = 'backfill' ORDER BY id DESC LIMIT 1""", member);
    }
}
