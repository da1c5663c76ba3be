package io.vitals.sandbox.issuer;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.sandbox.http.Answers;
import io.vitals.sandbox.http.Form;
import io.vitals.sandbox.http.LocalServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running OpenID provider at an address of its own: discovery, JWKS, code flow with PKCE, refresh, userinfo,
 * end of session. Nobody stays signed in: every sign-in shows the list of accounts.
 */
public final class OidcIssuer implements AutoCloseable {
    private static final String BEARER = "Bearer ";

    private final IssuerConfig config;
    private final String issuer;
    private final RSAKey key;
    private final TokenMint mint;
    private final Grants grants;
    private final LocalServer server;

    public static OidcIssuer start(IssuerConfig config) {
        if ("production".equals(config.profile())) {
            throw new IllegalStateException("the sandbox issuer does not run under a production profile");
        }
        return new OidcIssuer(config, new SecureRandom());
    }

    private OidcIssuer(IssuerConfig config, SecureRandom random) {
        // The issuer's name holds the port, so a free one has to be known before the server starts.
        int port = config.port() == 0 ? freePort() : config.port();
        this.config = config;
        this.issuer = config.place().forBrowsers(port).toString();
        this.key = config.keyFile().map(SigningKey::kept).orElseGet(SigningKey::fresh);
        this.mint = new TokenMint(config, issuer, key);
        this.grants = new Grants(config.clock(), random);
        var authorize = new AuthorizeEndpoint(config, issuer, grants);
        var token = new TokenEndpoint(config, grants, mint);
        this.server = LocalServer.start(config.place(), port, routing -> routes(routing, authorize, token));
    }

    private void routes(HttpRouting.Builder routing, AuthorizeEndpoint authorize, TokenEndpoint token) {
        routing.get("/.well-known/openid-configuration", (request, response) -> Answers.json(response, 200, metadata()))
                .get(
                        "/jwks",
                        (request, response) -> Answers.json(
                                response, 200, new JWKSet(key).toPublicJWKSet().toJSONObject()))
                .get("/authorize", authorize::ask)
                .post("/authorize", authorize::answer)
                .post("/token", token::handle)
                .get("/userinfo", this::userInfo)
                .get("/logout", this::endSession)
                .error(
                        IllegalArgumentException.class,
                        (request, response, broken) -> Answers.json(response, 400, Map.of("error", "invalid_request")));
    }

    /** The issuer identifier, which is also its address. */
    public String url() {
        return issuer;
    }

    public int port() {
        return server.port();
    }

    /** A good access token without the browser. */
    public String accessTokenFor(Account account) {
        return mint.accessTokenFor(account);
    }

    /** The {@code sid} of the newest sign-in. */
    public String lastSession() {
        return grants.lastSignIn();
    }

    /** Tokens that must be refused, each wrong in one point. */
    public TokenMint mint() {
        return mint;
    }

    @Override
    public void close() {
        server.close();
    }

    private Map<String, Object> metadata() {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("issuer", issuer);
        metadata.put("authorization_endpoint", issuer + "/authorize");
        metadata.put("token_endpoint", issuer + "/token");
        metadata.put("userinfo_endpoint", issuer + "/userinfo");
        metadata.put("end_session_endpoint", issuer + "/logout");
        metadata.put("backchannel_logout_supported", true);
        metadata.put("backchannel_logout_session_supported", true);
        metadata.put("jwks_uri", issuer + "/jwks");
        metadata.put("response_types_supported", List.of("code"));
        metadata.put("response_modes_supported", List.of("query"));
        metadata.put("grant_types_supported", List.of("authorization_code", "refresh_token"));
        metadata.put("subject_types_supported", List.of("public"));
        metadata.put("id_token_signing_alg_values_supported", List.of("RS256"));
        metadata.put("token_endpoint_auth_methods_supported", List.of("client_secret_basic", "client_secret_post"));
        metadata.put("code_challenge_methods_supported", List.of("S256"));
        metadata.put("scopes_supported", List.of("openid", "profile", "offline_access"));
        metadata.put(
                "claims_supported", List.of("sub", "iss", "aud", "exp", "iat", "nonce", "auth_time", "name", "groups"));
        metadata.put("authorization_response_iss_parameter_supported", true);
        metadata.put("request_parameter_supported", false);
        metadata.put("request_uri_parameter_supported", false);
        return metadata;
    }

    private void userInfo(ServerRequest request, ServerResponse response) {
        Optional<Account> account = request.headers()
                .first(HeaderNames.AUTHORIZATION)
                .filter(header -> header.startsWith(BEARER))
                .flatMap(header -> mint.subjectOf(header.substring(BEARER.length())))
                .flatMap(subject -> Account.bySubject(config.accounts(), subject));
        if (account.isEmpty()) {
            response.header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
            Answers.json(response, 401, Map.of("error", "invalid_token"));
            return;
        }
        Answers.json(
                response,
                200,
                Map.of(
                        "sub", account.get().subject(),
                        "name", account.get().name(),
                        "groups", account.get().groups()));
    }

    /** Sends the browser back only to a registered address, and only with an ID token that was given here. */
    private void endSession(ServerRequest request, ServerResponse response) {
        Form form = Form.ofQuery(request);
        Optional<String> target = form.first("post_logout_redirect_uri");
        if (target.isEmpty()) {
            LoginPage.sendSignedOut(response);
        } else if (!form.repeated().isEmpty()
                || !config.postLogoutRedirectUris().contains(target.get())
                || !mint.isOwnIdToken(form.text("id_token_hint"))) {
            LoginPage.sendRefusal(response, "The application's return address is not registered.");
        } else {
            String state = form.first("state")
                    .map(value -> "?" + Form.encode(Map.of("state", value)))
                    .orElse("");
            Answers.redirect(response, target.get() + state);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
