package io.vitals.kit.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import org.slf4j.MDC;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/** The outermost filter of every listener: identity, default headers, problems and the request metric. */
final class ListenerFilter implements Filter {
    static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    /** Anything else could forge lines or suppress them in a careless log reader. */
    private static final Pattern WELL_FORMED_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private final RequestMetrics metrics;
    private final SecureRandom random;
    private final long maxBodyBytes;
    private final AtomicBoolean draining;

    ListenerFilter(RequestMetrics metrics, SecureRandom random, long maxBodyBytes, AtomicBoolean draining) {
        this.metrics = metrics;
        this.random = random;
        this.maxBodyBytes = maxBodyBytes;
        this.draining = draining;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        RequestContext context = new RequestContext(requestId(request), maxBodyBytes, System.nanoTime());
        request.context().register(context);
        DefaultHeaders.apply(response, context.requestId());
        response.whenSent(() -> metrics.record(
                context.route(),
                request.prologue().method().text(),
                response.status().code(),
                System.nanoTime() - context.startedNanos()));
        MDC.put("request_id", context.requestId());
        try {
            wellFormed(request.prologue().query().rawValue());
            chain.proceed();
        } catch (RuntimeException | Error e) {
            Problems.answer(request, response, e);
        } finally {
            MDC.remove("request_id");
            MDC.remove("trace_id");
        }
        if (draining.get()) {
            // Else the connection waits for a next request, and the stop for the connection.
            throw new CloseConnectionException("draining");
        }
    }

    /** Helidon decodes a query when somebody looks, and half an escape then fails with an exception of the JDK. */
    private static void wellFormed(String query) {
        for (int at = query.indexOf('%'); at >= 0; at = query.indexOf('%', at + 1)) {
            boolean whole = at + 2 < query.length()
                    && HexFormat.isHexDigit(query.charAt(at + 1))
                    && HexFormat.isHexDigit(query.charAt(at + 2));
            if (!whole) {
                throw new CommonFailure.InvalidInput("query", "has half an escape").toException();
            }
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
}
