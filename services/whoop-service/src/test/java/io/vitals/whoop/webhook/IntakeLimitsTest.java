package io.vitals.whoop.webhook;

import io.helidon.tracing.Tracer;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.http.Replies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** How many may wait, for how long, and what a stop does to them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntakeLimitsTest {
    private InboxLock scene;

    @BeforeAll
    void open() {
        scene = new InboxLock();
    }

    @BeforeEach
    void anEmptyInbox() {
        scene.clear();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void moreThanMayWaitIsRefusedAndNothingElseIs() throws Exception {
        Intake intake = scene.intake(new Intake.Limits(1, 2, 1, InboxLock.SOON));
        Future<Boolean> writer;
        List<Future<Boolean>> behind;
        try (Connection _ = scene.lockedInbox()) {
            writer = scene.writing(intake, InboxLock.event("writer"));
            behind = scene.waiting(intake, List.of(InboxLock.event("a"), InboxLock.event("b")));

            assertThatThrownBy(() -> intake.add(InboxLock.event("one too many")))
                    .satisfies(InboxLock::isUnavailable);
        }

        assertThat(InboxLock.answer(writer)).isTrue();
        assertThat(InboxLock.answers(behind)).containsOnly(true);
        assertThat(scene.traces()).containsExactly("writer", "a", "b");
    }

    @Test
    void whoHasWaitedLongEnoughIsRefusedAndMayComeAgain() throws Exception {
        Intake intake = scene.intake(new Intake.Limits(100, 100, 1, Duration.ofMillis(200)));
        Future<Boolean> writer;
        try (Connection _ = scene.lockedInbox()) {
            writer = scene.writing(intake, InboxLock.event("writer"));

            assertThatThrownBy(() -> intake.add(InboxLock.event("late"))).satisfies(InboxLock::isUnavailable);
            assertThat(intake.load()).isEqualTo(new Intake.Load(0, 1));
        }

        assertThat(InboxLock.answer(writer)).isTrue();
        assertThat(scene.traces()).containsExactly("writer");
        assertThat(intake.add(InboxLock.event("late"))).isTrue();
    }

    @Test
    void aStopAnswersWhoIsWaitingOnceTheirEventIsOnDisk() throws Exception {
        Intake intake = scene.intake(InboxLock.ONE_WRITER);
        AtomicInteger entered = new AtomicInteger();
        HttpServer server = HttpServer.builder(
                        HttpSettings.defaults(), scene.registry(), Tracer.noOp(), new SecureRandom())
                .listener(
                        "public",
                        new ListenerSettings("127.0.0.1", 0),
                        DataSize.parse("1KiB"),
                        routes -> routes.post("/{trace}", (request, response) -> {
                            entered.incrementAndGet();
                            intake.add(InboxLock.event(
                                    request.path().pathParameters().get("trace")));
                            Replies.empty(response, 204);
                        }))
                .build()
                .start();
        int port = server.port("public");
        List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
        Future<?> stop;
        try (HttpClient http = HttpClient.newHttpClient()) {
            try (Connection _ = scene.lockedInbox()) {
                for (int i = 0; i < 10; i++) {
                    answers.add(http.sendAsync(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/stop-" + i))
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding()));
                }
                await().atMost(InboxLock.SOON).until(() -> entered.get() == 10);
                stop = scene.requests.submit(server::close);
                await().atMost(InboxLock.SOON).until(() -> InboxLock.refuses(port));
                assertThat(answers).noneMatch(CompletableFuture::isDone);
            }
            for (CompletableFuture<HttpResponse<Void>> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
            }
        }
        stop.get(30, TimeUnit.SECONDS);
        assertThat(scene.traces()).hasSize(10);
    }
}
