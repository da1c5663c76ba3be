package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.sandbox.member.Population;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OAuthTest {
    private static final Instant NOW = Instant.parse("2026-11-22T19:30:00Z");
    private static final WhoopSimulatorConfig CONFIG =
            WhoopSimulatorConfig.of(Client.ID, Client.SECRET, Client.REDIRECT);

    private final Population people = Population.of(1, 2, Clock.fixed(NOW, ZoneOffset.UTC));
    private final WhoopSimulator whoop = WhoopSimulator.start(CONFIG, people);
    private final Client client = new Client(whoop);

    @AfterEach
    void stop() {
        whoop.close();
    }

    @Test
    void aProductionProfileIsRefused() {
        assertThatThrownBy(() -> WhoopSimulator.start(CONFIG.withProfile("production"), people))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void thePersonChoosesAnAccountAndAllows() throws Exception {
        HttpResponse<String> page = client.get(client.authorizeUrl(Client.authorization()));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Mira Lindqvist", "Jonas Albrecht", "Recovery", "Allow", "Deny");
        assertThat(page.body()).doesNotContain("src=", "href=");
        HttpResponse<String> sent = decide(page.body(), "allow", "2");
        assertThat(sent.statusCode()).isEqualTo(303);
        URI back = URI.create(sent.headers().firstValue("Location").orElseThrow());
        assertThat(back.toString()).startsWith(Client.REDIRECT + "?");
        Map<String, String> parameters = Client.parameters(back);
        assertThat(parameters.get("state")).isEqualTo(Client.STATE);
        JsonNode tokens = Client.json(client.token(Map.of(
                "grant_type", "authorization_code", "code", parameters.get("code"), "redirect_uri", Client.REDIRECT)));
        assertThat(tokens.path("token_type").asText()).isEqualTo("bearer");
        assertThat(tokens.path("expires_in").isIntegralNumber()).isTrue();
        assertThat(tokens.path("expires_in").asInt()).isEqualTo(3600);
        assertThat(tokens.path("scope").asText()).isEqualTo(Client.SCOPES);
        JsonNode profile = Client.json(client.api(tokens.path("access_token").asText(), "/v2/user/profile/basic"));
        assertThat(profile.path("first_name").asText()).isEqualTo("Jonas");
    }

    @Test
    void theFirstMemberWhoIsNotLinkedIsProposed() throws Exception {
        assertThat(client.get(client.authorizeUrl(Client.authorization())).body())
                .contains("<option value=\"1\" selected>");
        client.link(1, Client.SCOPES);
        assertThat(client.get(client.authorizeUrl(Client.authorization())).body())
                .contains("<option value=\"2\" selected>");
    }

    @Test
    void aDenialAndAUsedRequestAreTold() throws Exception {
        HttpResponse<String> page = client.get(client.authorizeUrl(Client.authorization()));
        URI back = URI.create(decide(page.body(), "deny", "1")
                .headers()
                .firstValue("Location")
                .orElseThrow());
        assertThat(Client.parameters(back))
                .containsEntry("error", "access_denied")
                .containsEntry("state", Client.STATE);
        assertThat(decide(page.body(), "allow", "1").statusCode()).isEqualTo(400);
    }

    @Test
    void anotherRedirectUriKeepsThePersonHere() throws Exception {
        Map<String, String> query = Client.authorization();
        query.put("redirect_uri", Client.REDIRECT + "/");
        HttpResponse<String> page = client.get(client.authorizeUrl(query));
        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.headers().firstValue("Location")).isEmpty();
        query = Client.authorization();
        query.put("client_id", "other");
        assertThat(client.get(client.authorizeUrl(query)).statusCode()).isEqualTo(400);
    }

    @Test
    void shortStatesWrongScopesAndPlainPkceAreSentBack() {
        assertThat(refusal("state", "1234567")).isEqualTo("invalid_state");
        assertThat(refusal("scope", "read:workouts")).isEqualTo("invalid_scope");
        assertThat(refusal("response_type", "token")).isEqualTo("unsupported_response_type");
        assertThat(refusal("code_challenge", "abc")).isEqualTo("invalid_request");
        Map<String, String> query = Client.authorization();
        query.put("state", "12345678");
        assertThat(Client.parameters(whoop.approve(client.authorizeUrl(query), 1)))
                .containsKey("code");
    }

    @Test
    void aChallengeNeedsItsVerifier() throws Exception {
        String verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assertThat(redeem(code(verifier), Map.of()).statusCode()).isEqualTo(400);
        assertThat(redeem(code(verifier), Map.of("code_verifier", verifier + "x"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(redeem(code(verifier), Map.of("code_verifier", verifier)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aCodeIsGoodOnceForItsRedirectUriAndSomeMinutes() throws Exception {
        String code = code(null);
        JsonNode tokens = Client.json(redeem(code, Map.of()));
        HttpResponse<String> second = redeem(code, Map.of());
        assertThat(second.statusCode()).isEqualTo(400);
        assertThat(Client.json(second).path("error").asText()).isEqualTo("invalid_grant");
        assertThat(client.api(tokens.path("access_token").asText(), "/v2/cycle").statusCode())
                .as("a replayed code ends what came of it")
                .isEqualTo(401);
        assertThat(redeem(code(null), Map.of("redirect_uri", "http://localhost:8080/"))
                        .statusCode())
                .isEqualTo(400);
        String late = code(null);
        whoop.control().clockOffset(Duration.ofMinutes(6));
        assertThat(redeem(late, Map.of()).statusCode()).isEqualTo(400);
    }

    @Test
    void clientCredentialsAreChecked() throws Exception {
        assertThat(redeem(code(null), Map.of("client_secret", "wrong")).statusCode())
                .isEqualTo(401);
        assertThat(client.token(Map.of("grant_type", "password")).statusCode()).isEqualTo(400);
    }

    @Test
    void refreshTokensComeOnlyWithOffline() throws Exception {
        JsonNode tokens = client.link(1, "read:cycles");
        assertThat(tokens.has("refresh_token")).isFalse();
        assertThat(tokens.path("scope").asText()).isEqualTo("read:cycles");
    }

    @Test
    void aRefreshKillsThePairBefore() throws Exception {
        JsonNode first = client.link(1, Client.SCOPES);
        JsonNode second = Client.json(client.refresh(first.path("refresh_token").asText()));
        assertThat(second.path("access_token").asText())
                .isNotEqualTo(first.path("access_token").asText());
        assertThat(second.path("scope").asText()).isEqualTo(Client.SCOPES);
        assertThat(status(first)).isEqualTo(401);
        assertThat(status(second)).isEqualTo(200);
        assertThat(whoop.control().figures().tokenRefreshes()).isEqualTo(1);
    }

    @Test
    void aRefreshTokenUsedTwiceEndsTheFamily() throws Exception {
        JsonNode first = client.link(1, Client.SCOPES);
        JsonNode second = Client.json(client.refresh(first.path("refresh_token").asText()));
        HttpResponse<String> reuse = client.refresh(first.path("refresh_token").asText());
        assertThat(reuse.statusCode()).isEqualTo(400);
        assertThat(Client.json(reuse).path("error").asText()).isEqualTo("invalid_grant");
        assertThat(status(second)).isEqualTo(401);
        assertThat(client.refresh(second.path("refresh_token").asText()).statusCode())
                .isEqualTo(400);
        assertThat(whoop.control().figures().familyRevocations()).isEqualTo(1);
        assertThat(whoop.control().linked(1)).isFalse();
    }

    @Test
    void accessTokensExpireAndCanBeExpired() throws Exception {
        JsonNode tokens = client.link(1, Client.SCOPES);
        whoop.control().expireAccessTokens();
        assertThat(status(tokens)).isEqualTo(401);
        JsonNode next = Client.json(client.refresh(tokens.path("refresh_token").asText()));
        assertThat(status(next)).isEqualTo(200);
        whoop.control().clockOffset(Duration.ofMinutes(61));
        assertThat(status(next)).isEqualTo(401);
    }

    @Test
    void accessIsRevokedByEitherSide() throws Exception {
        JsonNode tokens = client.link(1, Client.SCOPES);
        String access = tokens.path("access_token").asText();
        assertThat(client.send("DELETE", access, "/v2/user/access").statusCode())
                .isEqualTo(204);
        assertThat(status(tokens)).isEqualTo(401);
        assertThat(client.refresh(tokens.path("refresh_token").asText()).statusCode())
                .isEqualTo(400);
        JsonNode again = client.link(1, Client.SCOPES);
        assertThat(whoop.control().revoke(1)).isTrue();
        assertThat(status(again)).isEqualTo(401);
    }

    @Test
    void grantsSurviveARestart(@TempDir Path folder) throws Exception {
        WhoopSimulatorConfig kept = CONFIG.withStateFile(folder.resolve("grants.json"));
        JsonNode tokens;
        try (WhoopSimulator first = WhoopSimulator.start(kept, people)) {
            tokens = new Client(first).link(1, Client.SCOPES);
        }
        try (WhoopSimulator second = WhoopSimulator.start(kept, people)) {
            Client later = new Client(second);
            assertThat(later.api(tokens.path("access_token").asText(), "/v2/cycle")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(later.refresh(tokens.path("refresh_token").asText()).statusCode())
                    .isEqualTo(200);
        }
    }

    private int status(JsonNode tokens) throws Exception {
        return client.api(tokens.path("access_token").asText(), "/v2/user/profile/basic")
                .statusCode();
    }

    private String refusal(String name, String text) {
        Map<String, String> query = Client.authorization();
        query.put(name, text);
        return Client.parameters(whoop.approve(client.authorizeUrl(query), 1)).getOrDefault("error", "");
    }

    private String code(@org.jspecify.annotations.Nullable String verifier) {
        Map<String, String> query = Client.authorization();
        if (verifier != null) {
            query.put("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
            query.put("code_challenge_method", "S256");
        }
        return Client.parameters(whoop.approve(client.authorizeUrl(query), 1)).getOrDefault("code", "");
    }

    private HttpResponse<String> redeem(String code, Map<String, String> more) throws Exception {
        Map<String, String> form = new java.util.HashMap<>(
                Map.of("grant_type", "authorization_code", "code", code, "redirect_uri", Client.REDIRECT));
        form.putAll(more);
        return client.token(form);
    }

    private HttpResponse<String> decide(String page, String decision, String member) throws Exception {
        Matcher id = Pattern.compile("name=\"request\" value=\"([^\"]+)\"").matcher(page);
        assertThat(id.find()).isTrue();
        return client.post(
                whoop.url().resolve("/oauth/oauth2/auth/decision"),
                Client.encode(Map.of("request", id.group(1), "member", member, "decision", decision)));
    }
}
