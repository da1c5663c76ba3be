package io.vitals.health.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.access.Rule;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** Every read of health data leaves exactly one entry, and none is answered that cannot be written down. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadAuditTest {
    /** Routes below a member that answer without health data, and why that is so. */
    private static final Set<String> NO_HEALTH_DATA = Set.of(
            // State of the link and which days have data, not the data.
            "GET /api/v1/users/{user}/links/whoop",
            "GET /api/v1/users/{user}/consents",
            // Dates and versions of what changed; the data is then read by a route that is audited.
            "GET /api/v1/users/{user}/events",
            "GET /api/v1/users/{user}/accesses");

    private static final String DAYS = "/api/v1/users/me/days?from=2026-11-01&to=2026-11-02";

    private Door door;
    private Browser mira;
    private String member;

    @BeforeAll
    void open() {
        door = Door.open();
        mira = door.browser();
        mira.signIn("mira");
        member = json(mira.get("/api/v1/me")).path("member").asText();
    }

    @AfterAll
    void close() {
        door.close();
    }

    @Test
    void every_route_that_can_answer_health_data_is_audited() {
        List<String> unknown = Policy.TABLE.stream()
                .filter(rule -> rule.method().equals("GET") && rule.pattern().contains("{user}"))
                .map(Rule::route)
                .filter(route -> !Reads.ACTIONS.containsKey(route) && !NO_HEALTH_DATA.contains(route))
                .toList();
        assertThat(unknown)
                .as("say in Reads what a read is called, or here why it is none")
                .isEmpty();
    }

    @Test
    void each_read_leaves_one_entry_with_actor_subject_purpose_and_outcome() throws SQLException {
        assertRead(DAYS, 200, "days.read own_access success 2026-11-01..2026-11-02");
        assertRead(
                "/api/v1/users/" + member + "/days/2026-11-22", 404, "day.read own_access absent 2026-11-22 not-found");
        assertRead("/api/v1/users/me/overview?period=2026-11-22", 200, "overview.read own_access success 2026-11-22");
        assertRead("/api/v1/users/me/sources", 200, "sources.read own_access success");
        assertRead("/api/v1/users/me/export", 200, "export.read portability success");
        assertRead("/api/v1/users/me/days?from=tomorrow", 400, "days.read own_access refused invalid-input");
        String tag = mira.get(DAYS).headers().firstValue("ETag").orElseThrow();
        long before = newest();
        assertThat(mira.get(DAYS, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(since(before)).singleElement().asString().contains("days.read own_access not_modified");
    }

    private void assertRead(String path, int status, String entry) throws SQLException {
        long before = newest();
        assertThat(mira.get(path).statusCode()).as(path).isEqualTo(status);
        assertThat(since(before)).as(path).containsExactly("member " + member + " " + member + " " + entry);
    }

    @Test
    void a_program_is_named_by_its_key() throws SQLException {
        JsonNode made = json(mira.send(
                "POST",
                "/api/v1/api-keys",
                "{\"name\":\"Running log\",\"scopes\":[\"days:read\"]}",
                "Authorization",
                "Bearer " + door.token(Account.MIRA),
                "Content-Type",
                "application/json"));
        String id = made.at("/key/id").asText();
        String bearer = "Bearer " + made.path("value").asText();
        long before = newest();
        assertThat(door.browser().get(DAYS, "Authorization", bearer).statusCode())
                .isEqualTo(200);
        assertThat(door.browser()
                        .get("/api/v1/users/me/export", "Authorization", bearer)
                        .statusCode())
                .isEqualTo(403);
        assertThat(since(before))
                .containsExactly(
                        "key " + id + " " + member + " days.read own_access success 2026-11-01..2026-11-02",
                        "key " + id + " " + member + " export.read portability refused scope-missing");
    }

    @Test
    void a_refused_read_names_who_tried_and_whose_it_was() throws SQLException {
        Browser jonas = door.browser();
        jonas.signIn("jonas");
        String other = json(jonas.get("/api/v1/me")).path("member").asText();
        long before = newest();
        assertThat(jonas.get("/api/v1/users/" + member + "/days").statusCode()).isEqualTo(404);
        assertThat(since(before))
                .containsExactly("member " + other + " " + member + " days.read foreign_access refused not-found");
        before = newest();
        assertThat(door.browser().get("/api/v1/users/" + member + "/days").statusCode())
                .isEqualTo(401);
        assertThat(since(before)).as("nobody is nobody to write down").isEmpty();
    }

    @Test
    void a_read_that_cannot_be_written_down_is_not_answered() throws SQLException {
        assertThat(mira.get(DAYS).statusCode()).isEqualTo(200);
        owner("REVOKE INSERT ON audit_event FROM health_app");
        try {
            for (String path : List.of(DAYS, "/api/v1/users/me/export", "/api/v1/users/me/sources")) {
                HttpResponse<String> refused = mira.get(path);
                assertThat(refused.statusCode()).as(path).isEqualTo(503);
                assertThat(refused.headers().firstValue("ETag")).as(path).isEmpty();
                assertThat(json(refused).path("type").asText()).isEqualTo("urn:vitals:problem:unavailable");
            }
            assertThat(door.registry().counter("audit.failures").count()).isGreaterThanOrEqualTo(3);
            // Nobody comes in unseen either.
            assertThat(door.browser().signIn("jonas").statusCode()).isEqualTo(503);
        } finally {
            owner("GRANT INSERT (at, action, actor, actor_id, member_id, purpose, object, outcome, reason)"
                    + " ON audit_event TO health_app");
        }
        assertThat(mira.get(DAYS).statusCode()).isEqualTo(200);
    }

    @Test
    void sign_in_consent_link_and_sign_out_are_entries() throws SQLException {
        long before = newest();
        Browser ada = door.browser();
        ada.signIn("mira");
        ada.page("PUT", "/api/v1/users/me/consents", "{\"health_data\":false}");
        ada.page("PUT", "/api/v1/users/me/consents", "{\"health_data\":true}");
        ada.page("POST", "/api/v1/users/me/links/whoop", "");
        ada.get("/api/v1/links/whoop/callback?code=c&state=s");
        ada.page("DELETE", "/api/v1/users/me/links/whoop", "");
        ada.page("POST", "/auth/logout", "");
        assertThat(since(before))
                .extracting(entry -> entry.replace("member " + member + " " + member + " ", ""))
                .contains(
                        "session.started success",
                        "consent.granted health_data success 2026-11",
                        "link.started success",
                        "link.returned connected",
                        "link.ended success",
                        "session.ended success");
        assertThat(door.registry()
                        .counter("consent.changes", "outcome", "granted")
                        .count())
                .isPositive();
    }

    @Test
    void the_member_sees_who_read_their_data() {
        mira.get(DAYS);
        JsonNode first = json(mira.get("/api/v1/users/me/accesses?limit=1"));
        assertThat(first.path("entries").get(0).path("action").asText()).isEqualTo("days.read");
        assertThat(first.path("entries").get(0).path("actor_id").asText()).isEqualTo(member);
        JsonNode second = json(mira.get("/api/v1/users/me/accesses?limit=1&cursor="
                + first.path("next_cursor").asText()));
        assertThat(second.path("entries").get(0).path("id").asLong())
                .isLessThan(first.path("entries").get(0).path("id").asLong());
        assertThat(mira.get("/api/v1/users/me/accesses?cursor=x").statusCode()).isEqualTo(400);
    }

    @Test
    void auditors_filter_by_subject_actor_and_time_and_nobody_else_gets_in() throws Exception {
        String auditor = door.token(Account.OTTO);
        String[] bearer = {"Authorization", "Bearer " + auditor};
        Browser audrey = door.browser();
        mira.get(DAYS);
        door.chain().verify();
        JsonNode page = json(audrey.get("/api/v1/audit?subject=" + member + "&actor=" + member + "&limit=5", bearer));
        assertThat(page.path("entries"))
                .hasSizeBetween(1, 5)
                .allSatisfy(entry -> assertThat(entry.path("member").asText()).isEqualTo(member));
        assertThat(page.path("chain").path("state").asText()).isEqualTo("sound");
        String path = "/api/v1/audit?from=2200-01-01T00:00:00Z";
        assertThat(audrey.get(path, bearer).statusCode()).isEqualTo(400);
        assertThat(json(audrey.get("/api/v1/audit?from=2199-01-01T00:00:00Z", bearer))
                        .path("entries"))
                .isEmpty();
        JsonNode touched = json(audrey.get("/api/v1/audit/members?actor=" + member, bearer));
        assertThat(touched.path("members").findValuesAsText("member")).containsExactly(member);
        assertThat(json(audrey.get("/api/v1/audit?limit=2", bearer))
                        .path("entries")
                        .get(1)
                        .path("action")
                        .asText())
                .as("auditors are watched as well")
                .isEqualTo("audit.members");
        for (String wrong : List.of("subject=x", "actor=%20", "from=now", "cursor=0", "limit=201")) {
            assertThat(audrey.get("/api/v1/audit?" + wrong, bearer).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(mira.get("/api/v1/audit").statusCode()).isEqualTo(403);
        assertThat(mira.get("/api/v1/audit/members?actor=" + member).statusCode())
                .isEqualTo(403);
    }

    private long newest() throws SQLException {
        return Long.parseLong(
                owner("SELECT coalesce(max(id), 0) FROM audit_event").getFirst());
    }

    private List<String> since(long id) throws SQLException {
        return owner("SELECT concat_ws(' ', actor, actor_id, member_id, action, purpose, outcome, object, reason)"
                + " FROM audit_event WHERE id > " + id + " ORDER BY id");
    }

    private List<String> owner(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = door.database().connectAsOwner();
                Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                ResultSet found = statement.getResultSet();
                while (found.next()) {
                    rows.add(found.getString(1));
                }
            }
        }
        return rows;
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.body()).isNotEmpty();
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    }
}
