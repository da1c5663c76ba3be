package io.vitals.health.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.health.whoop.LinkOutcome;
import io.vitals.health.whoop.WhoopLink;
import io.vitals.kit.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublicRoutesTest {
    private static final String MY_LINK = "/api/v1/users/me/links/whoop";
    private static final String CALLBACK = "/api/v1/links/whoop/callback";
    private static final String CONSENTS = "/api/v1/users/me/consents";

    private Door door;
    private Browser mira;

    @BeforeAll
    void open() {
        door = Door.open();
        mira = door.browser();
        mira.signIn("mira");
    }

    @AfterAll
    void close() {
        door.close();
    }

    @BeforeEach
    void reset() {
        door.whoop().reset();
        door.effects().failing(false);
        mira.page("PUT", CONSENTS, "{\"health_data\":true}");
    }

    @Test
    void connecting_asks_for_consent_first() {
        mira.page("PUT", CONSENTS, "{\"health_data\":false}");
        HttpResponse<String> refused = mira.page("POST", MY_LINK, "");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("urn:vitals:problem:consent-required");
        assertThat(door.whoop().calls()).isEmpty();
    }

    @Test
    void a_link_starts_and_ends_bound_to_the_same_session() {
        HttpResponse<String> started = mira.page("POST", MY_LINK, "");
        assertThat(started.statusCode()).isEqualTo(201);
        assertThat(json(started).path("authorization_url").asText()).startsWith("http://whoop.test/auth");
        HttpResponse<String> back = mira.get(CALLBACK + "?code=c&state=s");
        assertThat(back.statusCode()).isEqualTo(303);
        assertThat(Browser.location(back)).isEqualTo("/?link=connected");
        assertThat(door.whoop().callbacks()).singleElement().satisfies(callback -> {
            assertThat(callback.sessionBinding()).isEqualTo(door.whoop().binding());
            assertThat(callback.code()).isEqualTo("c");
        });
        Browser other = door.browser();
        other.signIn("mira");
        other.get(CALLBACK + "?code=c&state=s");
        assertThat(door.whoop().callbacks().getLast().sessionBinding())
                .isNotEqualTo(door.whoop().binding());
    }

    @ParameterizedTest
    @CsvSource({"CONNECTED,connected", "DENIED,denied", "INVALID,invalid", "FAILED,failed", "ELSEWHERE,elsewhere"})
    void every_end_of_the_callback_is_a_page_that_says_so(LinkOutcome outcome, String word) {
        door.whoop().outcome(outcome);
        HttpResponse<String> back = mira.get(CALLBACK + "?error=access_denied&state=s");
        assertThat(back.statusCode()).isEqualTo(303);
        assertThat(Browser.location(back)).isEqualTo("/?link=" + word);
    }

    @Test
    void a_callback_without_state_or_while_whoop_service_is_away_does_not_connect() {
        assertThat(Browser.location(mira.get(CALLBACK + "?code=c"))).isEqualTo("/?link=invalid");
        door.whoop().down(true);
        assertThat(Browser.location(mira.get(CALLBACK + "?code=c&state=s"))).isEqualTo("/?link=failed");
        assertThat(mira.get(CALLBACK + "?code=c&state=s&state=t").statusCode()).isEqualTo(400);
    }

    @Test
    void the_link_is_shown_with_its_days_and_can_be_ended() {
        assertThat(json(mira.get(MY_LINK)).path("days")).isEmpty();
        door.whoop().state(WhoopLink.State.ACTIVE);
        JsonNode shown = json(mira.get(MY_LINK));
        assertThat(shown.path("state").asText()).isEqualTo("active");
        assertThat(shown.path("days").get(0).path("workout").asText()).isEqualTo("empty");
        assertThat(json(mira.page("DELETE", MY_LINK, "")).path("state").asText())
                .isEqualTo("revoked");
    }

    @Test
    void whoop_service_away_is_said_as_such_and_the_page_still_opens() {
        door.whoop().down(true);
        HttpResponse<String> answer = mira.get(MY_LINK);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(json(mira.get("/api/v1/me")).path("links").path("whoop").asText())
                .isEqualTo("unknown");
    }

    @Test
    void a_withdrawal_is_applied_even_if_a_source_is_away_at_first() {
        door.effects().failing(true);
        HttpResponse<String> answer = mira.page("PUT", CONSENTS, "{\"health_data\":false}");
        assertThat(json(answer).path("health_data").path("granted").asBoolean()).isFalse();
        int before = door.effects().applied().size();
        door.consents().applyPending();
        assertThat(door.effects().applied()).hasSize(before);
        door.effects().failing(false);
        door.consents().applyPending();
        assertThat(door.effects().applied()).hasSize(before + 1);
        assertThat(door.effects().applied().getLast()).startsWith("withdrawn ");
        door.consents().applyPending();
        assertThat(door.effects().applied()).hasSize(before + 1);
    }

    @Test
    void a_consent_carries_version_and_time_and_takes_only_true_or_false() {
        JsonNode consent = json(mira.get(CONSENTS)).path("health_data");
        assertThat(consent.path("granted").asBoolean()).isTrue();
        assertThat(consent.path("version").asText()).isEqualTo("2026-11");
        assertThat(consent.path("at").asText()).endsWith("Z");
        for (String body : List.of("{}", "{\"health_data\":null}", "[]", "{", "")) {
            assertThat(mira.page("PUT", CONSENTS, body).statusCode()).as(body).isEqualTo(400);
        }
    }

    @Test
    void an_export_is_one_document_that_names_what_it_could_not_read() {
        HttpResponse<String> answer = mira.get("/api/v1/users/me/export");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"vitals-export.json\"");
        JsonNode document = json(answer);
        assertThat(document.path("health_api").get(0).path("a").asInt()).isEqualTo(1);
        assertThat(document.path("whoop_service")).hasSize(1);
        assertThat(document.path("incomplete").get(0).asText()).isEqualTo("whoop_service");
    }

    @Test
    void a_range_has_a_strong_tag_and_is_not_sent_twice() {
        String path = "/api/v1/users/me/days?from=2026-11-01&to=2026-11-22";
        HttpResponse<String> first = mira.get(path);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("Cache-Control")).contains("private, no-cache");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(tag).startsWith("\"").endsWith("\"");
        for (String held : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            HttpResponse<String> again = mira.get(path, "If-None-Match", held);
            assertThat(again.statusCode()).as(held).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
        assertThat(mira.get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "days?from=2026-11-23&to=2026-11-22",
                "days?from=2025-01-01&to=2026-11-22",
                "days?from=yesterday",
                "days?from=2026-02-30",
                "days?from=+12026-01-01",
                "days?limit=0",
                "days?limit=401",
                "days?limit=x",
                "days?from=2026-11-01&to=2026-11-22&cursor=2026-10-01",
                "days?from=2026-11-01&from=2026-11-02",
                "days/2026-13-01",
                "days/today",
                "overview?period=tomorrow",
                "overview?period=2026-1-1"
            })
    void what_makes_no_sense_is_refused_by_name(String path) {
        HttpResponse<String> answer = mira.get("/api/v1/users/me/" + path);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("field").asText()).isNotEmpty();
    }

    @Test
    void summaries_answer_for_a_member_without_data() {
        for (String path : List.of("overview", "overview?period=yesterday", "overview?period=2026-11-22", "sources")) {
            HttpResponse<String> answer = mira.get("/api/v1/users/me/" + path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            String tag = answer.headers().firstValue("ETag").orElseThrow();
            assertThat(mira.get("/api/v1/users/me/" + path, "If-None-Match", tag)
                            .statusCode())
                    .as(path)
                    .isEqualTo(304);
        }
        assertThat(mira.get("/api/v1/users/me/days/2026-11-22").statusCode()).isEqualTo(404);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
    }
}
