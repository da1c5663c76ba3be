package io.vitals.health.testing;

import io.vitals.health.access.Rule;
import io.vitals.health.keys.Scope;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.issuer.Account;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Calls any route of the policy with any proof of identity, so that a test can be generated from the policy. */
public final class Visitors {
    public static final String DATE = "2026-11-22";
    private static final int ENOUGH = 64 * 1024;

    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final Door door;
    private final Map<String, String> keys = new HashMap<>();
    private final Map<Account, Proof> sessions = new HashMap<>();
    private final Map<Account, String> members = new HashMap<>();

    public Visitors(Door door) {
        this.door = door;
        for (Account account : new Account[] {Account.MIRA, Account.JONAS}) {
            door.record(memberOf(account), DATE, "{\"date\":\"" + DATE + "\",\"marker\":\"" + marker(account) + "\"}");
        }
    }

    /** What stands in the account's records and in nobody else's. */
    public static String marker(Account account) {
        return "canary-" + account.subject() + "-7f3a";
    }

    /** Headers that prove who calls. */
    public record Proof(Map<String, String> headers) {
        @Override
        public String toString() {
            return "Proof" + headers.keySet();
        }
    }

    /** An answer, as much of it as comes at once. */
    public record Answer(int status, String body) {}

    public Proof nothing() {
        return new Proof(Map.of());
    }

    public Proof token(String token) {
        return new Proof(Map.of("Authorization", "Bearer " + token));
    }

    public Proof session(Account account) {
        return sessions.computeIfAbsent(account, a -> {
            Browser browser = door.browser();
            browser.signIn(a.subject());
            return new Proof(
                    Map.of("Cookie", "__Host-vitals=" + browser.cookies().get("__Host-vitals"), "Origin", Door.ORIGIN));
        });
    }

    /** A key with the scope, or with any when there is none. */
    public Proof key(Account account, Optional<Scope> scope) {
        return token(keyOf(account, scope.orElse(Scope.DAYS_READ)));
    }

    /** A key with a scope that is not this one. */
    public Proof keyWithout(Account account, Optional<Scope> scope) {
        Scope other = Arrays.stream(Scope.values())
                .filter(s -> scope.isEmpty() || s != scope.get())
                .findFirst()
                .orElseThrow();
        return token(keyOf(account, other));
    }

    public Proof revokedKey(Account account) {
        String issued = make(account, Scope.DAYS_READ);
        call("DELETE", "/api/v1/api-keys/" + text(issued, "id"), "", token(door.token(account)));
        return token(text(issued, "value"));
    }

    public Proof expiredKey(Account account) {
        String issued = make(account, Scope.DAYS_READ);
        door.database()
                .database()
                .execute(
                        Sql.named(
                                "expire-key",
                                "UPDATE api_key SET expires_at = created_at - interval '1 second' WHERE id = CAST(:id AS uuid)"),
                        Params.of("id", text(issued, "id")));
        return token(text(issued, "value"));
    }

    private String keyOf(Account account, Scope scope) {
        return keys.computeIfAbsent(account.subject() + scope, k -> text(make(account, scope), "value"));
    }

    private String make(Account account, Scope scope) {
        String body = "{\"name\":\"test\",\"scopes\":[\"" + scope.wire() + "\"]}";
        Answer made = call("POST", "/api/v1/api-keys", body, token(door.token(account)));
        if (made.status() != 201) {
            throw new AssertionError("no key: " + made);
        }
        return made.body();
    }

    public String memberOf(Account account) {
        return members.computeIfAbsent(
                account,
                a -> text(call("GET", "/api/v1/me", "", token(door.token(a))).body(), "member"));
    }

    public int status(Rule rule, String user, Proof proof) {
        return call(rule, user, proof).status();
    }

    /** Calls the route about the member's data; a row that the path names is one of Mira's. */
    public Answer call(Rule rule, String user, Proof proof) {
        String path =
                rule.pattern().replace("{user}", user).replace("{member}", user).replace("{date}", DATE);
        String key = "";
        if (path.contains("/sessions/{id}")) {
            path = path.replace("{id}", newSession(Account.MIRA));
        } else if (path.contains("{id}")) {
            key = text(make(Account.MIRA, Scope.REFRESH), "id");
            path = path.replace("{id}", key);
        }
        if (rule.pattern().endsWith("/days")) {
            path += "?from=" + DATE + "&to=" + DATE;
        } else if (rule.pattern().endsWith("/overview")) {
            path += "?period=" + DATE;
        } else if (rule.pattern().endsWith("/admin/members")) {
            path += "?state=none";
        }
        Answer answer = call(rule.method(), path, body(rule), proof);
        if (!key.isEmpty()) {
            call("DELETE", "/api/v1/api-keys/" + key, "", token(door.token(Account.MIRA)));
        } else if (rule.route().equals("POST /api/v1/api-keys") && answer.status() == 201) {
            call("DELETE", "/api/v1/api-keys/" + text(answer.body(), "id"), "", proof);
        }
        return answer;
    }

    /** Signs in once more; the name of the session, which is the first of the list. */
    private String newSession(Account account) {
        door.browser().signIn(account.subject());
        return text(
                call("GET", "/api/v1/me/sessions", "", token(door.token(account)))
                        .body(),
                "id");
    }

    private static String body(Rule rule) {
        return switch (rule.route()) {
            case "PUT /api/v1/users/{user}/consents" -> "{\"health_data\":true}";
            case "POST /api/v1/api-keys" -> "{\"name\":\"matrix\",\"scopes\":[\"days:read\"]}";
            case "POST /api/v1/admin/dead-letters/replay" ->
                "{\"source\":\"sahha\",\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-11-02T00:00:00Z\"}";
            default -> "";
        };
    }

    public Answer call(String method, String path, String body, Proof proof) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + door.port() + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        proof.headers().forEach(request::header);
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                boolean endless =
                        response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
                byte[] read = endless ? new byte[0] : in.readNBytes(ENOUGH);
                return new Answer(response.statusCode(), new String(read, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(String json, String field) {
        return json.replaceAll("(?s).*?\"" + field + "\":\"([^\"]+)\".*", "$1");
    }
}
