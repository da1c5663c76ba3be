package io.vitals.kit.outbound;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.tracing.HeaderProvider;
import io.helidon.tracing.Span;
import io.helidon.tracing.Tracer;
import io.helidon.webclient.api.HttpClientRequest;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.WebClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.deadline.Deadline;
import io.vitals.kit.http.DeadlineFilter;
import io.vitals.kit.signing.RequestSigner;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Calls one upstream and no other: the base URI is fixed when it is built, redirects are never followed, every call has
 * a deadline and every answer a size limit. Answers of any status are returned; only calls without a usable answer throw.
 * An upstream that keeps failing is left alone for a while, and only so many calls are under way at once. Nothing is
 * tried twice, unless the client was built for an upstream of several replicas.
 */
public final class OutboundClient implements AutoCloseable {
    private final String upstream;
    private final URI base;
    private final Duration deadline;
    private final int attempts;
    private final Duration pause;
    private final long maxBody;
    private final Optional<RequestSigner> signer;
    private final MeterRegistry registry;
    private final Tracer tracer;
    private final WebClient client;
    private final Guard guard;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

    private OutboundClient(Builder builder, MeterRegistry registry, Tracer tracer) {
        this.upstream = builder.upstream;
        this.base = builder.base;
        this.deadline = builder.deadline;
        this.attempts = builder.attempts;
        this.pause = builder.pause;
        this.maxBody = builder.maxBody.bytes();
        this.signer = Optional.ofNullable(builder.signer);
        this.registry = registry;
        this.tracer = tracer;
        this.guard = new Guard(upstream, builder.circuitDelay, builder.circuitVolume, builder.atOnce, registry);
        this.client = WebClient.builder()
                .baseUri(rootOf(base))
                .connectTimeout(builder.connectTimeout)
                .readTimeout(builder.deadline)
                .followRedirects(false)
                .sendExpectContinue(false)
                .keepAlive(true)
                // The shared one closes itself as soon as the process is asked to stop, under the requests that a drain
                // waits for.
                .shareConnectionCache(false)
                .servicesDiscoverServices(false)
                .build();
    }

    /**
     * Prepares a client.
     *
     * @param upstream short name for metrics, spans and errors
     * @param base scheme, host, port and path prefix of every call
     */
    public static Builder builder(String upstream, URI base) {
        return new Builder(upstream, base);
    }

    /**
     * Makes the call.
     *
     * @throws OutboundException if there is no complete answer within the deadline
     */
    public OutboundResponse send(OutboundRequest request) {
        Span span = tracer.spanBuilder(upstream + " " + request.operation())
                .kind(Span.Kind.CLIENT)
                .update(b -> Span.current().ifPresent(parent -> b.parent(parent.context())))
                .start();
        long start = System.nanoTime();
        String outcome = "error";
        try {
            OutboundResponse response = guard.run(() -> attempted(request, span));
            outcome = response.successful() ? "success" : "status_" + response.status() / 100 + "xx";
            span.tag("http.response.status_code", response.status());
            return response;
        } catch (OutboundException e) {
            outcome = e.kind().name().toLowerCase(Locale.ROOT);
            span.status(Span.Status.ERROR);
            throw e;
        } finally {
            span.tag("outcome", outcome);
            span.end();
            timer(request.operation(), outcome).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    /** Whether the upstream is called at present. */
    public Circuit circuit() {
        return guard.circuit();
    }

    /** The breaker hears of the last attempt only: a replica that died says nothing of the upstream. */
    private OutboundResponse attempted(OutboundRequest request, Span span) {
        long end = System.nanoTime() + Deadline.atMost(deadline).toNanos();
        Duration wait = pause;
        for (int attempt = 1; ; attempt++) {
            try {
                return withinDeadline(request, span, Duration.ofNanos(end - System.nanoTime()))
                        .after(attempt);
            } catch (OutboundException e) {
                if (!e.kind().brokenConnection() || attempt == attempts || !rested(wait, end)) {
                    throw e;
                }
                wait = wait.multipliedBy(2);
            }
        }
    }

    /** Gives whoever balances the time to learn of a dead replica; false when there is no time left. */
    private static boolean rested(Duration wait, long end) {
        if (end - System.nanoTime() <= wait.toNanos()) {
            return false;
        }
        try {
            Thread.sleep(wait);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private OutboundResponse withinDeadline(OutboundRequest request, Span span, Duration left) {
        if (!left.isPositive()) {
            throw new OutboundException(upstream, OutboundException.Kind.TIMEOUT);
        }
        // A read timeout alone bounds each silence, not the whole call.
        Future<OutboundResponse> call = calls.submit(() -> exchange(request, span, left));
        try {
            return call.get(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            call.cancel(true);
            throw new OutboundException(upstream, OutboundException.Kind.TIMEOUT);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof OutboundException known
                    ? known
                    : new OutboundException(upstream, kindOf(e.getCause()));
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new OutboundException(upstream, OutboundException.Kind.TIMEOUT);
        }
    }

    private OutboundResponse exchange(OutboundRequest request, Span span, Duration left) throws IOException {
        String path = pathOf(request);
        HttpClientRequest call = client.method(Method.create(request.method())).path(path);
        String query = queryOf(request);
        if (!query.isEmpty()) {
            // As one parameter: the client keeps several in maps, which write them in another order than they show to
            // who signs.
            int equals = query.indexOf('=');
            call.skipUriEncoding(true).queryParam(query.substring(0, equals), query.substring(equals + 1));
        }
        request.headers().forEach(pair -> call.header(HeaderNames.create(pair.name()), pair.value()));
        byte[] content = request.body().map(OutboundRequest.Body::content).orElse(new byte[0]);
        String contentType =
                request.body().map(OutboundRequest.Body::contentType).orElse("");
        if (!contentType.isEmpty()) {
            call.header(HeaderNames.CONTENT_TYPE, contentType);
        }
        tracer.inject(span.context(), HeaderProvider.empty(), new CallHeaders(call));
        signer.ifPresent(s -> sign(s, request, call, path, query, contentType, content, left));
        try (HttpClientResponse response = content.length > 0 ? call.submit(content) : call.request()) {
            return read(response);
        }
    }

    /** A service of ours is also told how long the answer is waited for. */
    private void sign(
            RequestSigner key,
            OutboundRequest request,
            HttpClientRequest call,
            String path,
            String query,
            String contentType,
            byte[] content,
            Duration left) {
        Map<String, String> covered = new HashMap<>();
        request.headers().forEach(pair -> covered.put(pair.name().toLowerCase(Locale.ROOT), pair.value()));
        String millis = Long.toString(left.toMillis());
        covered.put(DeadlineFilter.HEADER.toLowerCase(Locale.ROOT), millis);
        call.header(HeaderNames.create(DeadlineFilter.HEADER), millis);
        key.sign(request.method(), base.getRawAuthority(), path, query, contentType, content, covered)
                .forEach((name, value) -> call.header(HeaderNames.create(name), value));
    }

    private OutboundResponse read(HttpClientResponse response) throws IOException {
        Map<String, String> headers = new HashMap<>();
        response.headers().forEach(header -> headers.putIfAbsent(header.name().toLowerCase(Locale.ROOT), header.get()));
        byte[] body = new byte[0];
        if (response.entity().hasEntity()) {
            try (InputStream in = response.inputStream()) {
                body = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8L, maxBody + 1));
            }
        }
        if (body.length > maxBody) {
            throw new OutboundException(upstream, OutboundException.Kind.TOO_LARGE);
        }
        return new OutboundResponse(response.status().code(), headers, body, 1);
    }

    private static String queryOf(OutboundRequest request) {
        return request.query().stream()
                .map(pair -> encoded(pair.name()) + "=" + encoded(pair.value()))
                .collect(Collectors.joining("&"));
    }

    /** Percent-encoded for a query; a space as {@code %20}, which everybody reads alike. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Without its path, which every call's own path begins with already. */
    private static URI rootOf(URI base) {
        return URI.create(base.getScheme() + "://" + base.getRawAuthority());
    }

    private String pathOf(OutboundRequest request) {
        String prefix = base.getPath() == null ? "" : base.getPath();
        return (prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix) + request.path();
    }

    private Timer timer(String operation, String outcome) {
        return Timer.builder("outbound.requests")
                .description("Calls by upstream, operation and outcome")
                .tag("upstream", upstream)
                .tag("operation", operation)
                .tag("outcome", outcome)
                .register(registry);
    }

    private static OutboundException.Kind kindOf(@Nullable Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof ConnectException || t instanceof UnknownHostException) {
                return OutboundException.Kind.CONNECT;
            } else if (t instanceof SocketTimeoutException) {
                return OutboundException.Kind.TIMEOUT;
            }
        }
        return OutboundException.Kind.PROTOCOL;
    }

    @Override
    public void close() {
        calls.shutdownNow();
        client.closeResource();
    }

    /** Deadlines and limits; the defaults are 5 s a call, 1 s to connect, 4 MiB an answer, 64 calls at once, 5 s of rest. */
    public static final class Builder {
        private final String upstream;
        private final URI base;
        private Duration deadline = Duration.ofSeconds(5);
        private Duration connectTimeout = Duration.ofSeconds(1);
        private DataSize maxBody = DataSize.parse("4MiB");
        private Duration circuitDelay = Duration.ofSeconds(5);
        private int circuitVolume = 5;
        private int atOnce = 64;
        private int attempts = 1;
        private Duration pause = Duration.ZERO;
        private @Nullable RequestSigner signer;

        private Builder(String upstream, URI base) {
            this.upstream = upstream;
            this.base = base;
        }

        public Builder deadline(Duration limit) {
            deadline = limit;
            return this;
        }

        public Builder connectTimeout(Duration limit) {
            connectTimeout = limit;
            return this;
        }

        public Builder maxBody(DataSize limit) {
            maxBody = limit;
            return this;
        }

        /** How long an upstream that keeps failing is left alone before it is tried again. */
        public Builder circuitDelay(Duration delay) {
            circuitDelay = delay;
            return this;
        }

        /**
         * How many calls the breaker looks back on; it opens when four of five of them have failed. Fewer than five could be one bad record,
         * more is patience with an upstream that is down.
         */
        public Builder circuitVolume(int calls) {
            circuitVolume = calls;
            return this;
        }

        /** How many calls may be under way; more are refused at once. */
        public Builder atOnce(int calls) {
            atOnce = calls;
            return this;
        }

        /**
         * For an upstream of several replicas whose every operation may be repeated: a call whose connection broke is made
         * again, as another replica can answer it. All attempts share the deadline. A timeout is not repeated: who was
         * too slow once would be waited for again.
         *
         * @param most attempts in all
         * @param rest before the second attempt; doubled before each further one
         */
        public Builder attempts(int most, Duration rest) {
            attempts = most;
            pause = rest;
            return this;
        }

        /** Signs every call for a service of ours. */
        public Builder signer(RequestSigner requestSigner) {
            signer = requestSigner;
            return this;
        }

        public OutboundClient build(MeterRegistry registry, Tracer tracer) {
            return new OutboundClient(this, registry, tracer);
        }
    }
}
