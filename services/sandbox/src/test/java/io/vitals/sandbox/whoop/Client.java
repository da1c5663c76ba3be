package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A plain client that knows nothing but the documented paths. */
final class Client {
    static final String ID = "client-1";
    static final String SECRET = "test-client-secret";
    static final String REDIRECT = "http://localhost:8080/api/v1/links/whoop/callback";
    static final String SCOPES =
            "offline read:recovery read:cycles read:workout read:sleep read:profile read:body_measurement";
    static final String STATE = "0123456789abcdef0123456789abcdef0123456789a";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final WhoopSimulator whoop;

    Client(WhoopSimulator whoop) {
        this.whoop = whoop;
    }

    static Map<String, String> authorization() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("client_id", ID);
        query.put("redirect_uri", REDIRECT);
        query.put("response_type", "code");
        query.put("scope", SCOPES);
        query.put("state", STATE);
        return query;
    }

    URI authorizeUrl(Map<String, String> query) {
        return URI.create(whoop.authorizeUrl() + "?" + encode(query));
    }

    /** A member's first token pair. */
    JsonNode link(int member, String scope) throws Exception {
        Map<String, String> query = authorization();
        query.put("scope", scope);
        String code = parameters(whoop.approve(authorizeUrl(query), member)).get("code");
        HttpResponse<String> answer =
                token(Map.of("grant_type", "authorization_code", "code", code, "redirect_uri", REDIRECT));
        return json(answer);
    }

    String accessToken(int member) throws Exception {
        return link(member, SCOPES).path("access_token").asText();
    }

    HttpResponse<String> token(Map<String, String> form) throws Exception {
        Map<String, String> all = new LinkedHashMap<>(Map.of("client_id", ID, "client_secret", SECRET));
        all.putAll(form);
        return post(whoop.tokenUrl(), encode(all));
    }

    HttpResponse<String> refresh(String token) throws Exception {
        return token(Map.of("grant_type", "refresh_token", "refresh_token", token, "scope", "offline"));
    }

    HttpResponse<String> post(URI uri, String form) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> api(String token, String path) throws IOException, InterruptedException {
        return send("GET", token, path);
    }

    HttpResponse<String> send(String method, String token, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(whoop.apiBaseUrl() + path))
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    static Map<String, String> parameters(URI uri) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : uri.getRawQuery().split("&", -1)) {
            int equals = pair.indexOf('=');
            parameters.put(
                    pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    static String encode(Map<String, String> parameters) {
        StringBuilder text = new StringBuilder();
        parameters.forEach((name, of) -> text.append(text.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(of, StandardCharsets.UTF_8)));
        return text.toString();
    }
}
