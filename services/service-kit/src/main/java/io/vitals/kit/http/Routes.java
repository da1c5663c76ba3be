package io.vitals.kit.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.PathMatchers;
import io.helidon.tracing.HeaderProvider;
import io.helidon.tracing.Span;
import io.helidon.tracing.SpanContext;
import io.helidon.tracing.Tracer;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.slf4j.MDC;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The routes of one listener. Each is known by its pattern in metrics, spans and logs. */
public final class Routes {
    /**
     * One registered route.
     *
     * @param openEnded whether it answers for as long as there is no news, or its reader takes
     */
    public record Entry(String method, String pattern, boolean openEnded) {}

    private final HttpRouting.Builder routing;
    private final Tracer tracer;
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> openEnded = new HashSet<>();

    Routes(HttpRouting.Builder routing, Tracer tracer) {
        this.routing = routing;
        this.tracer = tracer;
    }

    public Routes get(String pattern, Handler handler) {
        return add(Method.GET, pattern, handler);
    }

    public Routes post(String pattern, Handler handler) {
        return add(Method.POST, pattern, handler);
    }

    public Routes put(String pattern, Handler handler) {
        return add(Method.PUT, pattern, handler);
    }

    public Routes delete(String pattern, Handler handler) {
        return add(Method.DELETE, pattern, handler);
    }

    /** Keeps a pattern out of what is promised: its time says nothing about how fast we are. */
    public Routes openEnded(String pattern) {
        openEnded.add(pattern);
        return this;
    }

    /** A filter around all routes of the listener; problems are still written outside of it. */
    public Routes filter(Filter filter) {
        routing.addFilter(filter);
        return this;
    }

    /** Every route so far, in order of registration. */
    public List<Entry> entries() {
        return entries.stream()
                .map(entry -> new Entry(entry.method(), entry.pattern(), openEnded.contains(entry.pattern())))
                .toList();
    }

    private Routes add(Method method, String pattern, Handler handler) {
        entries.add(new Entry(method.text(), pattern, false));
        routing.route(method, PathMatchers.create(pattern), (request, response) -> {
            RequestContext.of(request).matched(pattern);
            traced(method.text() + " " + pattern, request, response, handler);
        });
        return this;
    }

    private void traced(String name, ServerRequest request, ServerResponse response, Handler handler) throws Exception {
        if (!tracer.enabled()) {
            handler.handle(request, response);
            return;
        }
        Span.Builder<?> builder = tracer.spanBuilder(name).kind(Span.Kind.SERVER);
        parentOf(request).ifPresent(builder::parent);
        Span span = builder.start();
        RequestContext.of(request).traced(span.context().traceId());
        // The listener takes it away again: what becomes of an exception is logged after this.
        MDC.put("trace_id", span.context().traceId());
        try (var _ = span.activate()) {
            handler.handle(request, response);
            span.tag("http.response.status_code", response.status().code());
            span.end();
        } catch (FailureException e) {
            span.tag("http.response.status_code", e.failure().problem().status());
            span.end();
            throw e;
        } catch (Exception | Error e) {
            // Only the class: a message could quote a value.
            span.tag("error.type", e.getClass().getName());
            span.status(Span.Status.ERROR);
            span.end();
            throw e;
        }
    }

    private Optional<SpanContext> parentOf(ServerRequest request) {
        return tracer.extract(new RequestHeaders(request));
    }

    private record RequestHeaders(ServerRequest request) implements HeaderProvider {
        @Override
        public Iterable<String> keys() {
            List<String> names = new ArrayList<>();
            request.headers().forEach(header -> names.add(header.name()));
            return names;
        }

        @Override
        public Optional<String> get(String key) {
            return request.headers().first(HeaderNames.create(key));
        }

        @Override
        public Iterable<String> getAll(String key) {
            return request.headers().values(HeaderNames.create(key));
        }

        @Override
        public boolean contains(String key) {
            return request.headers().contains(HeaderNames.create(key));
        }
    }
}
