package io.vitals.kit.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import org.slf4j.MDC;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The outermost filter of every listener: identity, default headers, problems and the request metric. */
final class ListenerFilter implements Filter {
    static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    /** Anything else could forge lines or suppress them in a careless log reader. */
    private static final Pattern WELL_FORMED_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private static final HeaderName CONTENT_TYPE_OPTIONS = HeaderNames.create("X-Content-Type-Options");
    private static final HeaderName TRANSPORT_SECURITY = HeaderNames.create("Strict-Transport-Security");
    private static final HeaderName FRAME_OPTIONS = HeaderNames.create("X-Frame-Options");
    private static final HeaderName REFERRER_POLICY = HeaderNames.create("Referrer-Policy");
    private static final HeaderName CSP = HeaderNames.create("Content-Security-Policy");
    private static final HeaderName RESOURCE_POLICY = HeaderNames.create("Cross-Origin-Resource-Policy");
    private static final HeaderName PERMISSIONS = HeaderNames.create("Permissions-Policy");

    private final RequestMetrics metrics;
    private final SecureRandom random;
    private final long maxBodyBytes;

    ListenerFilter(RequestMetrics metrics, SecureRandom random, long maxBodyBytes) {
        this.metrics = metrics;
        this.random = random;
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        RequestContext context = new RequestContext(requestId(request), maxBodyBytes, System.nanoTime());
        request.context().register(context);
        defaultHeaders(response, context.requestId());
        response.whenSent(() -> metrics.record(
                context.route(),
                request.prologue().method().text(),
                response.status().code(),
                System.nanoTime() - context.startedNanos()));
        MDC.put("request_id", context.requestId());
        try {
            chain.proceed();
        } catch (RuntimeException | Error e) {
            Problems.answer(request, response, e);
        } finally {
            MDC.remove("request_id");
        }
    }

    private String requestId(RoutingRequest request) {
        String given = request.headers().first(REQUEST_ID).orElse("");
        if (WELL_FORMED_ID.matcher(given).matches()) {
            return given;
        }
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void defaultHeaders(RoutingResponse response, String requestId) {
        response.header(REQUEST_ID, requestId);
        response.header(CONTENT_TYPE_OPTIONS, "nosniff");
        response.header(TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(FRAME_OPTIONS, "DENY");
        response.header(REFERRER_POLICY, "no-referrer");
        response.header(CSP, "default-src 'none'; frame-ancestors 'none'");
        response.header(RESOURCE_POLICY, "same-origin");
        response.header(PERMISSIONS, "camera=(), geolocation=(), microphone=()");
    }
}
