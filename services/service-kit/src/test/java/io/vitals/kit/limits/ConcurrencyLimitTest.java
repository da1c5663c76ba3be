package io.vitals.kit.limits;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.http.Replies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class ConcurrencyLimitTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch entered = new CountDownLatch(2);
    private final CountDownLatch release = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() {
        ListenerSettings anywhere = new ListenerSettings("127.0.0.1", 0);
        server = HttpServer.builder(
                        HttpSettings.defaults(), new SimpleMeterRegistry(), Tracer.noOp(), new SecureRandom())
                .listener("limited", anywhere, DataSize.ofKibibytes(64), routes -> {
                    routes.filter(new ConcurrencyLimit(2));
                    routes.get("/slow", (request, response) -> {
                        entered.countDown();
                        release.await();
                        Replies.empty(response, 204);
                    });
                    routes.get("/lasting", (request, response) -> {
                        ConcurrencyLimit.leave(request);
                        entered.countDown();
                        release.await();
                        Replies.empty(response, 204);
                    });
                    routes.get("/quick", (request, response) -> Replies.empty(response, 204));
                })
                .listener(
                        "free",
                        anywhere,
                        DataSize.ofKibibytes(64),
                        routes -> routes.get("/health", (request, response) -> Replies.empty(response, 204)))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
    }

    @Test
    void whatIsTooMuchIsSentAwayAndTakenAgainLater() throws Exception {
        List<CompletableFuture<Integer>> held = hold("/slow");
        HttpResponse<String> shed = client.send(request("limited", "/quick"), HttpResponse.BodyHandlers.ofString());
        assertThat(shed.statusCode()).isEqualTo(503);
        assertThat(shed.headers().firstValue("Retry-After")).contains("1");
        assertThat(shed.body()).contains("urn:vitals:problem:unavailable");
        assertThat(status("free", "/health")).as("another listener").isEqualTo(204);
        release.countDown();
        for (CompletableFuture<Integer> answer : held) {
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(204);
        }
        await().untilAsserted(() -> assertThat(status("limited", "/quick")).isEqualTo(204));
    }

    @Test
    void anAnswerThatLastsCanGiveItsPlaceBack() throws Exception {
        hold("/lasting");
        assertThat(status("limited", "/quick")).isEqualTo(204);
    }

    @Test
    void aLimitThatRefusesEverythingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ConcurrencyLimit(0));
    }

    private List<CompletableFuture<Integer>> hold(String path) throws InterruptedException {
        List<CompletableFuture<Integer>> held = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            held.add(client.sendAsync(request("limited", path), HttpResponse.BodyHandlers.discarding())
                    .thenApply(HttpResponse::statusCode));
        }
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        return held;
    }

    private int status(String listener, String path) throws Exception {
        return client.send(request(listener, path), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpRequest request(String listener, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port(listener) + path))
                .build();
    }
}
