package io.vitals.health;

import io.helidon.tracing.Tracer;
import io.vitals.health.testing.Browser;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Once consent is withdrawn, nothing more is asked of Sahha or of whoop-service about the member, however the asking is
 * brought about; another member's polls go on beside, so it is not that all has stopped.
 */
class WithdrawalTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ME = "/api/v1/users/me";

    private final LocalDate date = LocalDate.now(ZoneOffset.UTC).minusDays(2);
    private RunningHealth service;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        service = new RunningHealth(
                folder, Tracer.noOp(), Account.SANDBOX, Map.of("VITALS_SAHHA_POLL_INTERVAL", "200ms"));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void nothing_is_fetched_about_who_withdrew() {
        Browser mira = consented("mira");
        Browser jonas = consented("jonas");
        String leaving = memberId(mira);
        String staying = memberId(jonas);
        await().atMost(LIMIT).until(() -> asked(leaving) > 2 && asked(staying) > 2);

        assertThat(mira.page("PUT", ME + "/consents", "{\"health_data\":false}").statusCode())
                .isEqualTo(200);
        await().atMost(LIMIT).until(() -> service.whoop().requests().contains("DELETE /internal/v1/links/" + leaving));
        settled(leaving, staying);
        long before = asked(leaving);
        long rows = rows(leaving);

        mira.page("POST", ME + "/refresh?date=" + date, "");
        mira.get(ME + "/days/" + date);
        event(leaving);
        event(staying);
        rounds(staying, 5);
        await().atMost(LIMIT).until(() -> waiting() == 0);
        assertThat(asked(leaving)).as("calls about who withdrew").isEqualTo(before);
        assertThat(rows(leaving)).as("rows out of the event").isEqualTo(rows);

        // By the same steps of who has not withdrawn, it is asked and stored.
        long others = asked(staying);
        jonas.page("POST", ME + "/refresh?date=" + date, "");
        assertThat(asked(staying)).isGreaterThanOrEqualTo(others + 2);
        assertThat(eventStored(staying)).isOne();
        assertThat(eventStored(leaving)).isZero();
    }

    /** What was on its way while the consent was withdrawn has come to its end. */
    private void settled(String leaving, String staying) {
        long[] last = {-1};
        await().atMost(LIMIT).until(() -> {
            rounds(staying, 2);
            boolean same = last[0] == asked(leaving);
            last[0] = asked(leaving);
            return same;
        });
    }

    private void rounds(String staying, int more) {
        long then = asked(staying) + more * 2L;
        await().atMost(LIMIT).until(() -> asked(staying) >= then);
    }

    /** How often Sahha was asked about the member; its log holds paths, and our members are its external ids. */
    private long asked(String member) {
        return service.sahha().control().requests().stream()
                .filter(request -> request.contains(member))
                .count();
    }

    private void event(String member) {
        String body = "{\"externalId\":\"" + member + "\",\"id\":\"from-an-event\",\"type\":\"a_score_of_events\","
                + "\"score\":0.5,\"scoreDateTime\":\"" + date + "T05:00:00Z\",\"createdAtUtc\":\"" + date
                + "T05:00:00Z\"}";
        String secret = service.secrets().getOrDefault("SAHHA_WEBHOOK_SECRET", "");
        assertThat(service.webhook("ScoreCreatedIntegrationEvent", member, body, secret)
                        .statusCode())
                .isEqualTo(204);
    }

    private long waiting() {
        return count("SELECT count(*) AS n FROM sahha_inbox WHERE state = 'new'");
    }

    private long rows(String member) {
        return count("SELECT count(*) AS n FROM sahha_score WHERE member = '" + member + "'");
    }

    private long eventStored(String member) {
        return count(
                "SELECT count(*) AS n FROM sahha_score WHERE type = 'a_score_of_events' AND member = '" + member + "'");
    }

    private long count(String query) {
        return service.database()
                .database()
                .first(Sql.named("test-count", query), Params.none(), row -> row.longValue("n"))
                .orElseThrow();
    }

    private Browser consented(String account) {
        Browser browser = service.browser();
        browser.signIn(account);
        browser.page("PUT", ME + "/consents", "{\"health_data\":true}");
        return browser;
    }

    private static String memberId(Browser browser) {
        HttpResponse<String> me = browser.get("/api/v1/me");
        return Json.tree(me.body().getBytes(StandardCharsets.UTF_8))
                .path("member")
                .asText();
    }
}
