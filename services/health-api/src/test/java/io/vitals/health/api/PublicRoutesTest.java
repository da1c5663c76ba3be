package io.vitals.health.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.page.LiveEvents;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.health.whoop.LinkOutcome;
import io.vitals.health.whoop.WhoopLink;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
        assertThat(document.path("whole").get(0).path("a").asInt()).isEqualTo(1);
        assertThat(document.path("broken")).hasSize(1);
        assertThat(document.path("incomplete").get(0).asText()).isEqualTo("broken");
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

    @Test
    void the_page_and_its_files_come_with_their_type_and_the_strict_policy() {
        Browser anyone = door.browser();
        Map<String, String> types = Map.of(
                "/", "text/html",
                "/assets/js/app.js", "text/javascript",
                "/assets/css/base.css", "text/css",
                "/assets/icon.svg", "image/svg+xml",
                "/assets/vendor/chart.js", "text/javascript");
        types.forEach((path, type) -> {
            HttpResponse<String> answer = anyone.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(type);
            assertThat(answer.headers().allValues("Content-Security-Policy"))
                    .singleElement()
                    .satisfies(policy -> assertThat(policy)
                            .contains("default-src 'none'", "script-src 'self'", "base-uri 'none'")
                            .doesNotContain("unsafe"));
            String tag = answer.headers().firstValue("ETag").orElseThrow();
            assertThat(anyone.get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        });
        for (String path : List.of(
                "/assets/",
                "/assets/js",
                "/assets/../index.html",
                "/assets/..%2f..%2fapplication.yaml",
                "/assets/%2e%2e/%2e%2e/application.yaml",
                "/assets/js/app.class",
                "/application.yaml",
                "/openapi.yaml")) {
            assertThat(anyone.get(path).statusCode()).as(path).isIn(400, 404);
        }
    }

    @Test
    void large_answers_are_compressed_for_who_takes_it() throws Exception {
        String path = "/assets/vendor/chart.js";
        String plain = door.browser().get(path).body();
        HttpResponse<byte[]> gzip = raw(path, "gzip, br;q=0.5");
        assertThat(gzip.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(gzip.headers().firstValue("Vary")).contains("Accept-Encoding");
        assertThat(gzip.headers().firstValue("ETag").orElse("")).endsWith("-gzip\"");
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain);
        }
        assertThat(raw(path, "gzip;q=0").headers().firstValue("Content-Encoding"))
                .isEmpty();
        assertThat(raw(path, "identity").headers().firstValue("Content-Encoding"))
                .isEmpty();
    }

    @Test
    void a_change_reaches_the_page_and_the_stream_ends_with_the_session() throws Exception {
        Browser jonas = door.browser();
        jonas.signIn("jonas");
        String cookie = "__Host-vitals=" + jonas.cookies().get("__Host-vitals");
        HttpClient http = HttpClient.newHttpClient();
        HttpResponse<InputStream> stream = http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + door.port() + "/api/v1/users/me/events"))
                        .header("Cookie", cookie)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
        StringBuilder text = new StringBuilder();
        Thread reader = Thread.startVirtualThread(() -> read(stream.body(), text));
        door.change(new LiveEvents.Event(1, "day", "{\"date\":\"2026-11-22\",\"version\":7}"));
        door.events().poll();
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            synchronized (text) {
                assertThat(text)
                        .contains(
                                "id: 1\nevent: day\ndata: {\"date\":\"2026-11-22\",\"version\":7}\n\n", ": still here");
            }
        });
        jonas.page("POST", "/auth/logout", "");
        assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void a_member_may_have_only_so_many_streams() throws Exception {
        String token = "Bearer " + door.token(Account.JONAS);
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + door.port() + "/api/v1/users/me/events"))
                .header("Authorization", token)
                .build();
        List<HttpResponse<InputStream>> open = new java.util.ArrayList<>();
        for (int i = 0; i < 8; i++) {
            open.add(http.send(request, HttpResponse.BodyHandlers.ofInputStream()));
        }
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(503);
        for (HttpResponse<InputStream> response : open) {
            assertThat(response.statusCode()).isEqualTo(200);
            response.body().close();
        }
    }

    private static void read(InputStream in, StringBuilder text) {
        byte[] buffer = new byte[1024];
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                synchronized (text) {
                    text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                }
            }
        } catch (java.io.IOException e) {
            // The end of the stream, one way or another.
        }
    }

    private HttpResponse<byte[]> raw(String path, String acceptEncoding) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + door.port() + path))
                                .header("Accept-Encoding", acceptEncoding)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
    }
}
