package io.vitals.health;

import io.vitals.health.contract.Contract;
import io.vitals.health.contract.Contract.Operation;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Requests to every operation with canaries wherever a request can hold something, and what comes back that others than
 * the caller may see or keep: the bodies of refusals, and headers. A session cookie is set by its own header, which is
 * left out, and a redirect to the issuer has the state and nonce in it by its nature.
 */
final class CanaryTraffic implements AutoCloseable {
    private static final int TOO_LARGE = 300 * 1024;

    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final List<Integer> statuses = new ArrayList<>();
    private final String base;
    private final Canaries canaries;

    CanaryTraffic(String base, Canaries canaries) {
        this.base = base;
        this.canaries = canaries;
    }

    /** All operations, each with every kind of bad request, under each of these proofs. */
    void everything(List<Map<String, String>> proofs) throws IOException, InterruptedException {
        for (Operation operation : Contract.read().operations()) {
            for (Map<String, String> proof : proofs) {
                everyBadRequest(operation, proof);
            }
        }
    }

    /** Some operations once, as they are meant, under this proof: each may take as long as a connection may. */
    void withoutDatabase(Map<String, String> proof) throws IOException, InterruptedException {
        Set<String> some = Set.of("GET /api/v1/me", "GET /api/v1/users/{user}/days", "POST /api/v1/webhooks/sahha");
        for (Operation operation : Contract.read().operations().stream()
                .filter(o -> some.contains(o.toString()))
                .toList()) {
            send(
                    operation,
                    path(operation, "me", "2026-11-22", "00000000-0000-4000-8000-000000000000"),
                    "application/json",
                    "{}",
                    proof);
        }
    }

    private void everyBadRequest(Operation operation, Map<String, String> proof)
            throws IOException, InterruptedException {
        String plain = path(operation, "me", "2026-11-22", "00000000-0000-4000-8000-000000000000");
        String json = "{\"" + canaries.fresh("name of a field") + "\":\"" + canaries.fresh("text in a body")
                + "\",\"health_data\":\"" + canaries.fresh("consent") + "\",\"externalId\":\""
                + canaries.fresh("external id in a body") + "\",\"name\":\"" + canaries.fresh("name of a key")
                + "\",\"scopes\":[\"" + canaries.fresh("scope") + "\"],\"email\":\"" + canaries.fresh("address")
                + "@example.org\"}";
        List<Object[]> requests = new ArrayList<>();
        requests.add(new Object[] {plain, "application/json", json});
        requests.add(new Object[] {plain, "application/json", json.substring(0, json.length() - 2)});
        requests.add(new Object[] {plain, "application/json", "[" + canaries.fresh("broken JSON")});
        requests.add(new Object[] {plain, canaries.fresh("type of a body") + "/x", json});
        requests.add(new Object[] {
            plain,
            "application/x-www-form-urlencoded",
            "logout_token=" + canaries.fresh("logout token") + "&" + canaries.fresh("name in a form") + "=1"
        });
        requests.add(new Object[] {
            plain, "application/json", "\"" + canaries.fresh("large body") + "x".repeat(TOO_LARGE) + "\""
        });
        requests.add(new Object[] {
            plain + "?" + canaries.fresh("name of a parameter") + "=" + canaries.fresh("value of a parameter"), null, ""
        });
        requests.add(new Object[] {
            path(
                    operation,
                    canaries.fresh("user in a path"),
                    canaries.fresh("date in a path"),
                    canaries.fresh("id in a path")),
            null,
            ""
        });
        for (String name : operation.queryNames()) {
            if (!operation.path().equals("/auth/login")) {
                requests.add(new Object[] {plain + "?" + name + "=" + canaries.fresh("parameter " + name), null, ""});
            }
        }
        for (Object[] request : requests) {
            send(operation, (String) request[0], (String) request[1], (String) request[2], proof);
        }
    }

    private void send(Operation operation, String path, String type, String body, Map<String, String> proof)
            throws IOException, InterruptedException {
        boolean bodyless = operation.method().equals("GET") || type == null;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .method(
                        operation.method(),
                        bodyless ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .header("X-Signature", canaries.fresh("webhook signature"))
                .header("X-External-Id", canaries.fresh("external id"))
                .header("X-Event-Type", canaries.fresh("type of an event"))
                .header("If-None-Match", "\"" + canaries.fresh("entity tag") + "\"")
                .header("Last-Event-ID", canaries.fresh("last event"))
                .header("Referer", "http://example.org/" + canaries.fresh("referrer"))
                .header("User-Agent", canaries.fresh("user agent"))
                .header("X-Forwarded-For", canaries.fresh("forwarded address"))
                .header("traceparent", canaries.fresh("trace parent"))
                .header("baggage", "a=" + canaries.fresh("baggage"))
                .header(canaries.fresh("name of a header").replace("_", "-"), canaries.fresh("value of a header"));
        if (type != null && !bodyless) {
            request.header("Content-Type", type);
        }
        proof.forEach(request::header);
        keep(request.build());
    }

    /** Sends it, and keeps what of the answer is to be scanned. */
    void keep(HttpRequest request) throws IOException, InterruptedException {
        try (InputStream in = answer(request)) {
            in.readNBytes(0);
        } catch (IOException e) {
            // The server has closed on a body that it will not read; there is nothing to scan.
            if (request.bodyPublisher()
                    .map(body -> body.contentLength() < TOO_LARGE)
                    .orElse(true)) {
                throw e;
            }
        }
    }

    private InputStream answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        statuses.add(answer.statusCode());
        StringBuilder text = new StringBuilder(request.method()).append(' ').append(answer.statusCode());
        answer.headers().map().forEach((name, values) -> {
            boolean inherent = name.equalsIgnoreCase("Set-Cookie")
                    || (name.equalsIgnoreCase("Location")
                            && request.uri().getPath().equals("/auth/login"));
            if (!inherent) {
                text.append('\n').append(name).append(": ").append(values);
            }
        });
        if (answer.statusCode() >= 400) {
            text.append('\n').append(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        seen.add(text.toString());
        return answer.body();
    }

    /** Headers, and the bodies of refusals. */
    String answers() {
        return String.join("\n", seen);
    }

    List<Integer> statuses() {
        return List.copyOf(statuses);
    }

    private static String path(Operation operation, String user, String date, String id) {
        return operation
                .path()
                .replace("{user}", encode(user))
                .replace("{date}", encode(date))
                .replace("{member}", encode(id))
                .replace("{id}", encode(id))
                .replace("{erasure}", encode(id))
                .replace("{path}", encode(id));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
