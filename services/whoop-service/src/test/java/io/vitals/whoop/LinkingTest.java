package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinkingTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private RunningService service;

    @BeforeAll
    void start() {
        service = RunningService.start();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void aMemberConnectsAndThirtyDaysAppear() {
        UUID member = service.connect(1);

        await().atMost(SOON).untilAsserted(() -> {
            JsonNode link = service.link(member);
            assertThat(link.path("state").asText()).isEqualTo("active");
            assertThat(link.path("sync").path("state").asText()).isEqualTo("current");
            assertThat(link.path("sync").path("days_done").asInt()).isEqualTo(30);
        });

        // The collections are in; the body measurement is no collection and may come a moment later.
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode days = StoredDays.of(service, member);
            assertThat(days.size()).isGreaterThanOrEqualTo(29);
            assertThat(days).anySatisfy(day -> {
                assertThat(day.path("recovery").path("recovery_score").isNumber())
                        .isTrue();
                assertThat(day.path("cycle").path("strain").isNumber()).isTrue();
                assertThat(day.path("sleeps").size()).isPositive();
                assertThat(day.path("version").asLong()).isPositive();
                assertThat(day.path("body").path("weight_kilogram").isNumber()).isTrue();
            });
        });
        assertThat(service.link(member).path("whoop_user_id_masked").asText()).startsWith("…");
    }

    @Test
    void everyRecordOfTheLastMonthIsFetchedThoughItTakesSeveralPages() {
        UUID member = service.connect(2);
        awaitCurrent(member);

        var simulated = service.whoop().control().people().member(2);
        long sleeps = simulated.sleeps().stream()
                .filter(sleep -> !sleep.span().start().isBefore(askedFrom("sleep", member)))
                .count();

        assertThat(sleeps).isGreaterThan(25);
        assertThat(count("sleep", member)).isEqualTo(sleeps);
        assertThat(count("cycle", member))
                .isEqualTo(simulated.cycles().stream()
                        .filter(cycle -> !cycle.start().isBefore(askedFrom("cycle", member)))
                        .count());
        assertThat(count("workout", member))
                .isEqualTo(simulated.workouts().stream()
                        .filter(workout -> !workout.start().isBefore(askedFrom("workout", member)))
                        .count());
    }

    /** Where the first walk began: 30 days before it was opened, to the millisecond. */
    private Instant askedFrom(String type, UUID member) {
        return service.database()
                .first(
                        Sql.named(
                                "test-window",
                                "SELECT window_from FROM sync_run WHERE member_id = :member AND type = :type AND trigger = 'backfill'"),
                        Params.of("member", member, "type", type),
                        row -> row.instant("window_from"))
                .orElseThrow();
    }

    @Test
    void aCallbackCountsOnce() {
        UUID member = UUID.randomUUID();
        URI sentBack = service.whoop().approve(service.authorizationUrl(member), 3);

        assertThat(service.callback(member, sentBack, RunningService.BINDING).status())
                .isEqualTo(200);
        assertProblem(service.callback(member, sentBack, RunningService.BINDING), 400, "link-state-invalid");
    }

    @Test
    void aCallbackOfAnotherSessionOrMemberIsRefusedAndDoesNotUseTheStateUp() {
        UUID member = UUID.randomUUID();
        URI sentBack = service.whoop().approve(service.authorizationUrl(member), 4);
        String foreign = "A".repeat(43);

        assertProblem(service.callback(member, sentBack, foreign), 400, "link-state-invalid");
        assertProblem(service.callback(UUID.randomUUID(), sentBack, RunningService.BINDING), 400, "link-state-invalid");
        assertThat(service.callback(member, sentBack, RunningService.BINDING).status())
                .isEqualTo(200);
    }

    @Test
    void aMemberWhoDeniesIsNotLinked() {
        UUID member = UUID.randomUUID();
        URI sentBack = service.whoop().deny(service.authorizationUrl(member));

        assertProblem(service.callback(member, sentBack, RunningService.BINDING), 403, "link-denied");
        assertThat(service.link(member).path("state").asText()).isEqualTo("none");
    }

    @Test
    void aWhoopAccountFeedsOneMemberOnly() {
        service.connect(5);
        UUID other = UUID.randomUUID();
        URI sentBack = service.whoop().approve(service.authorizationUrl(other), 5);

        assertProblem(service.callback(other, sentBack, RunningService.BINDING), 409, "whoop-account-linked-elsewhere");
    }

    @Test
    void disconnectingRevokesAtWhoopDestroysTheTokensAndFreesTheAccount() {
        UUID member = service.connect(6);
        awaitCurrent(member);

        OutboundResponse ended = service.call(OutboundRequest.delete("test", "/internal/v1/links/" + member));

        assertThat(ended.status()).isEqualTo(200);
        assertThat(Json.tree(ended.body()).path("state").asText()).isEqualTo("revoked");
        assertThat(Json.tree(ended.body()).path("sync").path("state").asText()).isEqualTo("idle");
        assertThat(service.whoop().control().linked(6)).isFalse();
        assertThat(Rows.count(
                        service.database(),
                        "SELECT count(*) AS n FROM link WHERE member_id = :member AND (access_token IS NOT NULL OR refresh_token IS NOT NULL)",
                        member))
                .isZero();
        assertThat(service.connect(6)).isNotEqualTo(member);
    }

    @Test
    void anExpiredTokenIsRefreshedOnceAndTheCallRepeated() {
        UUID member = service.connect(7);
        // What is still under way would not be asked for again.
        awaitCurrent(member);
        service.whoop().control().expireAccessTokens();

        assertThat(service.post("/internal/v1/sync/" + member, java.util.Map.of())
                        .status())
                .isEqualTo(202);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Rows.count(
                                service.database(),
                                "SELECT count(*) AS n FROM sync_run WHERE member_id = :member AND trigger = 'member' AND outcome = 'success'",
                                member))
                        .isGreaterThanOrEqualTo(6));
        assertThat(service.link(member).path("state").asText()).isEqualTo("active");
        assertThat(Rows.count(service.database(), "SELECT generation AS n FROM link WHERE member_id = :member", member))
                .isEqualTo(2);
    }

    private void awaitCurrent(UUID member) {
        await().atMost(SOON).until(() -> Rows.settled(service, member));
    }

    private long count(String table, UUID member) {
        return Rows.count(
                service.database(), "SELECT count(*) AS n FROM " + table + " WHERE member_id = :member", member);
    }

    private static void assertProblem(OutboundResponse response, int status, String slug) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(Json.tree(response.body()).path("type").asText()).isEqualTo("urn:vitals:problem:" + slug);
    }
}
