package io.vitals.sandbox.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.vitals.sandbox.http.Form;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OidcIssuerTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ORIGIN = "http://localhost:18080";
    private static final String CALLBACK = ORIGIN + "/auth/callback";
    private static final String SECRET = "s+cret/with:signs";
    private static final String VERIFIER = "v".repeat(43);

    private final HttpClient http = HttpClient.newHttpClient();
    private final MovableClock clock = new MovableClock();
    private OidcIssuer issuer;

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

    @Test
    void discovery_is_what_a_client_library_accepts() throws Exception {
        var metadata = OIDCProviderMetadata.parse(
                get("/.well-known/openid-configuration").body());
        assertThat(metadata.getIssuer().getValue()).isEqualTo(issuer.url());
        assertThat(metadata.supportsAuthorizationResponseIssuerParam()).isTrue();
        assertThat(metadata.getCodeChallengeMethods()).hasSize(1);
        JWKSet keys = JWKSet.parse(get("/jwks").body());
        assertThat(keys.getKeys()).hasSize(1).allMatch(key -> !key.isPrivate());
    }

    @Test
    void a_sign_in_ends_with_tokens_that_the_client_library_accepts() throws Exception {
        HttpResponse<String> page = get("/authorize?" + Form.encode(request()));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Mira", "Jonas", "Ada", "Otto");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("form-action 'self' " + ORIGIN + ";");

        Form back = pick("mira", request());
        assertThat(back.text("state")).isEqualTo("the-state");
        assertThat(back.text("iss")).isEqualTo(issuer.url());

        JsonNode tokens = json(redeem(back.text("code"), VERIFIER));
        assertThat(tokens.path("token_type").asText()).isEqualTo("Bearer");
        assertThat(tokens.path("expires_in").asInt()).isEqualTo(900);
        var idTokens = new IDTokenValidator(
                new Issuer(issuer.url()),
                new ClientID("vitals-web"),
                JWSAlgorithm.RS256,
                JWKSet.parse(get("/jwks").body()));
        var claims = idTokens.validate(JWTParser.parse(tokens.path("id_token").asText()), new Nonce("the-nonce"));
        assertThat(claims.getSubject().getValue()).isEqualTo("mira");

        SignedJWT access = SignedJWT.parse(tokens.path("access_token").asText());
        assertThat(access.getHeader().getType().getType()).isEqualTo("at+jwt");
        assertThat(access.getJWTClaimsSet().getAudience()).containsExactly("vitals-api");
        assertThat(access.getJWTClaimsSet().getStringListClaim("groups")).containsExactly("member");
        assertThat(verifies(access)).isTrue();
        HttpResponse<String> info = get("/userinfo", "Bearer " + access.serialize());
        assertThat(json(info).path("name").asText()).isEqualTo("Mira");
    }

    @ParameterizedTest
    @CsvSource({
        "code_challenge, '', invalid_request",
        "code_challenge_method, plain, invalid_request",
        "state, '', invalid_request",
        "nonce, '', invalid_request",
        "response_type, token, unsupported_response_type",
        "scope, profile, invalid_scope",
        "scope, openid everything, invalid_scope",
        "prompt, none, login_required",
        "response_mode, fragment, invalid_request",
    })
    void a_faulty_request_goes_back_to_the_client_with_an_error(String name, String value, String error)
            throws Exception {
        var request = request();
        request.put(name, value);
        HttpResponse<String> answer = get("/authorize?" + Form.encode(request));
        assertThat(answer.statusCode()).isEqualTo(303);
        Form back = query(answer);
        assertThat(back.text("error")).isEqualTo(error);
        assertThat(back.text("iss")).isEqualTo(issuer.url());
        assertThat(back.first("code")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "redirect_uri, http://localhost:18080/auth/callback/",
        "redirect_uri, http://localhost:18080/auth/callback?x=1",
        "redirect_uri, https://evil.example/auth/callback",
        "redirect_uri, ''",
        "client_id, another",
    })
    void an_unregistered_client_or_return_address_is_never_redirected_to(String name, String value) throws Exception {
        var request = request();
        request.put(name, value);
        assertThat(get("/authorize?" + Form.encode(request)).statusCode()).isEqualTo(400);
        assertThat(post("/authorize", request).statusCode()).isEqualTo(400);
    }

    @Test
    void a_parameter_that_comes_twice_is_refused() throws Exception {
        assertThat(get("/authorize?" + Form.encode(request()) + "&state=second").statusCode())
                .isEqualTo(400);
    }

    @Test
    void cancelling_goes_back_without_a_code() throws Exception {
        assertThat(pick("", request()).text("error")).isEqualTo("access_denied");
        assertThat(pick("stranger", request()).text("error")).isEqualTo("access_denied");
    }

    @Test
    void a_code_works_once_and_its_second_use_ends_the_sign_in() throws Exception {
        String code = pick("mira", request()).text("code");
        String refreshToken = json(redeem(code, VERIFIER)).path("refresh_token").asText();
        assertError(redeem(code, VERIFIER), 400, "invalid_grant");
        assertError(refresh(refreshToken), 400, "invalid_grant");
    }

    @Test
    void a_code_ends_after_a_minute() throws Exception {
        String code = pick("mira", request()).text("code");
        clock.advance(Duration.ofSeconds(60));
        assertError(redeem(code, VERIFIER), 400, "invalid_grant");
    }

    @Test
    void a_code_needs_its_verifier_and_its_return_address() throws Exception {
        assertError(redeem(pick("mira", request()).text("code"), "w".repeat(43)), 400, "invalid_grant");
        var form = tokenForm(pick("mira", request()).text("code"), VERIFIER);
        form.put("redirect_uri", CALLBACK + "/");
        assertError(post("/token", form, basic(SECRET)), 400, "invalid_grant");
    }

    @Test
    void the_client_proves_itself_by_header_or_by_form_and_by_one_of_them_only() throws Exception {
        var form = tokenForm(pick("mira", request()).text("code"), VERIFIER);
        assertError(post("/token", form), 401, "invalid_client");
        assertError(post("/token", form, basic("guess")), 401, "invalid_client");
        form.put("client_id", "vitals-web");
        form.put("client_secret", SECRET);
        assertError(post("/token", form, basic(SECRET)), 400, "invalid_request");
        assertThat(post("/token", form).statusCode()).isEqualTo(200);
    }

    @Test
    void a_refresh_token_rotates_and_its_second_use_ends_the_sign_in() throws Exception {
        JsonNode first = json(redeem(pick("jonas", request()).text("code"), VERIFIER));
        JsonNode second = json(refresh(first.path("refresh_token").asText()));
        assertThat(second.path("refresh_token").asText())
                .isNotEqualTo(first.path("refresh_token").asText());
        assertThat(SignedJWT.parse(second.path("access_token").asText())
                        .getJWTClaimsSet()
                        .getSubject())
                .isEqualTo("jonas");
        assertError(refresh(first.path("refresh_token").asText()), 400, "invalid_grant");
        assertError(refresh(second.path("refresh_token").asText()), 400, "invalid_grant");
    }

    @Test
    void without_offline_access_there_is_no_refresh_token() throws Exception {
        var request = request();
        request.put("scope", "openid profile");
        JsonNode tokens = json(redeem(pick("ada", request).text("code"), VERIFIER));
        assertThat(tokens.has("refresh_token")).isFalse();
    }

    @Test
    void each_bad_token_is_wrong_in_one_point() throws Exception {
        TokenMint mint = issuer.mint();
        assertThat(verifies(SignedJWT.parse(issuer.accessTokenFor(Account.MIRA))))
                .isTrue();
        SignedJWT expired = SignedJWT.parse(mint.expiredTokenFor(Account.MIRA));
        assertThat(verifies(expired)).isTrue();
        assertThat(expired.getJWTClaimsSet().getExpirationTime()).isBefore(clock.instant());
        assertThat(SignedJWT.parse(mint.earlyTokenFor(Account.MIRA))
                        .getJWTClaimsSet()
                        .getNotBeforeTime())
                .isAfter(clock.instant());
        assertThat(SignedJWT.parse(mint.tokenForOtherAudience(Account.MIRA))
                        .getJWTClaimsSet()
                        .getAudience())
                .containsExactly("another-api");
        assertThat(SignedJWT.parse(mint.tokenOfOtherIssuer(Account.MIRA))
                        .getJWTClaimsSet()
                        .getIssuer())
                .isNotEqualTo(issuer.url());
        assertThat(verifies(SignedJWT.parse(mint.tokenSignedByOtherKey(Account.MIRA))))
                .isFalse();
        assertThat(mint.unsignedTokenFor(Account.MIRA)).endsWith(".");
        for (String bad : List.of(
                mint.expiredTokenFor(Account.MIRA),
                mint.tokenSignedByOtherKey(Account.MIRA),
                mint.unsignedTokenFor(Account.MIRA))) {
            assertThat(get("/userinfo", "Bearer " + bad).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void signing_out_returns_only_to_a_registered_address_with_an_own_id_token() throws Exception {
        String idToken = json(redeem(pick("mira", request()).text("code"), VERIFIER))
                .path("id_token")
                .asText();
        var good = Map.of("id_token_hint", idToken, "post_logout_redirect_uri", ORIGIN + "/", "state", "x");
        HttpResponse<String> back = get("/logout?" + Form.encode(good));
        assertThat(back.headers().firstValue("Location")).hasValue(ORIGIN + "/?state=x");
        var foreign = Map.of("id_token_hint", idToken, "post_logout_redirect_uri", "https://evil.example/");
        assertThat(get("/logout?" + Form.encode(foreign)).statusCode()).isEqualTo(400);
        var unproven = Map.of("post_logout_redirect_uri", ORIGIN + "/");
        assertThat(get("/logout?" + Form.encode(unproven)).statusCode()).isEqualTo(400);
    }

    @Test
    void it_does_not_start_under_a_production_profile() {
        var config = IssuerConfig.forVitals(ORIGIN, SECRET, clock).withProfile("production");
        assertThatThrownBy(() -> OidcIssuer.start(config)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_kept_key_outlives_the_issuer_and_only_its_owner_reads_it(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("issuer-key.json");
        var config = IssuerConfig.forVitals(ORIGIN, SECRET, clock).withKeyFile(file);
        String token;
        try (var first = OidcIssuer.start(config)) {
            token = first.accessTokenFor(Account.MIRA);
        }
        try (var second = OidcIssuer.start(config)) {
            JWKSet keys = JWKSet.parse(http.send(
                            HttpRequest.newBuilder(URI.create(second.url() + "/jwks"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body());
            assertThat(SignedJWT.parse(token)
                            .verify(new RSASSAVerifier(keys.getKeys().getFirst().toRSAKey())))
                    .isTrue();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private Map<String, String> request() throws Exception {
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

    private Form pick(String account, Map<String, String> request) throws Exception {
        var fields = new LinkedHashMap<>(request);
        fields.put("account", account);
        HttpResponse<String> answer = post("/authorize", fields);
        assertThat(answer.statusCode()).isEqualTo(303);
        return query(answer);
    }

    private HttpResponse<String> redeem(String code, String verifier) throws Exception {
        return post("/token", tokenForm(code, verifier), basic(SECRET));
    }

    private HttpResponse<String> refresh(String refreshToken) throws Exception {
        return post("/token", Map.of("grant_type", "refresh_token", "refresh_token", refreshToken), basic(SECRET));
    }

    private static Map<String, String> tokenForm(String code, String verifier) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", CALLBACK);
        form.put("code_verifier", verifier);
        return form;
    }

    private static String basic(String secret) {
        String pair = "vitals-web:" + java.net.URLEncoder.encode(secret, StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private boolean verifies(SignedJWT token) throws Exception {
        return token.verify(new RSASSAVerifier(JWKSet.parse(get("/jwks").body())
                .getKeyByKeyId(token.getHeader().getKeyID())
                .toRSAKey()));
    }

    private static void assertError(HttpResponse<String> answer, int status, String error) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).path("error").asText()).isEqualTo(error);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }

    private static Form query(HttpResponse<String> answer) {
        return Form.parse(URI.create(answer.headers().firstValue("Location").orElseThrow())
                .getRawQuery());
    }

    private HttpResponse<String> get(String path, String... authorization) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(issuer.url() + path));
        for (String header : authorization) {
            request.header("Authorization", header);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, Map<String, String> form, String... authorization) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(issuer.url() + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(Form.encode(form)));
        for (String header : authorization) {
            request.header("Authorization", header);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static final class MovableClock extends Clock {
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
