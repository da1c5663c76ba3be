package io.vitals.sandbox.issuer;

import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.sandbox.http.Answers;
import io.vitals.sandbox.http.Form;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives tokens for a code or for a refresh token. */
final class TokenEndpoint {
    private static final String BASIC = "Basic ";

    private final IssuerConfig config;
    private final Grants grants;
    private final TokenMint mint;

    TokenEndpoint(IssuerConfig config, Grants grants, TokenMint mint) {
        this.config = config;
        this.grants = grants;
        this.mint = mint;
    }

    void handle(ServerRequest request, ServerResponse response) {
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        if (!type.startsWith("application/x-www-form-urlencoded")) {
            refuse(response, 400, "invalid_request");
            return;
        }
        Form form = Form.ofBody(request);
        Optional<String> authorization = request.headers().first(HeaderNames.AUTHORIZATION);
        if (!form.repeated().isEmpty()
                || (authorization.isPresent() && form.first("client_secret").isPresent())) {
            refuse(response, 400, "invalid_request");
        } else if (!isClient(form, authorization)) {
            response.header("WWW-Authenticate", "Basic realm=\"token\"");
            refuse(response, 401, "invalid_client");
        } else {
            switch (form.text("grant_type")) {
                case "authorization_code" -> redeemCode(form, response);
                case "refresh_token" -> refresh(form, response);
                default -> refuse(response, 400, "unsupported_grant_type");
            }
        }
    }

    private void redeemCode(Form form, ServerResponse response) {
        Optional<Grants.Grant> grant = grants.redeemCode(form.text("code"))
                .filter(held -> held.redirectUri().equals(form.text("redirect_uri")))
                .filter(held -> proves(form.text("code_verifier"), held.codeChallenge()));
        answer(response, grant, true);
    }

    private void refresh(Form form, ServerResponse response) {
        Optional<Grants.Grant> grant = grants.redeemRefreshToken(form.text("refresh_token"));
        Set<String> wanted = Set.copyOf(List.of(form.text("scope").split(" ")));
        if (grant.isPresent()
                && form.first("scope").isPresent()
                && !grant.get().scopes().containsAll(wanted)) {
            refuse(response, 400, "invalid_scope");
            return;
        }
        answer(response, grant, false);
    }

    private void answer(ServerResponse response, Optional<Grants.Grant> granted, boolean withNonce) {
        if (granted.isEmpty()) {
            refuse(response, 400, "invalid_grant");
            return;
        }
        Grants.Grant grant = granted.get();
        String accessToken = mint.accessTokenFor(grant.account());
        var body = new LinkedHashMap<String, Object>();
        body.put("access_token", accessToken);
        body.put("token_type", "Bearer");
        body.put("expires_in", config.accessTokenLifetime().toSeconds());
        body.put("scope", String.join(" ", grant.scopes()));
        Optional<String> nonce = withNonce ? grant.nonce() : Optional.empty();
        body.put("id_token", mint.idTokenFor(grant.account(), grant.signedInAt(), grant.signIn(), nonce, accessToken));
        if (grant.scopes().contains("offline_access")) {
            body.put("refresh_token", grants.refreshToken(grant));
        }
        Answers.json(response, 200, body);
    }

    private static boolean proves(String verifier, String challenge) {
        return verifier.matches("[A-Za-z0-9._~-]{43,128}")
                && CodeChallenge.compute(CodeChallengeMethod.S256, new CodeVerifier(verifier))
                        .getValue()
                        .equals(challenge);
    }

    private boolean isClient(Form form, Optional<String> authorization) {
        if (authorization.isEmpty()) {
            return matches(form.text("client_id"), form.text("client_secret"));
        }
        if (!authorization.get().startsWith(BASIC)) {
            return false;
        }
        try {
            String pair = new String(
                    Base64.getDecoder().decode(authorization.get().substring(BASIC.length())), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            // RFC 6749 2.3.1: both parts are form-encoded before they are joined.
            return colon > 0 && matches(decode(pair.substring(0, colon)), decode(pair.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private boolean matches(String clientId, String clientSecret) {
        return config.clientId().equals(clientId)
                && MessageDigest.isEqual(
                        config.clientSecret().getBytes(StandardCharsets.UTF_8),
                        clientSecret.getBytes(StandardCharsets.UTF_8));
    }

    private static void refuse(ServerResponse response, int status, String error) {
        Answers.json(response, status, Map.of("error", error));
    }
}
