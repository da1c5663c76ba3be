package io.vitals.kit.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The one mapper from failures to RFC 9457 problems. */
final class Problems {
    static final String CONTENT_TYPE = "application/problem+json";
    /** So much of an unread body is read to keep the connection, in bytes. */
    private static final long DRAINED = 512;

    private static final EventLog LOG = EventLog.of(Problems.class);

    private Problems() {}

    static void answer(ServerRequest request, ServerResponse response, Throwable thrown) {
        if (response.isSent()) {
            return;
        }
        RequestContext context = RequestContext.of(request);
        Failure failure = failureOf(thrown, context.maxBodyBytes());
        // The routing has thrown away all headers set so far.
        DefaultHeaders.apply(response, context.requestId());
        if (failure.problem().status() >= 500) {
            LOG.error(
                    "request_failed",
                    thrown,
                    LogField.ROUTE.of(context.route()),
                    LogField.REQUEST_ID.of(context.requestId()),
                    LogField.REASON.of(failure.problem().slug()));
        }
        failure.retryAfter()
                .ifPresent(wait -> response.header(
                        HeaderNames.RETRY_AFTER,
                        Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds()))));
        failure.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        if (failure.problem().status() == 401) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        if (isLargeAndUnread(request)) {
            // The connection ends instead of the rest of the body being read; a client must not send its next request
            // there.
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        response.status(failure.problem().status());
        response.header(HeaderNames.CONTENT_TYPE, CONTENT_TYPE);
        response.send(body(failure, context.requestId(), context.traceId()));
    }

    private static boolean isLargeAndUnread(ServerRequest request) {
        return request.content().hasEntity()
                && !request.content().consumed()
                && request.headers().contentLength().orElse(Long.MAX_VALUE) > DRAINED;
    }

    /** Answers what fails before a route is found: broken framing, oversized bodies, bad headers. */
    static DirectHandlers direct(long maxBodyBytes) {
        DirectHandlers.Builder builder = DirectHandlers.builder();
        for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
            builder.addHandler(
                    event, (request, type, status, headers, message) -> direct(status, headers, maxBodyBytes));
        }
        return builder.build();
    }

    private static DirectHandler.TransportResponse direct(
            io.helidon.http.Status status, ServerResponseHeaders headers, long maxBodyBytes) {
        Failure failure = failureOf(status.code(), maxBodyBytes);
        byte[] body = body(failure, null, null);
        return DirectHandler.TransportResponse.builder()
                .status(io.helidon.http.Status.create(failure.problem().status()))
                .headers(headers)
                .header(HeaderNames.CONTENT_TYPE, CONTENT_TYPE)
                .entity(body)
                .keepAlive(false)
                .build();
    }

    private static Failure failureOf(Throwable thrown, long maxBodyBytes) {
        return switch (thrown) {
            case FailureException e -> e.failure();
            case MalformedJsonException e -> new CommonFailure.InvalidInput("body", e.why());
            case RequestException e -> failureOf(e.status().code(), maxBodyBytes);
            case HttpException e -> failureOf(e.status().code(), maxBodyBytes);
            case DatabaseException e
            when e.kind() == DatabaseException.Kind.CONNECTION || e.kind() == DatabaseException.Kind.TIMEOUT ->
                new CommonFailure.Unavailable("The database does not answer.", java.time.Duration.ofSeconds(2));
            case UncheckedIOException e
            when e.getCause() instanceof java.net.SocketTimeoutException ->
                new CommonFailure.InvalidInput("body", "did not arrive in time");
            default -> new CommonFailure.Internal();
        };
    }

    private static Failure failureOf(int status, long maxBodyBytes) {
        return switch (status) {
            case 401 -> new CommonFailure.Unauthorized();
            case 403 -> new CommonFailure.Forbidden("You may not do this.");
            case 404, 405 -> new CommonFailure.NotFound();
            case 413 -> new CommonFailure.TooLarge(maxBodyBytes);
            case 503 -> new CommonFailure.Unavailable("Too much is going on.", java.time.Duration.ofSeconds(1));
            default ->
                status >= 400 && status < 500
                        ? new CommonFailure.InvalidInput("request", "is not valid HTTP for this server")
                        : new CommonFailure.Internal();
        };
    }

    static byte[] body(Failure failure, @Nullable String requestId, @Nullable String traceId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", failure.problem().uri());
        body.put("title", failure.problem().title());
        body.put("status", failure.problem().status());
        body.put("detail", failure.detail());
        body.putAll(failure.members());
        if (requestId != null) {
            body.put("request_id", requestId);
        }
        if (traceId != null) {
            body.put("trace_id", traceId);
        }
        return Json.write(body);
    }
}
