package io.vitals.kit.tracing;

import io.helidon.tracing.HeaderProvider;
import io.helidon.tracing.Span;
import io.helidon.tracing.SpanContext;
import io.helidon.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a trace over a queue: who puts work in keeps with it where the trace stands, and who does the work goes on from
 * there. The text is a {@code traceparent} of <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>.
 */
public final class Handover {
    private static final Pattern TRACEPARENT = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

    /** The header of Jaeger, as Helidon's provider reads no traceparent: what it calls W3C is baggage alone. */
    private static final String HEADER = "uber-trace-id";

    private static final String LOGGED = "trace_id";

    private final Tracer tracer;

    public Handover(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Where the trace of what is being done stands; null if it has none. */
    public static @Nullable String current() {
        return Span.current()
                .map(Span::context)
                .map(at -> "00-" + at.traceId() + "-" + at.spanId() + "-01")
                .orElse(null);
    }

    /**
     * Does the work in a span of its own, and its lines in the log name the trace.
     *
     * @param name says what is done, and holds nothing that differs from member to member
     * @param from where the trace that it belongs to stood; with null, or with what is no traceparent, it begins one
     */
    public <T> T goOn(String name, @Nullable String from, Supplier<T> work) {
        if (!tracer.enabled()) {
            return work.get();
        }
        Span.Builder<?> builder = tracer.spanBuilder(name).kind(Span.Kind.CONSUMER);
        parent(from).ifPresent(builder::parent);
        Span span = builder.start();
        String before = MDC.get(LOGGED);
        MDC.put(LOGGED, span.context().traceId());
        try (var _ = span.activate()) {
            return work.get();
        } catch (RuntimeException | Error e) {
            // Only the class: a message could quote a value.
            span.tag("error.type", e.getClass().getName());
            span.status(Span.Status.ERROR);
            throw e;
        } finally {
            span.end();
            if (before == null) {
                MDC.remove(LOGGED);
            } else {
                MDC.put(LOGGED, before);
            }
        }
    }

    private Optional<SpanContext> parent(@Nullable String from) {
        if (from == null) {
            return Optional.empty();
        }
        Matcher parts = TRACEPARENT.matcher(from);
        return parts.matches()
                ? tracer.extract(new Kept(parts.group(1) + ":" + parts.group(2) + ":0:" + parts.group(3)))
                : Optional.empty();
    }

    /** What was kept, as the header that it would have been. */
    private record Kept(String header) implements HeaderProvider {
        @Override
        public Iterable<String> keys() {
            return List.of(HEADER);
        }

        @Override
        public Optional<String> get(String key) {
            return contains(key) ? Optional.of(header) : Optional.empty();
        }

        @Override
        public Iterable<String> getAll(String key) {
            return get(key).stream().toList();
        }

        @Override
        public boolean contains(String key) {
            return key.equals(HEADER);
        }
    }
}
