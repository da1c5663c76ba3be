package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.outbound.OutboundRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What those who run Vitals see of all members together. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminRoutesTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String BASE = "/internal/v1/admin";
    private static final List<String> TYPES = List.of("sleep", "cycle", "recovery", "workout");

    private RunningService service;
    private UUID member;
    private UUID gone;

    @BeforeAll
    void start() {
        service = RunningService.start();
        member = service.connect(1);
        gone = service.connect(2);
        await().atMost(SOON)
                .until(() -> Rows.fetched(service, member)
                        && service.link(member).path("sync").path("days_done").asInt() == 30);
        assertThat(service.call(OutboundRequest.delete("test", "/internal/v1/links/" + gone))
                        .status())
                .isEqualTo(200);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void linksAreCountedByTheirState() {
        JsonNode states = service.get(BASE + "/links/counts").path("states");
        assertThat(states.path("active").asInt() + states.path("refreshing").asInt())
                .isEqualTo(1);
        assertThat(states.path("revoked").asInt()).isEqualTo(1);
        assertThat(states.path("reauth_required").isIntegralNumber()).isTrue();
    }

    @Test
    void linksOfAStateComeByPages() {
        for (int i = 0; i < 5; i++) {
            service.database()
                    .execute(
                            Sql.named(
                                    "test-link",
                                    "INSERT INTO link (member_id, whoop_user_id, state, reason, since, scopes)"
                                            + " VALUES (gen_random_uuid(), :user, 'reauth_required', 'refused', now(), '')"),
                            Params.of("user", 900_000L + i));
        }
        Set<String> seen = new HashSet<>();
        String after = "";
        do {
            JsonNode page = service.get(BASE + "/links", "state", "reauth_required", "limit", "2", "cursor", after);
            page.path("links").forEach(link -> {
                assertThat(link.path("reason").asText()).isEqualTo("refused");
                assertThat(link.has("whoop_user_id")).isFalse();
                assertThat(seen.add(link.path("member").asText())).isTrue();
            });
            after = page.path("next").asText("");
        } while (!after.isEmpty() && !after.equals("null"));
        assertThat(seen).hasSize(5);
    }

    @Test
    void theDaysOfAllAddUpToTheDaysOfEach() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String from = today.minusDays(40).toString();
        JsonNode all = service.get(BASE + "/coverage", "from", from, "to", today.toString());
        JsonNode own = service.get("/internal/v1/coverage/" + member, "from", from, "to", today.toString())
                .path("days");
        assertThat(all.path("members").asInt()).isEqualTo(1);
        assertThat(all.path("asked").asInt()).isEqualTo(1);
        assertThat(all.path("days").size()).isEqualTo(41);
        for (int i = 0; i < own.size(); i++) {
            JsonNode day = all.path("days").get(i);
            assertThat(day.path("date")).isEqualTo(own.get(i).path("date"));
            for (String type : TYPES) {
                JsonNode states = day.path("types").path(type);
                long sum = 0;
                for (JsonNode count : states) {
                    sum += count.asLong();
                }
                assertThat(sum).as("each member is in one state").isEqualTo(1);
                assertThat(states.path(own.get(i).path(type).asText()).asLong())
                        .as("%s of %s", type, day.path("date"))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void theQuotaTellsUseAndAllowanceOfEachLane() {
        JsonNode quota = service.get(BASE + "/quota");
        assertThat(quota.at("/minute/limit").asInt()).isEqualTo(5_000);
        assertThat(quota.at("/day/limit").asInt()).isEqualTo(1_000_000);
        assertThat(quota.at("/day/used").asInt()).isPositive();
        assertThat(quota.path("lanes").findValuesAsText("lane"))
                .containsExactly("webhook", "member", "poll", "backfill");
        int byLane = 0;
        int before = Integer.MAX_VALUE;
        for (JsonNode lane : quota.path("lanes")) {
            byLane += lane.path("day_used").asInt();
            assertThat(lane.path("day_allowance").asInt()).isLessThan(before);
            before = lane.path("day_allowance").asInt();
        }
        assertThat(byLane + quota.at("/day/elsewhere").asInt())
                .isEqualTo(quota.at("/day/used").asInt());
        assertThat(quota.path("members").asInt()).isEqualTo(1);
        assertThat(quota.path("capacity").asInt()).isPositive();
        assertThat(quota.path("blocked_until").isNull()).isTrue();
    }

    @Test
    void theAuditLogTellsHowItStands() {
        JsonNode audit = service.get(BASE + "/audit");
        assertThat(audit.path("shards").asInt()).isEqualTo(64);
        assertThat(audit.path("shards_used").asInt()).isBetween(1, 64);
        assertThat(audit.path("written").asLong()).isPositive();
        assertThat(audit.path("state").asText()).isIn("sound", "unknown");
        // This one was given nowhere to write them.
        assertThat(audit.path("checkpoints").asBoolean()).isFalse();
        assertThat(audit.path("checkpointed_at").isNull()).isTrue();
    }

    @Test
    void aReplayIsWrittenDownWithWhoAskedForIt() throws Exception {
        service.database()
                .execute(
                        Sql.named(
                                "test-dead",
                                "INSERT INTO webhook_inbox (trace_id, whoop_user_id, object_id, type, sent_at, received_at, state,"
                                        + " due_at, finished_at) VALUES ('named-1', 1, gen_random_uuid(), 'sleep.updated', now(), now(),"
                                        + " 'dead', now(), now())"),
                        Params.none());
        String operator = UUID.randomUUID().toString();
        var replayed = service.post(
                "/internal/v1/webhooks/replay", java.util.Map.of("trace_id", "named-1", "operator", operator));
        assertThat(new String(replayed.body(), StandardCharsets.UTF_8)).contains("\"events\":1");
        try (var connection = service.sandbox().connectAsOwner();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT actor_id FROM audit_event WHERE action = 'webhook.replay' AND object = 'named-1'")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo(operator);
        }
        assertThat(service.post(
                                "/internal/v1/webhooks/replay",
                                java.util.Map.of("trace_id", "named-1", "operator", "somebody"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThat(status("/links", "state", "none")).isEqualTo(400);
        assertThat(status("/links")).isEqualTo(400);
        assertThat(status("/links", "state", "active", "limit", "201")).isEqualTo(400);
        assertThat(status("/links", "state", "active", "cursor", "x")).isEqualTo(400);
        assertThat(status("/coverage", "from", "2026-01-01", "to", "2026-03-31"))
                .as("90 days")
                .isEqualTo(200);
        assertThat(status("/coverage", "from", "2026-01-01", "to", "2026-04-01"))
                .as("91 days")
                .isEqualTo(400);
    }

    private int status(String path, String... query) {
        OutboundRequest request = OutboundRequest.get("test", BASE + path);
        for (int i = 0; i < query.length; i += 2) {
            request = request.query(query[i], query[i + 1]);
        }
        return service.call(request).status();
    }
}
