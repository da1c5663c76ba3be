package io.vitals.health;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.WhoopDays;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.issuer.Account;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A member whose every secret and every value is a canary. */
final class CanaryMember {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int LONG_ENOUGH = 10;
    private static final String ME = "/api/v1/users/me";

    private final RunningHealth service;
    private final Canaries canaries;
    private final LocalDate date;

    CanaryMember(RunningHealth service, Canaries canaries, LocalDate date) {
        this.service = service;
        this.canaries = canaries;
        this.date = date;
    }

    /** Signed in, consented, with a full day of both sources. */
    Browser use(Account person) throws GeneralSecurityException {
        Browser member = service.browser();
        String back = member.callbackPath(person.subject(), "/");
        Browser.parameters("http://x" + back).forEach((name, value) -> {
            if (!name.equals("iss")) {
                canaries.learned("sign-in " + name, value);
            }
        });
        canaries.learned("sign-in cookie", member.cookies().getOrDefault("__Host-vitals-login", ""));
        JsonNode attempt = opened("login_attempt", "state_hash", "sealed");
        canaries.learned("nonce", attempt.path("nonce").asText());
        canaries.learned("verifier", attempt.path("verifier").asText());
        assertThat(member.get(back).statusCode()).isEqualTo(303);
        canaries.learned("session", member.cookies().getOrDefault("__Host-vitals", ""));
        JsonNode tokens = opened("session", "id_hash", "tokens");
        canaries.learned("access token", tokens.path("access").asText());
        canaries.learned("refresh token", tokens.path("refresh").asText());

        member.page("PUT", ME + "/consents", "{\"health_data\":true}");
        String id = text(member.get("/api/v1/me"), "/member");
        service.whoop().days(Map.of(date, WhoopDays.of(date)), id);
        sendSahha(id);
        service.whoop().authorizationUrl("http://whoop.test/auth?state=" + canaries.fresh("state of a link"));
        assertThat(member.page("POST", ME + "/links/whoop", "").statusCode()).isEqualTo(201);
        assertThat(member.get("/api/v1/links/whoop/callback?state=" + canaries.fresh("state of a link") + "&code="
                                + canaries.fresh("code of a link"))
                        .statusCode())
                .isEqualTo(303);
        await().atMost(LIMIT)
                .until(() -> service.database()
                        .database()
                        .first(
                                Sql.named("test-token", "SELECT sealed FROM sahha_token WHERE sealed IS NOT NULL"),
                                Params.none(),
                                row -> row.bytes("sealed"))
                        .isPresent());
        canaries.learned("Sahha token", sahhaToken());
        await().atMost(LIMIT).until(() -> complete(member.get(ME + "/days/" + date)));
        learnValues();
        return member;
    }

    /** Every number that a source told, as it told it; what is served is rounded, and could be written by chance. */
    private void learnValues() {
        Map<String, String> numbers = new TreeMap<>();
        collect("WHOOP", Json.mapper().valueToTree(WhoopDays.of(date)), numbers);
        numbers.forEach(canaries::number);
        assertThat(numbers).hasSizeGreaterThanOrEqualTo(20);
    }

    private static void collect(String name, JsonNode node, Map<String, String> numbers) {
        node.properties().forEach(field -> collect(name + ' ' + field.getKey(), field.getValue(), numbers));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(name + ' ' + i, node.path(i), numbers);
        }
        if (node.isDouble() && node.asText().length() >= LONG_ENOUGH) {
            numbers.put(name, node.asText());
        }
    }

    private static boolean complete(HttpResponse<String> day) {
        return day.statusCode() == 200
                && json(day).at("/metrics/wellbeing_score/value").isNumber()
                && json(day).at("/metrics/sedentary_duration/value").isNumber()
                && json(day).at("/metrics/strain/value").isNumber();
    }

    private void sendSahha(String member) {
        String secret = service.secrets().getOrDefault("SAHHA_WEBHOOK_SECRET", "");
        int number = 0;
        for (String type : List.of("readiness", "sleep", "activity", "wellbeing", "mental_wellbeing")) {
            String value = "0.5" + number++ + "371829364";
            canaries.number("Sahha score " + type, value);
            String body = "{\"externalId\":\"" + member + "\",\"type\":\"" + type + "\",\"score\":" + value
                    + ",\"scoreDateTime\":\"" + date + "T05:00:00Z\",\"createdAtUtc\":\"2199-01-01T00:00:00Z\"}";
            assertThat(service.webhook("ScoreCreatedIntegrationEvent", member, body, secret)
                            .statusCode())
                    .isEqualTo(204);
        }
        for (String type : List.of(
                "steps",
                "floors_climbed",
                "active_energy_burned",
                "active_duration",
                "activity_sedentary_duration",
                "heart_rate_variability_sdnn",
                "sleep_regularity")) {
            String value = "6" + number++ + ".37182936451";
            canaries.number("Sahha biomarker " + type, value);
            String body = "{\"externalId\":\"" + member + "\",\"type\":\"" + type + "\",\"category\":\"activity\","
                    + "\"periodicity\":\"daily\",\"valueType\":\"decimal\",\"unit\":\"\",\"value\":\"" + value
                    + "\",\"startDateTime\":\"" + date + "T00:00:00Z\",\"endDateTime\":\"" + date
                    + "T23:00:00Z\",\"createdAtUtc\":\"2199-01-01T00:00:00Z\"}";
            assertThat(service.webhook("BiomarkerCreatedIntegrationEvent", member, body, secret)
                            .statusCode())
                    .isEqualTo(204);
        }
    }

    private JsonNode opened(String table, String key, String column) throws GeneralSecurityException {
        record Sealed(byte[] key, byte[] value) {}
        Sealed sealed = service.database()
                .database()
                .first(
                        Sql.named("test-sealed", "SELECT " + key + " AS k, " + column + " AS v FROM " + table),
                        Params.none(),
                        row -> new Sealed(row.bytes("k"), row.bytes("v")))
                .orElseThrow();
        return Json.tree(Envelope.fromKeyset(service.keyset())
                .open(
                        sealed.value(),
                        Envelope.place(table, column, HexFormat.of().formatHex(sealed.key()))));
    }

    private String sahhaToken() throws GeneralSecurityException {
        byte[] sealed = service.database()
                .database()
                .first(
                        Sql.named("test-token", "SELECT sealed FROM sahha_token"),
                        Params.none(),
                        row -> row.bytes("sealed"))
                .orElseThrow();
        return Envelope.fromKeyset(service.keyset())
                .openSecret(sealed, Envelope.place("sahha", "account_token", "vitals"))
                .reveal();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String text(HttpResponse<String> answer, String pointer) {
        return json(answer).at(pointer).asText();
    }
}
