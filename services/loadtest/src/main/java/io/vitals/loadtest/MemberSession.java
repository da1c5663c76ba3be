package io.vitals.loadtest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A signed-in member without a browser, who connects WHOOP. */
final class MemberSession implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stack stack;
    private final HttpClient http = HttpClient.newHttpClient();
    /** Kept by hand: the client's own manager withholds secure cookies from loopback, which a browser does not. */
    private final Map<String, String> cookies = new TreeMap<>();

    private MemberSession(Stack stack) {
        this.stack = stack;
    }

    static MemberSession signIn(Stack stack, Account account) throws IOException, InterruptedException {
        MemberSession session = new MemberSession(stack);
        URI login = session.location(session.get(stack.pageUrl().resolve("/auth/login?to=/")));
        HttpResponse<String> picked = session.send(HttpRequest.newBuilder(login.resolve("/authorize"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(login.getRawQuery() + "&account=" + account.subject())));
        session.get(session.location(picked));
        return session;
    }

    /** Consents and connects a simulated WHOOP member. */
    void connect(int whoopMember) throws IOException, InterruptedException {
        call("PUT", "/api/v1/users/me/consents", BodyPublishers.ofString("{\"health_data\":true}"));
        JsonNode started = JSON.readTree(call("POST", "/api/v1/users/me/links/whoop", BodyPublishers.noBody())
                .body());
        URI authorize = URI.create(started.path("authorization_url").asText());
        get(stack.simulators().whoop().approve(authorize, whoopMember));
    }

    /** Whether the history is there. */
    boolean isCurrent() throws IOException, InterruptedException {
        JsonNode link = JSON.readTree(
                get(stack.pageUrl().resolve("/api/v1/users/me/links/whoop")).body());
        return link.path("sync").path("state").asText().equals("current");
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri).GET());
    }

    private HttpResponse<String> call(String method, String path, BodyPublisher body)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(stack.pageUrl().resolve(path))
                .header("Origin", stack.pageUrl().toString())
                .header("Content-Type", "application/json")
                .method(method, body));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        for (String cookie : answer.headers().allValues("Set-Cookie")) {
            int equals = cookie.indexOf('=');
            int end = cookie.indexOf(';');
            cookies.put(cookie.substring(0, equals), cookie.substring(equals + 1, end < 0 ? cookie.length() : end));
        }
        if (answer.statusCode() >= 400) {
            throw new IllegalStateException(answer.uri().getPath() + " answered " + answer.statusCode());
        }
        return answer;
    }

    private URI location(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Location")
                .map(URI::create)
                .orElseThrow(() -> new IllegalStateException("no redirect but " + answer.statusCode()));
    }

    @Override
    public void close() {
        http.close();
    }
}
