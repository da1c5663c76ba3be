package io.vitals.journey.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitals.sandbox.launcher.Stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import static org.awaitility.Awaitility.await;

/** A signed-in member without a browser: cookies, redirects and origin as a browser has them. */
public final class MemberSession {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Stack stack;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<String, String> cookies = new TreeMap<>();

    private MemberSession(Stack stack) {
        this.stack = stack;
    }

    /** Tries again like a person: on a busy machine the issuer may take longer than health-api waits for it. */
    public static MemberSession signIn(Stack stack, String account) {
        return await("signed in as " + account)
                .atMost(PATIENCE)
                .ignoreExceptionsMatching(e -> e instanceof AssertionError)
                .until(() -> signInOnce(stack, account), session -> session != null);
    }

    private static MemberSession signInOnce(Stack stack, String account) {
        var session = new MemberSession(stack);
        URI login = session.location(session.get("/auth/login?to=/"));
        HttpResponse<String> picked = session.send(HttpRequest.newBuilder(login.resolve("/authorize"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(login.getRawQuery() + "&account=" + account))
                .build());
        session.follow(session.location(picked));
        return session;
    }

    /** Starts to connect and gives the address at WHOOP to which the browser would go. */
    public URI startLink() {
        HttpResponse<String> started = call("POST", "/api/v1/users/me/links/whoop", BodyPublishers.noBody());
        return URI.create(json(started).path("authorization_url").asText());
    }

    /** Consents and connects a simulated WHOOP member, and waits until the history is there. */
    public void connect(int whoopMember) {
        consent();
        follow(stack.simulators().whoop().approve(startLink(), whoopMember));
    }

    public void consent() {
        call("PUT", "/api/v1/users/me/consents", BodyPublishers.ofString("{\"health_data\":true}"));
    }

    public void disconnect() {
        call("DELETE", "/api/v1/users/me/links/whoop", BodyPublishers.noBody());
    }

    public JsonNode link() {
        return json(get("/api/v1/users/me/links/whoop"));
    }

    public boolean isCurrent() {
        return "current".equals(link().path("sync").path("state").asText());
    }

    /** The address within Vitals to which a callback leads. */
    public String follow(URI callback) {
        HttpResponse<String> answer = send(request(callback).GET().build());
        return location(answer).toString();
    }

    public HttpResponse<String> get(String path) {
        return send(request(stack.pageUrl().resolve(path)).GET().build());
    }

    public HttpResponse<String> call(String method, String path, BodyPublisher body) {
        return send(request(stack.pageUrl().resolve(path))
                .header("Origin", stack.pageUrl().toString())
                .header("Content-Type", "application/json")
                .method(method, body)
                .build());
    }

    public static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError("no JSON with status " + answer.statusCode(), e);
        }
    }

    private HttpRequest.Builder request(URI uri) {
        var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(15));
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            for (String cookie : answer.headers().allValues("Set-Cookie")) {
                String pair = cookie.split(";", 2)[0];
                cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
            return answer;
        } catch (IOException e) {
            throw new AssertionError("no answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private URI location(HttpResponse<String> answer) {
        return URI.create(answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError("no redirect but " + answer.statusCode())));
    }
}
