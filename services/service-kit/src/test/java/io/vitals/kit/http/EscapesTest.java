package io.vitals.kit.http;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

import static org.assertj.core.api.Assertions.assertThat;

/** Escapes in a request's path and query as they come, for which clients that check their own would not do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EscapesTest {
    private HttpServer server;

    @BeforeAll
    void start() {
        server = HttpServer.builder(
                        HttpSettings.defaults(), new SimpleMeterRegistry(), Tracer.noOp(), new SecureRandom())
                .listener(
                        "public",
                        new ListenerSettings("127.0.0.1", 0),
                        new DataSize(1000),
                        routes -> routes.get("/things/{id}", (request, response) -> {
                            request.path().pathParameters().get("id");
                            request.query()
                                    .names()
                                    .forEach(name -> request.query().all(name));
                            Replies.empty(response, 204);
                        }))
                .build()
                .start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/things/1?a=%, query",
        "/things/1?a=%3, query",
        "/things/1?%zz=1, query",
        "/things/1?a=1&b=%+1, query",
        "/things/%, request",
        "/things/%4, request",
        "/things/%g0?a=1, request"
    })
    void half_an_escape_is_refused(String target, String field) throws IOException {
        assertThat(answer(target)).startsWith("HTTP/1.1 400 ").contains("invalid-input", "\"field\":\"" + field + '"');
    }

    @ParameterizedTest
    @CsvSource({"/things/1?a=%25", "/things/%31?a=%3d&b=%C3%A9", "/things/1?a=%ff%00", "/things/1?=&&a", "/things/1?"})
    void a_whole_one_is_not(String target) throws IOException {
        assertThat(answer(target)).startsWith("HTTP/1.1 204 ");
    }

    private String answer(String target) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port("public"))) {
            socket.setSoTimeout(20_000);
            String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
