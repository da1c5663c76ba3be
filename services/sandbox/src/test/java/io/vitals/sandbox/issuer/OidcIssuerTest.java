package io.vitals.sandbox.issuer;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import io.vitals.sandbox.http.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the issuer says of itself, its keys, and signing out. */
class OidcIssuerTest extends IssuerScene {
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
}
