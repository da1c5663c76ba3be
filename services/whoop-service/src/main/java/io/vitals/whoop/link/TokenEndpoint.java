package io.vitals.whoop.link;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.config.Secret;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.outbound.OutboundException;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** WHOOP's token endpoint: form in, JSON out, client id and secret in the body. */
final class TokenEndpoint {
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(30);

    /** Errors of RFC 6749 that say that the request or the app is wrong, and nothing of the member's grant. */
    private static final Set<String> OUR_FAULTS = Set.of(
            "invalid_client", "invalid_request", "invalid_scope", "unauthorized_client", "unsupported_grant_type");

    private final OutboundClient client;
    private final String path;
    private final OAuthSettings settings;

    /**
     * Takes the client.
     *
     * @param client its base is the token URL without its last segment, which is {@code path}
     */
    TokenEndpoint(OutboundClient client, String path, OAuthSettings settings) {
        this.client = client;
        this.path = path;
        this.settings = settings;
    }

    TokenReply exchange(String code, Secret verifier) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", settings.redirectUri().toString());
        if (settings.pkce()) {
            form.put("code_verifier", verifier.reveal());
        }
        return ask("exchange-code", form);
    }

    TokenReply refresh(Secret refreshToken) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refreshToken.reveal());
        form.put("scope", "offline");
        return ask("refresh-token", form);
    }

    private TokenReply ask(String operation, Map<String, String> form) {
        form.put("client_id", settings.clientId());
        form.put("client_secret", settings.clientSecret().reveal());
        String body = form.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        try {
            return judge(client.send(OutboundRequest.post(operation, path)
                    .header("Accept", "application/json")
                    .body(body.getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded")));
        } catch (OutboundException e) {
            return new TokenReply.Failed(
                    e.kind().name().toLowerCase(Locale.ROOT), e.kind() == OutboundException.Kind.CONNECT);
        }
    }

    private static TokenReply judge(OutboundResponse response) {
        return switch (response.status()) {
            case 200 -> read(response.body());
            // Hydra answers invalid_grant with 400 or 401.
            case 400, 401 -> refused(response);
            case 500, 502, 504 -> new TokenReply.Failed("status_" + response.status(), false);
            default -> new TokenReply.Failed("status_" + response.status(), true);
        };
    }

    /** A refusal without an OAuth error comes from something in between, and nobody loses a link for that. */
    private static TokenReply refused(OutboundResponse response) {
        String error = "";
        try {
            error = Json.tree(response.body()).path("error").asText("");
        } catch (MalformedJsonException _) {
            // Stays without a code.
        }
        if (error.isEmpty()) {
            return new TokenReply.Failed("status_" + response.status(), true);
        }
        return OUR_FAULTS.contains(error) ? new TokenReply.Failed("client_refused", true) : new TokenReply.Rejected();
    }

    static TokenReply read(byte[] body) {
        try {
            JsonNode token = Json.tree(body);
            String access = token.path("access_token").asText("");
            String refresh = token.path("refresh_token").asText("");
            long seconds = token.path("expires_in").asLong(0);
            if (access.isEmpty() || refresh.isEmpty() || seconds <= 0 || seconds > LONGEST_LIFETIME.toSeconds()) {
                return new TokenReply.Failed("unusable_answer", false);
            }
            List<String> scopes = Arrays.stream(token.path("scope").asText("").split(" ", -1))
                    .filter(scope -> scope.matches("[a-z_:]{1,64}"))
                    .toList();
            return new TokenReply.Issued(
                    new TokenPair(Secret.of(access), Secret.of(refresh), Duration.ofSeconds(seconds), scopes));
        } catch (MalformedJsonException _) {
            return new TokenReply.Failed("unusable_answer", false);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
