package io.vitals.sandbox.http;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;

import java.time.Duration;
import java.util.function.Consumer;

/** A server of the sandbox, closed by whoever started it. */
public final class LocalServer implements AutoCloseable {
    private static final long MAX_BODY = 256 * 1024;

    private final WebServer server;

    private LocalServer(WebServer server) {
        this.server = server;
    }

    /** Starts on loopback, on the port or on any free one for 0. */
    public static LocalServer start(int port, Consumer<HttpRouting.Builder> routing) {
        return start(Place.LOOPBACK, port, routing);
    }

    /** Starts on the port, or on any free one for 0. */
    public static LocalServer start(Place place, int port, Consumer<HttpRouting.Builder> routing) {
        var server = WebServer.builder()
                .host(place.bind())
                .port(port)
                .maxPayloadSize(MAX_BODY)
                // The check refuses a colon in a query, which RFC 3986 allows and times contain.
                .addProtocol(Http1Config.builder().validatePrologue(false).build())
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ofMillis(500))
                .routing(routing)
                .build();
        return new LocalServer(server.start());
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
