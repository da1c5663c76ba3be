package io.vitals.runbooks.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Answers as Prometheus, Loki and Alertmanager do. */
final class FakePrometheus implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /**
     * Starts it.
     *
     * @param values of a query: the value of each series
     * @param fires whether the alert Example does
     */
    FakePrometheus(Function<String, List<String>> values, BooleanSupplier fires) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String query = parameter(exchange, "query");
            asked.add(query.isEmpty() ? path : query);
            if (query.equals("broken(")) {
                answer(exchange, 400, "{\"status\":\"error\",\"error\":\"1:8: parse error\"}");
                return;
            }
            switch (path) {
                case "/api/v1/query", "/loki/api/v1/query" -> answer(exchange, 200, vector(values.apply(query)));
                case "/loki/api/v1/query_range" -> answer(exchange, 200, lines(values.apply(query)));
                case "/api/v1/alerts" -> answer(exchange, 200, alerts(fires.getAsBoolean() ? "firing" : "pending"));
                case "/api/v2/alerts" -> answer(exchange, 200, fires.getAsBoolean() ? "[{}]" : "[]");
                case "/ready" -> answer(exchange, 200, "ready, password=hunter22");
                default -> answer(exchange, 404, "{}");
            }
        });
        server.start();
    }

    static FakePrometheus of(Function<String, List<String>> values) throws IOException {
        return new FakePrometheus(values, () -> false);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<String> asked() {
        return asked;
    }

    private static String parameter(HttpExchange exchange, String name) {
        String query = exchange.getRequestURI().getRawQuery();
        for (String part : query == null ? new String[0] : query.split("&", -1)) {
            if (part.startsWith(name + "=")) {
                return URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private static String vector(List<String> values) {
        var answer = JSON.createObjectNode().put("status", "success");
        var result = answer.putObject("data").put("resultType", "vector").putArray("result");
        for (int i = 0; i < values.size(); i++) {
            var series = result.addObject();
            series.putObject("metric").put("pod", "pod-" + i);
            series.putArray("value").add(1).add(values.get(i));
        }
        return answer.toString();
    }

    private static String lines(List<String> lines) {
        var answer = JSON.createObjectNode().put("status", "success");
        var values = answer.putObject("data")
                .put("resultType", "streams")
                .putArray("result")
                .addObject()
                .putArray("values");
        lines.forEach(line -> values.addArray().add("1").add(line));
        return answer.toString();
    }

    private static String alerts(String state) {
        var answer = JSON.createObjectNode().put("status", "success");
        answer.putObject("data")
                .putArray("alerts")
                .addObject()
                .put("state", state)
                .putObject("labels")
                .put("alertname", "Example");
        return answer.toString();
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
