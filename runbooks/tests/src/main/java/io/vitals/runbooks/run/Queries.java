package io.vitals.runbooks.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.StringJoiner;

/** Asks Prometheus and Loki, and what else answers over HTTP. */
final class Queries implements AutoCloseable {
    /** As many lines as a person reads. */
    private static final int LINES = 50;

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    Answer promql(URI prometheus, String query, Duration timeout) throws StepFailure, InterruptedException {
        return vector(get(prometheus, "/api/v1/query", Map.of("query", query), timeout));
    }

    /** Lines of the last hour, or the numbers of now. */
    Answer logql(URI loki, String query, Duration timeout) throws StepFailure, InterruptedException {
        if (!query.stripLeading().startsWith("{")) {
            return vector(get(loki, "/loki/api/v1/query", Map.of("query", query), timeout));
        }
        JsonNode answer = get(
                loki,
                "/loki/api/v1/query_range",
                Map.of("query", query, "since", "1h", "limit", Integer.toString(LINES)),
                timeout);
        var lines = new ArrayList<String>();
        answer.at("/data/result")
                .forEach(stream -> stream.path("values")
                        .forEach(value -> lines.add(value.path(1).asText())));
        return Answer.rows(lines.size(), Double.NaN, String.join("\n", lines));
    }

    /** Whether an alert of that name fires, by Prometheus' own word. */
    boolean fires(URI prometheus, String alert, Duration timeout) throws StepFailure, InterruptedException {
        for (JsonNode known :
                get(prometheus, "/api/v1/alerts", Map.of(), timeout).at("/data/alerts")) {
            if (known.at("/labels/alertname").asText().equals(alert)
                    && known.path("state").asText().equals("firing")) {
                return true;
            }
        }
        return false;
    }

    /** Whether Alertmanager has one of that name that is not over. */
    boolean isKnown(URI alertmanager, String alert, Duration timeout) throws StepFailure, InterruptedException {
        return !get(
                        alertmanager,
                        "/api/v2/alerts",
                        Map.of("active", "true", "filter", "alertname=\"" + alert + "\""),
                        timeout)
                .isEmpty();
    }

    private static Answer vector(JsonNode answer) {
        JsonNode result = answer.at("/data/result");
        String type = answer.at("/data/resultType").asText();
        if (type.equals("scalar") || type.equals("string")) {
            String value = result.path(1).asText();
            return Answer.rows(1, number(value), value);
        }
        var lines = new ArrayList<String>();
        for (JsonNode series : result) {
            var labels = new StringJoiner(", ", "{", "}");
            series.path("metric")
                    .properties()
                    .forEach(label ->
                            labels.add(label.getKey() + "=\"" + label.getValue().asText() + '"'));
            lines.add(labels + " " + series.at("/value/1").asText());
        }
        return Answer.rows(
                result.size(),
                result.size() == 1 ? number(result.at("/0/value/1").asText()) : Double.NaN,
                String.join("\n", lines));
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException e) {
                    yield Double.NaN;
                }
            }
        };
    }

    private JsonNode get(URI at, String path, Map<String, String> parameters, Duration timeout)
            throws StepFailure, InterruptedException {
        var query = new StringJoiner("&", "?", "").setEmptyValue("");
        parameters.forEach((name, value) -> query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        String base = at.toString().replaceFirst("/+$", "");
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(base + path + query))
                .timeout(timeout)
                .build());
        JsonNode json;
        try {
            json = JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new StepFailure(path + " answers " + answer.statusCode() + " and no JSON", e);
        }
        if (answer.statusCode() != 200) {
            throw new StepFailure(path + " answers " + answer.statusCode() + ": "
                    + json.path("error").asText(answer.body()));
        }
        return json;
    }

    /** A request as files of the form .http have it: a line, headers, and behind an empty line what is sent. */
    Answer http(String text, Duration timeout) throws StepFailure, InterruptedException {
        List<String> lines = text.lines().toList();
        String[] first = lines.getFirst().strip().split("\\s+", -1);
        if (first.length != 2 || !first[0].matches("[A-Z]{3,7}")) {
            throw new StepFailure("does not begin with a method and an address");
        }
        int end = lines.indexOf("") < 0 ? lines.size() : lines.indexOf("");
        String body = String.join("\n", lines.subList(Math.min(end + 1, lines.size()), lines.size()));
        try {
            var request = HttpRequest.newBuilder(URI.create(first[1]))
                    .timeout(timeout)
                    .method(
                            first[0],
                            body.isEmpty()
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body));
            for (String header : lines.subList(1, end)) {
                String[] parts = header.split(":", 2);
                if (parts.length != 2) {
                    throw new StepFailure("has a header without a colon");
                }
                request.header(parts[0].strip(), parts[1].strip());
            }
            HttpResponse<String> answer = send(request.build());
            return new Answer(OptionalInt.of(answer.statusCode()), answer.body(), "", OptionalInt.empty(), Double.NaN);
        } catch (IllegalArgumentException e) {
            throw new StepFailure("is no request: " + e.getMessage(), e);
        }
    }

    private HttpResponse<String> send(HttpRequest request) throws StepFailure, InterruptedException {
        String where = request.uri().getAuthority();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (HttpTimeoutException e) {
            throw new StepFailure(where + " did not answer in time", e);
        } catch (IOException e) {
            throw new StepFailure(where + " does not answer", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
