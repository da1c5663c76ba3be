package io.vitals.health.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.health.whoop.WhoopAdmin;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** What admins see of all members, and what each look leaves behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminViewTest {
    private static final String BASE = "/api/v1/admin";
    private static final String REPLAY = BASE + "/dead-letters/replay";
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private Door door;
    private Browser ada;
    private UUID admin;
    private UUID mira;

    @BeforeAll
    void open() {
        door = Door.open();
        ada = door.browser();
        ada.signIn("ada");
        admin = UUID.fromString(json(ada.get("/api/v1/me")).path("member").asText());
        Browser member = door.browser();
        member.signIn("mira");
        mira = UUID.fromString(json(member.get("/api/v1/me")).path("member").asText());
    }

    @BeforeEach
    void clean() {
        door.whoop().reset();
        door.database().clear(List.of("sahha_inbox", "sahha_profile"));
    }

    @AfterAll
    void close() {
        door.close();
    }

    @Test
    void membersAreCountedByTheStateOfEachSource() {
        door.whoop().link(link(mira, "reauth_required"));
        profile(mira);
        JsonNode counts = json(ada.get(BASE + "/links"));
        int members = counts.path("members").asInt();
        assertThat(members).isGreaterThanOrEqualTo(2);
        assertThat(counts.at("/whoop/reauth_required").asInt()).isEqualTo(1);
        assertThat(counts.at("/whoop/none").asInt()).isEqualTo(members - 1);
        assertThat(counts.at("/sahha/failing").asInt()).isEqualTo(1);
        assertThat(counts.at("/sahha/none").asInt()).isEqualTo(members - 1);
    }

    @Test
    void membersOfAStateComeByPagesWithBothSources() {
        UUID other = new UUID(0x7000L, 1);
        door.whoop().link(link(mira, "active"));
        door.whoop().link(link(other, "active"));
        profile(mira);
        JsonNode first = json(ada.get(BASE + "/members?state=active&limit=1"));
        JsonNode second = json(ada.get(BASE + "/members?state=active&limit=1&cursor="
                + first.path("next_cursor").asText()));
        List<JsonNode> all = List.of(first.at("/members/0"), second.at("/members/0"));
        assertThat(all)
                .extracting(member -> member.path("member").asText())
                .containsExactlyInAnyOrder(mira.toString(), other.toString());
        assertThat(all)
                .extracting(member -> member.path("sahha").asText())
                .containsExactlyInAnyOrder("failing", "none");
        assertThat(json(ada.get(BASE + "/members?state=none")).findValuesAsText("member"))
                .contains(admin.toString());
    }

    @Test
    void coverageIsToldForAllAndForOne() throws Exception {
        JsonNode all = json(ada.get(BASE + "/coverage?days=90"));
        assertThat(all.path("days").size()).isEqualTo(90);
        long before = newest();
        JsonNode one = json(ada.get(BASE + "/members/" + mira + "/coverage"));
        assertThat(one.at("/days/0/sleep").asText()).isEqualTo("present");
        assertThat(since(before))
                .containsExactly("admin " + admin + " " + mira + " admin.member_coverage operations success");
        assertThat(ada.get(BASE + "/members/" + UUID.randomUUID() + "/coverage").statusCode())
                .isEqualTo(404);
        assertThat(ada.get(BASE + "/members/x/coverage").statusCode()).isEqualTo(404);
    }

    @Test
    void deadLettersOfSahhaAreListedWithoutWhatTheySayAndReplayed() throws Exception {
        long first = dead(NOON);
        long second = dead(NOON.plusSeconds(60));
        dead(NOON.plusSeconds(3600));
        HttpResponse<String> page = ada.get(BASE + "/dead-letters?source=sahha&limit=2");
        assertThat(page.body()).doesNotContain("canary").doesNotContain(mira.toString());
        assertThat(json(page).path("letters"))
                .extracting(letter -> letter.path("id").asText())
                .containsExactly(Long.toString(first), Long.toString(second));
        assertThat(json(page).at("/letters/0/reason").asText()).isEqualTo("unreadable");
        String cursor = json(page).path("next_cursor").asText();
        assertThat(json(ada.get(BASE + "/dead-letters?source=sahha&limit=2&cursor=" + cursor))
                        .path("letters"))
                .hasSize(1);

        String range = "\"from\":\"2026-11-22T12:00:30Z\",\"to\":\"2026-11-22T12:10:00Z\"";
        assertThat(replay("{\"source\":\"sahha\"," + range + ",\"dry_run\":true}"))
                .isEqualTo(1);
        assertThat(states()).containsExactly("dead", "dead", "dead");
        long before = newest();
        assertThat(replay("{\"source\":\"sahha\"," + range + "}")).isEqualTo(1);
        assertThat(states()).containsExactly("dead", "new", "dead");
        assertThat(since(before))
                .containsExactly(
                        "admin " + admin
                                + " admin.replay operations asked 2026-11-22T12:00:30Z..2026-11-22T12:10:00Z sahha",
                        "admin " + admin + " admin.replay operations success");
        assertThat(replay("{\"source\":\"sahha\",\"id\":\"" + first + "\"}")).isEqualTo(1);
        assertThat(replay("{\"source\":\"sahha\",\"id\":\"" + first + "\"}"))
                .as("it is in the queue already")
                .isZero();
    }

    @Test
    void deadLettersOfWhoopAreReplayedInTheNameOfTheAdmin() {
        door.whoop().dead("trace-1", NOON);
        JsonNode page = json(ada.get(BASE + "/dead-letters"));
        assertThat(page.at("/letters/0/id").asText()).isEqualTo("trace-1");
        assertThat(replay("{\"source\":\"whoop\",\"id\":\"trace-1\"}")).isEqualTo(1);
        assertThat(door.whoop().replays()).containsExactly(new WhoopAdmin.Replay("trace-1", null, null, false, admin));
    }

    @Test
    void aReplayThatCannotBeWrittenDownDoesNotHappen() {
        long letter = dead(NOON);
        door.database().asOwner("REVOKE INSERT ON audit_event FROM health_app");
        try {
            assertThat(ada.page("POST", REPLAY, "{\"source\":\"sahha\",\"id\":\"" + letter + "\"}")
                            .statusCode())
                    .isEqualTo(503);
            assertThat(ada.get(BASE + "/links").statusCode()).isEqualTo(503);
        } finally {
            door.database()
                    .asOwner("GRANT INSERT (at, action, actor, actor_id, member_id, purpose, object, outcome, reason)"
                            + " ON audit_event TO health_app");
        }
        assertThat(states()).containsExactly("dead");
    }

    @Test
    void quotaAndAuditAreToldAndOneServiceForItself() {
        JsonNode quota = json(ada.get(BASE + "/quota"));
        assertThat(quota.at("/day/used").asInt()).isEqualTo(900);
        assertThat(quota.at("/lanes/0/lane").asText()).isEqualTo("webhook");
        assertThat(json(ada.get(BASE + "/audit"))
                        .at("/services/1/log/shards_used")
                        .asInt())
                .isEqualTo(3);
        door.whoop().down(true);
        JsonNode audit = json(ada.get(BASE + "/audit"));
        assertThat(audit.at("/services/0/log/shards").asInt()).isEqualTo(64);
        assertThat(audit.at("/services/0/log/written").asLong()).isPositive();
        assertThat(audit.at("/services/1/log").isNull()).isTrue();
        for (String path : List.of("/links", "/members?state=active", "/coverage", "/dead-letters", "/quota")) {
            assertThat(ada.get(BASE + path).statusCode()).as(path).isEqualTo(503);
        }
    }

    @Test
    void auditorsSeeTheAuditPartOnlyAndMembersNothing() throws Exception {
        String[] auditor = {"Authorization", "Bearer " + door.token(Account.OTTO)};
        String[] member = {"Authorization", "Bearer " + door.token(Account.MIRA)};
        assertThat(door.browser().get(BASE + "/audit", auditor).statusCode()).isEqualTo(200);
        for (String path : List.of("/links", "/members?state=active", "/coverage", "/dead-letters", "/quota")) {
            assertThat(door.browser().get(BASE + path, auditor).statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
        long before = newest();
        assertThat(door.browser().get(BASE + "/audit", member).statusCode()).isEqualTo(403);
        assertThat(since(before)).containsExactly("member " + mira + " admin.audit operations refused forbidden");
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        for (String path : List.of(
                "/members",
                "/members?state=lost",
                "/members?state=active&cursor=x",
                "/coverage?days=0",
                "/coverage?days=91",
                "/dead-letters?source=fitbit",
                "/dead-letters?cursor=-1",
                "/dead-letters?limit=201")) {
            assertThat(ada.get(BASE + path).statusCode()).as(path).isEqualTo(400);
        }
        for (String body : List.of(
                "{}",
                "{\"source\":\"whoop\"}",
                "{\"source\":\"sahha\",\"id\":\"x\"}",
                "{\"source\":\"whoop\",\"id\":\"a b\"}",
                "{\"source\":\"whoop\",\"id\":\"a\",\"from\":\"2026-11-22T12:00:00Z\"}",
                "{\"source\":\"whoop\",\"from\":\"2026-11-22T12:00:00Z\"}",
                "{\"source\":\"whoop\",\"from\":\"2026-11-22\",\"to\":\"2026-11-23\"}",
                "{\"source\":\"whoop\",\"from\":\"2026-11-23T12:00:00Z\",\"to\":\"2026-11-22T12:00:00Z\"}")) {
            assertThat(ada.page("POST", REPLAY, body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(door.whoop().replays()).isEmpty();
    }

    private static WhoopAdmin.Link link(UUID member, String state) {
        return new WhoopAdmin.Link(member, state, null, NOON, null, null);
    }

    private void profile(UUID member) {
        door.database()
                .database()
                .execute(
                        Sql.named(
                                "test-profile",
                                "INSERT INTO sahha_profile (member, state, consented_at, due_at) VALUES (:member, 'failing', now(), now())"),
                        Params.of("member", member));
    }

    private long dead(Instant receivedAt) {
        return door.database()
                .database()
                .first(
                        Sql.named("test-dead", """
                        INSERT INTO sahha_inbox (dedupe_key, event_type, member, body, received_at, state, attempts, outcome, due_at)
                        VALUES (sha256(CAST(CAST(:at AS text) AS bytea)), 'ScoreCreatedIntegrationEvent', :member,
                                CAST('canary' AS bytea), :at, 'dead', 5, 'unreadable', :at)
                        RETURNING id
                        """),
                        Params.of("at", receivedAt, "member", mira),
                        row -> row.longValue("id"))
                .orElseThrow();
    }

    private List<String> states() {
        return door.database()
                .database()
                .list(
                        Sql.named("test-states", "SELECT state FROM sahha_inbox ORDER BY id"),
                        Params.none(),
                        row -> row.string("state"));
    }

    private int replay(String body) {
        HttpResponse<String> answer = ada.page("POST", REPLAY, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).path("events").asInt();
    }

    private long newest() {
        return Long.parseLong(door.database()
                .seenByOwner("SELECT coalesce(max(id), 0) FROM audit_event")
                .getFirst());
    }

    private List<String> since(long id) {
        return door.database()
                .seenByOwner(
                        "SELECT concat_ws(' ', actor, actor_id, member_id, action, purpose, outcome, object, reason)"
                                + " FROM audit_event WHERE id > " + id + " ORDER BY id");
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.body()).isNotEmpty();
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    }
}
