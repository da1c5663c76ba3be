package io.vitals.sandbox.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.vitals.sandbox.http.Form;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** A running issuer and a client that may use it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class IssuerScene {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final String ORIGIN = "http://localhost:18080";
    static final String CALLBACK = ORIGIN + "/auth/callback";
    static final String SECRET = "s+cret/with:signs";
    static final String VERIFIER = "v".repeat(43);

    final HttpClient http = HttpClient.newHttpClient();
    final MovableClock clock = new MovableClock();
    OidcIssuer issuer;

    @BeforeAll
    void start() {
        issuer = OidcIssuer.start(IssuerConfig.forVitals(ORIGIN, SECRET, clock));
    }

    @AfterAll
    void stop() {
        issuer.close();
    }

    @BeforeEach
    void setClock() {
        clock.reset();
    }

    Map<String, String> request() throws Exception {
        var fields = new LinkedHashMap<String, String>();
        fields.put("client_id", "vitals-web");
        fields.put("redirect_uri", CALLBACK);
        fields.put("response_type", "code");
        fields.put("scope", "openid profile offline_access");
        fields.put("state", "the-state");
        fields.put("nonce", "the-nonce");
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
        fields.put("code_challenge", Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
        fields.put("code_challenge_method", "S256");
        return fields;
    }

    Form pick(String account, Map<String, String> request) throws Exception {
        var fields = new LinkedHashMap<>(request);
        fields.put("account", account);
        HttpResponse<String> answer = post("/authorize", fields);
        assertThat(answer.statusCode()).isEqualTo(303);
        return query(answer);
    }

    HttpResponse<String> redeem(String code, String verifier) throws Exception {
        return post("/token", tokenForm(code, verifier), basic(SECRET));
    }

    HttpResponse<String> refresh(String refreshToken) throws Exception {
        return post("/token", Map.of("grant_type", "refresh_token", "refresh_token", refreshToken), basic(SECRET));
    }

    static Map<String, String> tokenForm(String code, String verifier) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", CALLBACK);
        form.put("code_verifier", verifier);
        return form;
    }

    static String basic(String secret) {
        String pair = "vitals-web:" + java.net.URLEncoder.encode(secret, StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    boolean verifies(SignedJWT token) throws Exception {
        return token.verify(new RSASSAVerifier(JWKSet.parse(get("/jwks").body())
                .getKeyByKeyId(token.getHeader().getKeyID())
                .toRSAKey()));
    }

    static void assertError(HttpResponse<String> answer, int status, String error) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).path("error").asText()).isEqualTo(error);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }

    static Form query(HttpResponse<String> answer) {
        return Form.parse(URI.create(answer.headers().firstValue("Location").orElseThrow())
                .getRawQuery());
    }

    HttpResponse<String> get(String path, String... authorization) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(issuer.url() + path));
        for (String header : authorization) {
            request.header("Authorization", header);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, Map<String, String> form, String... authorization) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(issuer.url() + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(Form.encode(form)));
        for (String header : authorization) {
            request.header("Authorization", header);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    static final class MovableClock extends Clock {
        // The client library judges ID tokens by the real time.
        private Instant now = Instant.now();

        void reset() {
            now = Instant.now();
        }

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }
}
