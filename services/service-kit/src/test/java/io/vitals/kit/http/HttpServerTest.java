package io.vitals.kit.http;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class HttpServerTest {
    record Greeting(String name, int times) {}

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() {
        server = HttpServer.builder(HttpSettings.defaults(), registry, Tracer.noOp(), new SecureRandom())
                .listener(
                        "public",
                        new ListenerSettings("127.0.0.1", 0),
                        new DataSize(1000),
                        routes -> routes.get(
                                        "/things/{id}",
                                        (request, response) -> Replies.json(
                                                response,
                                                200,
                                                Json.mapper()
                                                        .createObjectNode()
                                                        .put(
                                                                "id",
                                                                request.path()
                                                                        .pathParameters()
                                                                        .get("id"))))
                                .get("/broken", (request, response) -> {
                                    throw new IllegalStateException("value 4711 must stay inside");
                                })
                                .get("/away", (request, response) -> {
                                    throw new CommonFailure.Unavailable("It is away.", Duration.ofSeconds(5))
                                            .toException(new UncheckedIOException(new ConnectException("4711")));
                                })
                                .get("/slow", (request, response) -> {
                                    entered.countDown();
                                    release.await();
                                    Replies.empty(response, 204);
                                })
                                .openEnded("/slow")
                                .post(
                                        "/greetings",
                                        (request, response) ->
                                                Replies.json(response, 200, Bodies.json(request, Greeting.class))))
                .listener(
                        "internal",
                        new ListenerSettings("127.0.0.1", 0),
                        DataSize.ofKibibytes(64),
                        routes -> routes.get("/inside", (request, response) -> Replies.empty(response, 204)))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
    }

    @Test
    void theLogOfAnUnavailablePartNamesWhatKindOfFailureItWas() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(Problems.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            assertThat(send("GET", "/away").statusCode()).isEqualTo(503);
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list)
                .singleElement()
                .extracting(
                        line -> line.getThrowableProxy().getCause().getCause().getClassName())
                .isEqualTo(ConnectException.class.getName());
    }

    @Test
    void answersAndCountsByPattern() throws Exception {
        assertThat(send("GET", "/things/7").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/things/8").statusCode()).isEqualTo(200);
        // Counted after the answer has left.
        await().untilAsserted(() -> assertThat(registry.get("http.server.requests")
                        .tag("route", "/things/{id}")
                        .tag("status", "200")
                        .timer()
                        .count())
                .isEqualTo(2));
        assertThat(registry.get("http.server.requests")
                        .tag("route", "/broken")
                        .tag("status", "500")
                        .timer()
                        .count())
                .as("registered before the first request")
                .isZero();
    }

    @Test
    void whatIsOpenForAsLongAsItTakesIsNoPromise() {
        assertThat(registry.find("http.server.requests").tag("slo", "false").timers())
                .extracting(timer -> timer.getId().getTag("route"))
                .containsOnly("/slow");
    }

    @Test
    void everyAnswerCarriesTheSecurityHeaders() throws Exception {
        for (String path : new String[] {"/things/1", "/broken", "/absent"}) {
            HttpResponse<byte[]> response = send("GET", path);
            assertThat(response.headers().firstValue("x-content-type-options"))
                    .as(path)
                    .contains("nosniff");
            assertThat(response.headers().firstValue("cache-control")).as(path).contains("no-store");
            assertThat(response.headers().firstValue("content-security-policy"))
                    .as(path)
                    .isPresent();
            assertThat(response.headers().firstValue("strict-transport-security"))
                    .as(path)
                    .isPresent();
            assertThat(response.headers().firstValue("server")).as(path).isEmpty();
        }
    }

    @Test
    void faultsBecomeProblemsWithoutTheirMessage() throws Exception {
        HttpResponse<byte[]> response = send("GET", "/broken");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        String text = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(text).doesNotContain("4711").contains("urn:vitals:problem:internal");
        JsonNode problem = Json.tree(response.body());
        assertThat(problem.path("request_id").asText())
                .isEqualTo(response.headers().firstValue("x-request-id").orElseThrow());
    }

    @Test
    void aBareColonInAQueryIsLegal() throws Exception {
        assertThat(send("GET", "/things/1?scope=read:sleep%20offline&at=12:30").statusCode())
                .isEqualTo(200);
    }

    @Test
    void anUnknownPathIsAProblemToo() throws Exception {
        HttpResponse<byte[]> response = send("GET", "/absent");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Json.tree(response.body()).path("type").asText()).isEqualTo("urn:vitals:problem:not-found");
    }

    @Test
    void aWellFormedRequestIdIsKeptAndAnyOtherReplaced() throws Exception {
        HttpRequest good =
                request("/things/1").header("X-Request-Id", "abc-123").build();
        assertThat(client.send(good, HttpResponse.BodyHandlers.discarding())
                        .headers()
                        .firstValue("x-request-id"))
                .contains("abc-123");
        HttpRequest bad = request("/things/1").header("X-Request-Id", "a{b}$9%").build();
        assertThat(client.send(bad, HttpResponse.BodyHandlers.discarding())
                        .headers()
                        .firstValue("x-request-id")
                        .orElseThrow())
                .matches("[a-f0-9]{24}");
    }

    @Test
    void aBodyOverTheLimitIsRefusedWithAndWithoutALength() throws Exception {
        byte[] large = new byte[2000];
        HttpResponse<byte[]> announced = send("POST", "/greetings", HttpRequest.BodyPublishers.ofByteArray(large));
        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(new String(announced.body(), StandardCharsets.UTF_8)).contains("At most 1000 bytes are taken here.");
        HttpRequest chunked = request("/greetings")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)))
                .build();
        HttpResponse<byte[]> refused = client.send(chunked, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("At most 1000 bytes are taken here.");
        assertThat(refused.headers().firstValue("Connection")).contains("close");
    }

    @Test
    void aPathThatIsTooLongIsABadRequestInHeadAndBody() throws Exception {
        HttpResponse<byte[]> response =
                send("GET", "/things/" + "a".repeat(10_000), HttpRequest.BodyPublishers.noBody());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Json.tree(response.body()).path("status").asInt()).isEqualTo(400);
    }

    @Test
    void aFieldOfAnotherTypeIsNotBentIntoTheOneAskedFor() throws Exception {
        for (String times : new String[] {"\"1\"", "true", "1.5"}) {
            HttpResponse<byte[]> response = send(
                    "POST",
                    "/greetings",
                    HttpRequest.BodyPublishers.ofString("{\"name\":\"x\",\"times\":" + times + "}"));
            assertThat(response.statusCode()).as(times).isEqualTo(400);
        }
    }

    @Test
    void aBadBodyNamesTheFieldAndNotTheValue() throws Exception {
        HttpResponse<byte[]> response = send(
                "POST", "/greetings", HttpRequest.BodyPublishers.ofString("{\"name\":\"x\",\"times\":\"topsecret\"}"));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .contains("times")
                .doesNotContain("topsecret");
    }

    @Test
    void duplicateKeysAreRefused() throws Exception {
        HttpResponse<byte[]> response = send(
                "POST",
                "/greetings",
                HttpRequest.BodyPublishers.ofString("{\"name\":\"x\",\"name\":\"y\",\"times\":1}"));
        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void listenersDoNotShareRoutes() throws Exception {
        assertThat(send("GET", "/inside").statusCode()).isEqualTo(404);
        HttpRequest inside = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port("internal") + "/inside"))
                .build();
        assertThat(client.send(inside, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(204);
    }

    @Test
    void stoppingAnswersTheRequestsInFlight() throws Exception {
        var pending = client.sendAsync(request("/slow").build(), HttpResponse.BodyHandlers.discarding());
        entered.await();
        Thread stopping = Thread.ofVirtual().start(server::close);
        Thread.ofVirtual().start(release::countDown);
        assertThat(pending.get().statusCode()).isEqualTo(204);
        stopping.join();
    }

    private HttpResponse<byte[]> send(String method, String path) throws IOException, InterruptedException {
        return client.send(
                request(path)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> send(String method, String path, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        return client.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .method(method, body)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("public") + path));
    }
}
