package io.vitals.kit.http;

import io.helidon.webserver.http.ServerRequest;
import org.jspecify.annotations.Nullable;

/** What the listener knows about the request it is serving. */
public final class RequestContext {
    static final String UNMATCHED = "unmatched";

    private final String requestId;
    private final long maxBodyBytes;
    private final long startedNanos;
    private volatile String route = UNMATCHED;
    private volatile byte @Nullable [] body;
    private volatile @Nullable String traceId;

    RequestContext(String requestId, long maxBodyBytes, long startedNanos) {
        this.requestId = requestId;
        this.maxBodyBytes = maxBodyBytes;
        this.startedNanos = startedNanos;
    }

    /**
     * The context of a request that came through {@link HttpServer}.
     *
     * @throws IllegalStateException for any other request
     */
    public static RequestContext of(ServerRequest request) {
        return request.context()
                .get(RequestContext.class)
                .orElseThrow(() -> new IllegalStateException("the request did not come through HttpServer"));
    }

    /** The caller's {@code X-Request-Id} if well formed, else a new one. */
    public String requestId() {
        return requestId;
    }

    /** The pattern of the route, never the raw path. */
    public String route() {
        return route;
    }

    /** Of the trace that the request is part of, if it is traced. */
    @Nullable
    String traceId() {
        return traceId;
    }

    void traced(String id) {
        traceId = id;
    }

    void matched(String pattern) {
        route = pattern;
    }

    /** The body, once somebody has read it; a filter and the handler may both need it. */
    byte @Nullable [] body() {
        return body;
    }

    void body(byte[] content) {
        body = content;
    }

    long maxBodyBytes() {
        return maxBodyBytes;
    }

    long startedNanos() {
        return startedNanos;
    }
}
