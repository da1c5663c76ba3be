package io.vitals.kit.outbound;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One call to make.
 *
 * @param operation names the call in metrics and spans; never holds an id
 * @param path below the upstream's base: a slash, then letters, digits and {@code / _ . : -} only, so that no id can
 *     smuggle in another path
 */
public record OutboundRequest(
        String method, String operation, String path, List<Pair> query, List<Pair> headers, Optional<Body> body) {
    private static final Pattern SAFE_PATH = Pattern.compile("/[A-Za-z0-9/_.:-]*");

    /** A query parameter or header. */
    public record Pair(String name, String value) {}

    /** What is sent. */
    public record Body(byte[] content, String contentType) {}

    public OutboundRequest {
        query = List.copyOf(query);
        headers = List.copyOf(headers);
        if (!SAFE_PATH.matcher(path).matches() || path.contains("..")) {
            throw new IllegalArgumentException("not a safe path");
        }
    }

    public static OutboundRequest get(String operation, String path) {
        return of("GET", operation, path);
    }

    public static OutboundRequest post(String operation, String path) {
        return of("POST", operation, path);
    }

    public static OutboundRequest put(String operation, String path) {
        return of("PUT", operation, path);
    }

    public static OutboundRequest delete(String operation, String path) {
        return of("DELETE", operation, path);
    }

    private static OutboundRequest of(String method, String operation, String path) {
        return new OutboundRequest(method, operation, path, List.of(), List.of(), Optional.empty());
    }

    public OutboundRequest query(String name, String value) {
        return new OutboundRequest(method, operation, path, plus(query, name, value), headers, body);
    }

    public OutboundRequest header(String name, String value) {
        return new OutboundRequest(method, operation, path, query, plus(headers, name, value), body);
    }

    public OutboundRequest body(byte[] content, String contentType) {
        return new OutboundRequest(
                method, operation, path, query, headers, Optional.of(new Body(content, contentType)));
    }

    private static List<Pair> plus(List<Pair> pairs, String name, String value) {
        List<Pair> more = new ArrayList<>(pairs);
        more.add(new Pair(name, value));
        return more;
    }
}
