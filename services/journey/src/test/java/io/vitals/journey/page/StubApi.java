package io.vitals.journey.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the page's real files under its real content security policy, and answers the public API from a {@link StubMember}. */
final class StubApi implements AutoCloseable {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    private static final Path WEB = Path.of("../health-api/src/main/resources/web");
    private static final String CHART = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.js";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "css", "text/css", "js", "text/javascript", "svg", "image/svg+xml");

    private static final Map<Integer, String> SLUGS =
            Map.of(403, "forbidden", 404, "not-found", 409, "too-many-keys", 429, "rate-limited");

    private final ObjectMapper json = new ObjectMapper();
    private final StubMember member;
    private final StubAccount account;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<OutputStream> streams = new CopyOnWriteArrayList<>();
    private final List<String> writes = new CopyOnWriteArrayList<>();

    StubApi(StubMember member) throws IOException {
        this.member = member;
        account = new StubAccount(member);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String origin() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    StubAccount account() {
        return account;
    }

    /** Requests that change something, as "METHOD path body", in order. */
    List<String> writes() {
        return List.copyOf(writes);
    }

    int listeners() {
        return streams.size();
    }

    void tell(String event, String data) throws IOException {
        for (OutputStream stream : streams) {
            stream.write("event: %s\ndata: %s\n\n".formatted(event, data).getBytes(StandardCharsets.UTF_8));
            stream.flush();
        }
    }

    void cutStreams() throws IOException {
        for (OutputStream stream : streams) {
            stream.close();
        }
        streams.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!method.equals("GET")) {
            writes.add((method + " " + path + " " + body).strip());
        }
        switch (path) {
            case "/" -> file(exchange, "index.html");
            case "/assets/vendor/chart.js" -> bytes(exchange, 200, "text/javascript", chart());
            case "/auth/login" -> redirect(exchange, () -> member.signedIn(true));
            case "/auth/logout" -> redirect(exchange, () -> member.signedIn(false));
            case "/whoop" -> bytes(exchange, 200, "text/html", "<title>WHOOP</title>".getBytes(StandardCharsets.UTF_8));
            default -> {
                if (path.startsWith("/assets/")) {
                    file(exchange, path.substring(1));
                } else {
                    api(exchange, method, path, body);
                }
            }
        }
    }

    private void api(HttpExchange exchange, String method, String path, String body) throws IOException {
        int fault = member.fault(method, path);
        if (fault != 0) {
            exchange.getResponseHeaders().set("Retry-After", "7");
            problem(exchange, fault);
        } else if (!member.signedIn() && !path.startsWith("/api/v1/erasures/")) {
            json(exchange, 401, Map.of("type", "urn:vitals:problem:unauthorized", "title", "Unauthorized"));
        } else {
            switch (method + " " + path) {
                case "GET /api/v1/me" -> json(exchange, 200, member.me());
                case "PUT /api/v1/users/me/consents" -> {
                    JsonNode wish = json.readTree(body);
                    member.consented(wish.get("health_data").booleanValue());
                    json(exchange, 200, member.me());
                }
                case "GET /api/v1/users/me/links/whoop" -> json(exchange, 200, member.link());
                case "POST /api/v1/users/me/links/whoop" ->
                    json(
                            exchange,
                            201,
                            Map.of("authorization_url", origin() + "/whoop", "expires_at", "2026-01-01T00:00:00Z"));
                case "DELETE /api/v1/users/me/links/whoop" -> {
                    member.linkState("revoked");
                    json(exchange, 200, member.link());
                }
                case "GET /api/v1/users/me/sources" -> json(exchange, 200, member.sources());
                case "GET /api/v1/users/me/days" -> json(exchange, 200, member.days());
                case "GET /api/v1/users/me/events" -> stream(exchange);
                default -> account(exchange, method, path, body);
            }
        }
    }

    private void account(HttpExchange exchange, String method, String path, String body) throws IOException {
        String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        StubAccount.Reply reply =
                account.answer(method, path, query, json.readTree(body)).orElse(new StubAccount.Reply(404, null));
        if (reply.status() >= 400) {
            problem(exchange, reply.status());
        } else if (reply.body() instanceof byte[] file) {
            bytes(exchange, reply.status(), "application/zip", file);
        } else if (reply.body() == null) {
            exchange.sendResponseHeaders(reply.status(), -1);
            exchange.close();
        } else {
            json(exchange, reply.status(), reply.body());
        }
    }

    private void problem(HttpExchange exchange, int status) throws IOException {
        String slug = SLUGS.getOrDefault(status, "unavailable");
        json(exchange, status, Map.of("type", "urn:vitals:problem:" + slug, "title", slug, "status", status));
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.write(": open\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        streams.add(out);
    }

    private void redirect(HttpExchange exchange, Runnable change) throws IOException {
        change.run();
        exchange.getResponseHeaders().set("Location", "/");
        exchange.sendResponseHeaders(303, -1);
        exchange.close();
    }

    private void json(HttpExchange exchange, int status, Object body) throws IOException {
        bytes(
                exchange,
                status,
                status < 400 ? "application/json" : "application/problem+json",
                json.writeValueAsBytes(body));
    }

    private void file(HttpExchange exchange, String name) throws IOException {
        Path file = WEB.resolve(name).normalize();
        @Nullable String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !file.startsWith(WEB) || !Files.exists(file)) {
            bytes(exchange, 404, "text/plain", new byte[0]);
        } else {
            bytes(exchange, 200, type, Files.readAllBytes(file));
        }
    }

    private static byte[] chart() {
        try (InputStream in = StubApi.class.getResourceAsStream(CHART)) {
            if (in == null) {
                throw new IllegalStateException("the chart.js WebJar is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void bytes(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
