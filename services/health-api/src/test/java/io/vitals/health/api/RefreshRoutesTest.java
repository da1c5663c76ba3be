package io.vitals.health.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.sahha.SahhaRefresh;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.health.whoop.WhoopLink;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** Refresh and explain as callers see them, and the headers that let answers be kept. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefreshRoutesTest {
    private static final String DAY = "/api/v1/users/me/days/2026-09-20";
    private static final String REFRESH = "/api/v1/users/me/refresh?date=2026-09-20";

    private Door door;
    private Browser mira;
    private UUID member;

    @BeforeAll
    void open() {
        door = Door.open();
        mira = door.browser();
        mira.signIn("mira");
        member = UUID.fromString(json(mira.get("/api/v1/me")).path("member").asText());
    }

    @AfterAll
    void close() {
        door.close();
    }

    @BeforeEach
    void reset() {
        door.whoop().reset();
        door.whoop().state(WhoopLink.State.ACTIVE);
        door.sahha().answer(SahhaRefresh.REFRESHED);
        door.sahha().before(() -> {});
        door.database().clear(List.of("refresh_run", "daily_record", "sahha_score", "sahha_biomarker"));
    }

    @Test
    void aRefreshAnswersTheDayAndHowItWent() {
        sahhaBrings();
        HttpResponse<String> answer = mira.page("POST", REFRESH, "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JsonNode body = json(answer);
        assertThat(body.path("stale").asBoolean(true)).isFalse();
        assertThat(body.path("partial").asBoolean(true)).isFalse();
        assertThat(body.at("/sources/0/outcome").asText()).isEqualTo("refreshed");
        assertThat(body.at("/sources/1/source").asText()).isEqualTo("whoop");
        assertThat(body.at("/processing_stats/duration_ms").isIntegralNumber()).isTrue();
        assertThat(body.at("/day/metrics/activity_score/value").asDouble()).isEqualTo(61);
        JsonNode stats =
                json(mira.get("/api/v1/users/me/overview?period=2026-09-20")).path("processing_stats");
        assertThat(stats.path("whoop").asText()).isEqualTo("refreshed");
        assertThat(stats.path("refreshed_at").asText()).endsWith("Z");
    }

    @Test
    void withoutAnySourceItIsTheStoredDayOrAProblemThatSaysWhenToComeBack() {
        door.whoop().down(true);
        door.sahha().answer(SahhaRefresh.DOWN);
        HttpResponse<String> nothing = mira.page("POST", REFRESH, "");
        assertThat(nothing.statusCode()).isEqualTo(503);
        assertThat(nothing.headers().firstValue("Retry-After")).contains("10");
        assertThat(json(nothing).path("type").asText()).isEqualTo("urn:vitals:problem:unavailable");

        sahhaBrings();
        door.database().clear(List.of("refresh_run"));
        assertThat(json(mira.page("POST", REFRESH, "")).path("partial").asBoolean())
                .isTrue();
        door.sahha().before(() -> {});
        door.sahha().answer(SahhaRefresh.SLOW);
        door.database().clear(List.of("refresh_run"));
        JsonNode stale = json(mira.page("POST", REFRESH, ""));
        assertThat(stale.path("stale").asBoolean()).isTrue();
        assertThat(stale.at("/day/metrics/activity_score/value").asDouble()).isEqualTo(61);
    }

    @Test
    void aDateThatIsNoneIsRefusedByName() {
        HttpResponse<String> answer = mira.page("POST", "/api/v1/users/me/refresh?date=2026-02-30", "");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("field").asText()).isEqualTo("date");
        assertThat(mira.get("/api/v1/users/me/days/2026-02-30/explain").statusCode())
                .isEqualTo(400);
        assertThat(mira.get("/api/v1/users/me/days/2020-01-01/explain").statusCode())
                .isEqualTo(404);
    }

    @Test
    void anExplanationIsOfTheRecordThatIsServed() {
        sahhaBrings();
        mira.page("POST", REFRESH, "");
        JsonNode told = json(mira.get(DAY + "/explain"));
        assertThat(told.path("version")).isEqualTo(json(mira.get(DAY)).path("version"));
        assertThat(told.at("/metrics/activity_score/winner").asText()).isEqualTo("sahha");
        assertThat(told.at("/metrics/activity_score/candidates/0/chosen").asBoolean())
                .isTrue();
        assertThat(told.at("/metrics/strain/reason").asText()).isNotEmpty();

        // A row that the rebuild queue has not come to yet: record and explanation change together.
        score("activity", 33, "2026-09-20T23:00:00Z");
        JsonNode later = json(mira.get(DAY + "/explain"));
        assertThat(later.at("/metrics/activity_score/value").asDouble()).isEqualTo(33);
        JsonNode day = json(mira.get(DAY));
        assertThat(day.at("/metrics/activity_score/value").asDouble()).isEqualTo(33);
        assertThat(later.path("version")).isEqualTo(day.path("version"));
    }

    @Test
    void aTagIsOfTheRecordsVersionAndAnswersVaryByWhoAsks() {
        sahhaBrings();
        mira.page("POST", REFRESH, "");
        HttpResponse<String> first = mira.get(DAY);
        String tag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(tag).isEqualTo("\"d" + json(first).path("version").asLong() + "\"");
        assertThat(first.headers().firstValue("Vary")).contains("Accept-Encoding, Authorization, Cookie");
        String compressed = tag.substring(0, tag.length() - 1) + "-gzip\"";
        for (String held : List.of(tag, compressed, "W/" + tag, "\"a\" , \"b\",W/" + compressed, "*")) {
            HttpResponse<String> again = mira.get(DAY, "If-None-Match", held);
            assertThat(again.statusCode()).as(held).isEqualTo(304);
            assertThat(again.headers().firstValue("ETag")).contains(tag);
            assertThat(again.headers().firstValue("Vary")).isPresent();
        }
        for (String other : List.of("\"d0\"", tag.replace("\"", ""), "W/", "\"", "")) {
            assertThat(mira.get(DAY, "If-None-Match", other).statusCode())
                    .as(other)
                    .isEqualTo(200);
        }
        score("activity", 34, "2026-09-20T23:30:00Z");
        mira.get(DAY + "/explain");
        HttpResponse<String> changed = mira.get(DAY, "If-None-Match", tag);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(tag);
    }

    /** An overview tells its own duration, so no two of them are equal in every byte. */
    @Test
    void anOverviewHasAWeakTag() {
        HttpResponse<String> first = mira.get("/api/v1/users/me/overview?period=2026-09-20");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(tag).startsWith("W/\"");
        assertThat(mira.get("/api/v1/users/me/overview?period=2026-09-20", "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void whatIsServedIsCountedFromZero() {
        double before = served("day", "sahha");
        assertThat(served("refresh", "whoop")).isNotNegative();
        sahhaBrings();
        mira.page("POST", REFRESH, "");
        mira.get(DAY);
        assertThat(served("day", "sahha")).isEqualTo(before + 1);
        assertThat(door.registry()
                        .find("health.refresh.sources")
                        .tag("outcome", "quota")
                        .counters())
                .hasSize(2);
        assertThat(door.registry()
                        .find("health.refresh")
                        .tag("outcome", "fresh")
                        .timer())
                .isNotNull()
                .satisfies(timer -> assertThat(timer.count()).isPositive());
        assertThat(door.registry().find("health.metrics.data.age").timers()).hasSize(8);
    }

    private double served(String kind, String source) {
        return door.registry()
                .get("health.metrics.served")
                .tag("kind", kind)
                .tag("source", source)
                .counter()
                .count();
    }

    private void sahhaBrings() {
        door.sahha().answer(SahhaRefresh.REFRESHED);
        door.sahha().before(() -> score("activity", 61, "2026-09-20T20:00:00Z"));
    }

    private void score(String type, double percent, String at) {
        door.database()
                .database()
                .execute(
                        Sql.named("test-score", """
                                INSERT INTO sahha_score
                                VALUES (:member, '2026-09-20', :type, 'r-1', :percent, 'high', CAST(:at AS timestamptz),
                                        '+01:00', CAST(:at AS timestamptz), CAST(:at AS timestamptz), CAST('{}' AS jsonb))
                                ON CONFLICT (member, local_date, type) DO UPDATE SET percent = excluded.percent
                                """),
                        Params.of("member", member, "type", type, "percent", percent, "at", at));
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
    }
}
