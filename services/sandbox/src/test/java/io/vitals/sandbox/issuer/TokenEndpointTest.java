package io.vitals.sandbox.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.SignedJWT;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Codes and refresh tokens, what they become, and the tokens that tests are given. */
class TokenEndpointTest extends IssuerScene {
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
}
