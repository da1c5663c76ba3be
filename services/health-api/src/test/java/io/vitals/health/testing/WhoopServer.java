package io.vitals.health.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.kit.json.Json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The internal API of a whoop-service whose members are all linked, over HTTP; it keeps every request as it came. */
public final class WhoopServer implements AutoCloseable {
    private static final String BASE = "/internal/v1/";
    /** How long a reader of the feed is kept waiting for nothing. */
    private static final long FEED_MILLIS = 200;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> requests = new ArrayList<>();
    private final List<Map<String, Object>> changes = new ArrayList<>();
    private final HttpServer server;
    private volatile Map<LocalDate, WhoopDay> days = Map.of();
    private volatile String authorizationUrl = "http://whoop.test/auth?state=s";
    private volatile Optional<Failing> failing = Optional.empty();

    /** What it answers to everything but the feed. */
    public record Failing(int status, String body) {}

    private WhoopServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public static WhoopServer start() {
        return new WhoopServer();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Method and URL of every request so far. */
    public List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** Every member has these days; the feed tells this one about it. */
    public void days(Map<LocalDate, WhoopDay> now, String member) {
        days = Map.copyOf(now);
        synchronized (changes) {
            now.keySet().forEach(date -> changes.add(Map.of("member", member, "date", date, "kind", "cycle")));
        }
    }

    public void authorizationUrl(String url) {
        authorizationUrl = url;
    }

    public void failing(Failing now) {
        failing = Optional.of(now);
    }

    public void healthy() {
        failing = Optional.empty();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            synchronized (requests) {
                requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            }
            String path = exchange.getRequestURI().getPath().substring(BASE.length());
            Optional<Failing> fault = failing.filter(f -> !path.equals("changes"));
            byte[] body = fault.map(f -> f.body().getBytes(StandardCharsets.UTF_8))
                    .orElseGet(() -> Json.write(document(exchange, path)));
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(fault.map(Failing::status).orElse(200), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Object document(HttpExchange exchange, String path) {
        String method = exchange.getRequestMethod();
        String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        String[] parts = path.split("/", -1);
        return switch (parts[0]) {
            case "links" ->
                method.equals("POST") && parts.length == 2
                        ? Map.of("authorization_url", authorizationUrl, "expires_at", "2199-01-01T00:00:00Z")
                        : Map.of("state", method.equals("DELETE") ? "revoked" : "active");
            case "sync" -> Map.of("state", "current");
            case "days" -> Map.of("days", within(query));
            case "coverage" -> Map.of("days", List.of());
            case "changes" -> feed(query);
            case "members" ->
                method.equals("DELETE")
                        ? Map.of("done", true, "removed", Map.of("cycle", 1))
                        : parts.length == 3
                                ? Map.of("tables", List.of("cycle"))
                                : Map.of("rows", List.of(Map.of("a", 1)));
            case "admin" -> WhoopAdminAnswers.of(path.substring("admin/".length()));
            case "webhooks" -> method.equals("POST") ? Map.of("events", 1) : WhoopAdminAnswers.deadLetters();
            default -> throw new IllegalStateException("no such route: " + path);
        };
    }

    private List<WhoopDay> within(String query) {
        LocalDate from = LocalDate.parse(parameter(query, "from").orElseThrow());
        LocalDate to = LocalDate.parse(parameter(query, "to").orElseThrow());
        return days.values().stream()
                .filter(day -> !day.date().isBefore(from) && !day.date().isAfter(to))
                .toList();
    }

    private Map<String, Object> feed(String query) {
        int after = parameter(query, "after").map(Integer::parseInt).orElse(0);
        synchronized (changes) {
            if (after < changes.size()) {
                return Map.of(
                        "changes", List.copyOf(changes.subList(after, changes.size())),
                        "cursor", Integer.toString(changes.size()));
            }
        }
        try {
            closed.await(FEED_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Map.of("changes", List.of(), "cursor", Integer.toString(after));
    }

    private static Optional<String> parameter(String query, String name) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return Optional.of(pair.substring(name.length() + 1));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
    }
}
