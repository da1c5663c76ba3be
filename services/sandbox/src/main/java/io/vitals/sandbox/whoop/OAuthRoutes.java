package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** {@code /oauth/oauth2}: the consent page and the token endpoint. */
final class OAuthRoutes implements HttpService {
    private static final Map<String, String> PAGE_HEADERS = Map.of(
            "Content-Security-Policy",
            // No form-action: the answer to the form redirects to the app, and browsers apply the rule to that too.
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer");

    private final WhoopSimulatorConfig config;
    private final Authorizer authorizer;
    private final Grants grants;
    private final Exchange exchange;
    private final Runnable onLink;

    OAuthRoutes(WhoopSimulatorConfig config, Authorizer authorizer, Grants grants, Exchange exchange, Runnable onLink) {
        this.config = config;
        this.authorizer = authorizer;
        this.grants = grants;
        this.exchange = exchange;
        this.onLink = onLink;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/auth", exchange.page(this::authorize));
        rules.post("/auth/decision", exchange.page(this::decide));
        rules.post("/token", exchange.call(WhoopEndpoint.TOKEN, "POST /oauth/oauth2/token", this::token));
    }

    private Reply authorize(ServerRequest request) {
        return reply(authorizer.begin(name -> request.query().first(name).orElse(null)));
    }

    private Reply decide(ServerRequest request) {
        Map<String, String> form = form(request);
        return reply(authorizer.decide(
                form.getOrDefault("request", ""), "allow".equals(form.get("decision")), number(form.get("member"))));
    }

    private Reply reply(Authorizer.Outcome outcome) {
        return switch (outcome) {
            case Authorizer.Outcome.Ask(Authorizer.Consent consent) ->
                Reply.html(200, ConsentPage.ask(consent, authorizer.members(), authorizer.proposed()))
                        .with(PAGE_HEADERS);
            case Authorizer.Outcome.SendBack(String location) -> Reply.seeOther(location);
            case Authorizer.Outcome.Stay(String error, String why) ->
                Reply.html(400, ConsentPage.error(error, why)).with(PAGE_HEADERS);
        };
    }

    private Reply token(ServerRequest request) {
        Map<String, String> form = form(request);
        if (!config.clientId().equals(form.get("client_id"))
                || !Hashes.equal(config.clientSecret(), form.getOrDefault("client_secret", ""))) {
            return oauthError(401, "invalid_client");
        }
        try {
            return switch (form.getOrDefault("grant_type", "")) {
                case "authorization_code" -> {
                    Grants.Tokens first = grants.redeem(
                            form.getOrDefault("code", ""),
                            form.getOrDefault("redirect_uri", ""),
                            form.get("code_verifier"));
                    onLink.run();
                    yield tokens(first);
                }
                case "refresh_token" ->
                    tokens(grants.refresh(form.getOrDefault("refresh_token", ""), wanted(form.get("scope"))));
                default -> oauthError(400, "unsupported_grant_type");
            };
        } catch (Grants.Refused e) {
            return oauthError(400, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Set<String> wanted(@Nullable String scope) {
        return scope == null ? null : Authorizer.words(scope);
    }

    private static Reply tokens(Grants.Tokens tokens) {
        ObjectNode body = WhoopJson.object();
        body.put("access_token", tokens.access());
        String refresh = tokens.refresh();
        if (refresh != null) {
            body.put("refresh_token", refresh);
        }
        body.put("expires_in", tokens.lifetime().toSeconds());
        body.put("scope", String.join(" ", tokens.scopes()));
        body.put("token_type", "bearer");
        return Reply.json(200, body).with(Map.of("Cache-Control", "no-store"));
    }

    private static Reply oauthError(int status, String error) {
        ObjectNode body = WhoopJson.object();
        body.put("error", error);
        body.put("error_description", "The request was refused.");
        return Reply.json(status, body).with(Map.of("Cache-Control", "no-store"));
    }

    private static Map<String, String> form(ServerRequest request) {
        Map<String, String> form = new HashMap<>();
        for (String pair : request.content().as(String.class).split("&", 40)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static int number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    }
}
