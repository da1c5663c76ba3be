package io.vitals.kit.http;

import io.helidon.http.HeaderNames;
import io.helidon.tracing.Tracer;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** A value with a line break must not become a header, or an answer, of its own. */
class ResponseHeadersTest {
    private static final List<String> LISTENERS = List.of("public", "webhooks", "internal");
    private static final String SPLIT = "/days\r\nSet-Cookie: session=planted";
    /** Sends the query back in a header, as a redirect to a place that the caller names would. */
    private static final Handler ECHO = (request, response) -> {
        response.header(HeaderNames.create("X-Echo"), request.query().get("value"));
        response.status(204).send();
    };

    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;

    @BeforeEach
    void start() {
        HttpServer.Builder builder = HttpServer.builder(
                HttpSettings.defaults(), new SimpleMeterRegistry(), Tracer.noOp(), new SecureRandom());
        LISTENERS.forEach(name -> builder.listener(
                name, new ListenerSettings("127.0.0.1", 0), new DataSize(1000), routes -> routes.get("/echo", ECHO)));
        server = builder.build().start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {SPLIT, "/days\r\n\r\n<html>", "/days\rx", "/days\nx: y", "/days\0"})
    void aValueThatBreaksTheLineIsRefusedOnEveryListener(String value) throws Exception {
        for (String listener : LISTENERS) {
            HttpResponse<String> response = echo(server.port(listener), value);
            assertThat(response.statusCode()).as(listener).isEqualTo(500);
            assertThat(response.headers().map()).as(listener).doesNotContainKeys("x-echo", "set-cookie", "x");
            assertThat(Json.tree(response.body().getBytes(StandardCharsets.UTF_8))
                            .path("type")
                            .asText())
                    .as(listener)
                    .isEqualTo("urn:vitals:problem:internal");
            assertThat(response.body()).as(listener).doesNotContain("days");
        }
    }

    @Test
    void anyOtherValueIsSent() throws Exception {
        for (String listener : LISTENERS) {
            HttpResponse<String> response = echo(server.port(listener), "/days?from=2026-01-01&at=12:30;\"x\"");
            assertThat(response.statusCode()).as(listener).isEqualTo(204);
            assertThat(response.headers().firstValue("x-echo"))
                    .as(listener)
                    .contains("/days?from=2026-01-01&at=12:30;\"x\"");
        }
    }

    /** The control: Helidon as it comes lets the same handler plant a cookie. */
    @Test
    void withoutTheSettingTheLineIsBroken() throws Exception {
        WebServer bare = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .routing(HttpRouting.builder().get("/echo", ECHO))
                .build()
                .start();
        try {
            assertThat(echo(bare.port(), SPLIT).headers().firstValue("set-cookie"))
                    .contains("session=planted");
        } finally {
            bare.stop();
        }
    }

    private HttpResponse<String> echo(int port, String value) throws Exception {
        URI uri = URI.create(
                "http://127.0.0.1:" + port + "/echo?value=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
