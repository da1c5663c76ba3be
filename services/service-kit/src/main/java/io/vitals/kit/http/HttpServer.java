package io.vitals.kit.http;

import io.helidon.common.socket.SocketOptions;
import io.helidon.tracing.Tracer;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A service's listeners. Each has a body limit, timeouts, request ids, problems, security headers, a metric per route
 * and a span per request; stopping drains the requests in flight.
 */
public final class HttpServer implements AutoCloseable {
    private static final EventLog LOG = EventLog.of(HttpServer.class);
    private static final Duration BETWEEN_REQUESTS = Duration.ofMillis(50);
    private static final int MAX_HEADER_BYTES = 16 * 1024;

    private final WebServer server;
    private final Map<String, List<Routes.Entry>> routes;
    private final String first;
    private final AtomicBoolean draining;

    private HttpServer(WebServer server, Map<String, List<Routes.Entry>> routes, String first, AtomicBoolean draining) {
        this.server = server;
        this.routes = Map.copyOf(routes);
        this.first = first;
        this.draining = draining;
    }

    public static Builder builder(HttpSettings settings, MeterRegistry registry, Tracer tracer, SecureRandom random) {
        return new Builder(settings, registry, tracer, random);
    }

    public HttpServer start() {
        server.start();
        routes.keySet()
                .forEach(name -> LOG.info("listening", LogField.LISTENER.of(name), LogField.PORT.of(port(name))));
        return this;
    }

    /** The bound port of a listener. */
    public int port(String listener) {
        return server.port(listener.equals(first) ? WebServer.DEFAULT_SOCKET_NAME : listener);
    }

    /** The routes of a listener, for tests that compare them with the contract. */
    public List<Routes.Entry> routes(String listener) {
        return routes.getOrDefault(listener, List.of());
    }

    /** Stops taking connections and waits for the requests in flight, at most the grace period. */
    @Override
    public void close() {
        draining.set(true);
        // A connection between the end of a request and its next read is missed by the server's own interrupt.
        LockSupport.parkNanos(BETWEEN_REQUESTS.toNanos());
        server.stop();
    }

    /** Collects listeners. */
    public static final class Builder {
        private final HttpSettings settings;
        private final RequestMetrics metrics;
        private final Tracer tracer;
        private final SecureRandom random;
        private final WebServerConfig.Builder server = WebServer.builder().shutdownHook(false);
        private final Map<String, List<Routes.Entry>> routes = new LinkedHashMap<>();
        private final List<String> names = new ArrayList<>();
        private final AtomicBoolean draining = new AtomicBoolean();

        private Builder(HttpSettings settings, MeterRegistry registry, Tracer tracer, SecureRandom random) {
            this.settings = settings;
            this.metrics = new RequestMetrics(registry);
            this.tracer = tracer;
            this.random = random;
        }

        /**
         * Adds a listener.
         *
         * @param maxBody larger request bodies are refused with 413
         */
        public Builder listener(String name, ListenerSettings where, DataSize maxBody, Consumer<Routes> register) {
            HttpRouting.Builder routing = HttpRouting.builder();
            routing.addFilter(new ListenerFilter(metrics, random, maxBody.bytes(), draining));
            // Faults of handlers end inside the routing, faults of filters outside of it: both become problems.
            routing.error(Throwable.class, Problems::answer);
            Routes collected = new Routes(routing, tracer);
            register.accept(collected);
            collected.entries().forEach(metrics::register);
            routes.put(name, collected.entries());
            if (names.isEmpty()) {
                configure(server, where, maxBody).routing(routing);
            } else {
                server.putSocket(
                        name,
                        configure(ListenerConfig.builder(), where, maxBody)
                                .routing(routing)
                                .build());
            }
            names.add(name);
            return this;
        }

        public HttpServer build() {
            return new HttpServer(server.build(), routes, names.getFirst(), draining);
        }

        private <B extends ListenerConfig.BuilderBase<B, ?>> B configure(
                B builder, ListenerSettings where, DataSize maxBody) {
            return builder.host(where.host())
                    .port(where.port())
                    .maxPayloadSize(maxBody.bytes())
                    .maxTcpConnections(settings.maxConnections())
                    .idleConnectionTimeout(settings.idleTimeout())
                    .idleConnectionPeriod(settings.idleTimeout().dividedBy(2))
                    .shutdownGracePeriod(settings.gracePeriod())
                    .connectionOptions(SocketOptions.builder()
                            .readTimeout(settings.readTimeout())
                            .build())
                    .directHandlers(Problems.direct(maxBody.bytes()))
                    .addProtocol(Http1Config.builder()
                            .maxHeadersSize(MAX_HEADER_BYTES)
                            // It refuses a bare colon in a query, which RFC 3986 allows and OAuth scopes bring along.
                            .validatePrologue(false)
                            // Off by default: a line break in a value would start a header of the caller's choice.
                            .validateResponseHeaders(true)
                            .build());
        }
    }
}
