package io.vitals.sandbox.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.vitals.sandbox.http.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/** From the request for a sign-in to the return to the client. */
class AuthorizeEndpointTest extends IssuerScene {
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
}
