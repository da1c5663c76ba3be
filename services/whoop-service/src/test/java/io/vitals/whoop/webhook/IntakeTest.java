package io.vitals.whoop.webhook;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.http.FailureException;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.http.Replies;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.support.TestDatabases;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The inbox table is locked to hold a writer where it is, so that a batch gathers behind it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntakeTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Intake.Limits ONE_WRITER = new Intake.Limits(100, 100, 1, SOON);

    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private SandboxDatabase sandbox;
    private Database database;
    private SimpleMeterRegistry registry;

    @BeforeAll
    void open() {
        sandbox = TestDatabases.migrated();
    }

    @BeforeEach
    void anEmptyInbox() {
        if (database != null) {
            database.close();
        }
        registry = new SimpleMeterRegistry();
        database = Database.open(TestDatabases.settings(sandbox), "test", registry);
        database.execute(Sql.named("test-clear", "DELETE FROM webhook_inbox"), Params.none());
    }

    @AfterAll
    void close() {
        requests.shutdownNow();
        database.close();
    }

    @Test
    void whatGathersBehindAWriterGoesInOneStatementAndTheFirstOfTwoAlikeCounts() throws Exception {
        Intake intake = intake(ONE_WRITER);
        Event first = event("same");
        Future<Boolean> writer;
        List<Future<Boolean>> behind;
        try (Connection _ = lockedInbox()) {
            writer = writing(intake, event("writer"));
            behind = waiting(intake, List.of(first, event("same"), event("other")));
        }

        assertThat(answer(writer)).isTrue();
        assertThat(answers(behind)).containsExactly(true, false, true);
        assertThat(intake(ONE_WRITER).add(first)).isFalse();
        assertThat(traces()).containsExactlyInAnyOrder("writer", "same", "other");
        assertThat(database.list(
                        Sql.named("test-object", "SELECT object_id FROM webhook_inbox WHERE trace_id = 'same'"),
                        Params.none(),
                        row -> row.uuid("object_id")))
                .containsExactly(first.objectId());
        assertThat(registry.get("db.query")
                        .tag("statement", "inbox-add")
                        .timer()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void anEventTheDatabaseRefusesDoesNotCostTheOthersOfItsBatch() throws Exception {
        Event bad = event("no\0such\0text");
        List<Event> batch = List.of(event("a"), bad, event("b"));
        assertThatThrownBy(() -> Inbox.add(database, batch)).isInstanceOf(DatabaseException.class);
        assertThat(traces()).as("one statement alone keeps none").isEmpty();

        Intake intake = intake(ONE_WRITER);
        Future<Boolean> writer;
        List<Future<Boolean>> behind;
        try (Connection _ = lockedInbox()) {
            writer = writing(intake, event("writer"));
            behind = waiting(intake, batch);
        }

        assertThat(answer(writer)).isTrue();
        assertThat(answer(behind.get(0))).isTrue();
        assertThatThrownBy(() -> answer(behind.get(1))).hasCauseInstanceOf(DatabaseException.class);
        assertThat(answer(behind.get(2))).isTrue();
        assertThat(traces()).containsExactlyInAnyOrder("writer", "a", "b");
    }

    @Test
    void eventsFallDueInTheOrderOfTheirArrival() throws Exception {
        Intake intake = intake(ONE_WRITER);
        Future<Boolean> writer;
        List<Future<Boolean>> behind;
        try (Connection _ = lockedInbox()) {
            writer = writing(intake, event("writer"));
            behind = waiting(intake, List.of(event("m"), event("z"), event("a"), event("k")));
        }

        assertThat(answer(writer)).isTrue();
        assertThat(answers(behind)).containsOnly(true);
        assertThat(traces()).containsExactly("writer", "m", "z", "a", "k");
    }

    @Test
    void moreThanMayWaitIsRefusedAndNothingElseIs() throws Exception {
        Intake intake = intake(new Intake.Limits(1, 2, 1, SOON));
        Future<Boolean> writer;
        List<Future<Boolean>> behind;
        try (Connection _ = lockedInbox()) {
            writer = writing(intake, event("writer"));
            behind = waiting(intake, List.of(event("a"), event("b")));

            assertThatThrownBy(() -> intake.add(event("one too many"))).satisfies(IntakeTest::isUnavailable);
        }

        assertThat(answer(writer)).isTrue();
        assertThat(answers(behind)).containsOnly(true);
        assertThat(traces()).containsExactly("writer", "a", "b");
    }

    @Test
    void whoHasWaitedLongEnoughIsRefusedAndMayComeAgain() throws Exception {
        Intake intake = intake(new Intake.Limits(100, 100, 1, Duration.ofMillis(200)));
        Future<Boolean> writer;
        try (Connection _ = lockedInbox()) {
            writer = writing(intake, event("writer"));

            assertThatThrownBy(() -> intake.add(event("late"))).satisfies(IntakeTest::isUnavailable);
            assertThat(intake.load()).isEqualTo(new Intake.Load(0, 1));
        }

        assertThat(answer(writer)).isTrue();
        assertThat(traces()).containsExactly("writer");
        assertThat(intake.add(event("late"))).isTrue();
    }

    @Test
    void aDatabaseThatGoesAwayInTheMiddleOfABatchLeavesNoEventAnsweredThatIsNotThere() throws Exception {
        Intake intake = intake(ONE_WRITER);
        List<Event> batch = List.of(event("a"), event("b"), event("c"));
        try (Connection _ = lockedInbox()) {
            Future<Boolean> writer = writing(intake, event("writer"));
            List<Future<Boolean>> behind = waiting(intake, batch);

            breakConnections();
            assertThatThrownBy(() -> answer(writer)).hasCauseInstanceOf(FailureException.class);
            await().atMost(SOON).until(() -> intake.load().equals(new Intake.Load(0, 1)));
            breakConnections();
            for (Future<Boolean> one : behind) {
                assertThatThrownBy(() -> answer(one))
                        .hasCauseInstanceOf(FailureException.class)
                        .satisfies(e -> isUnavailable(e.getCause()));
            }
        }

        assertThat(traces()).isEmpty();
        // The positive control: the same events, while the database stays.
        for (Event event : batch) {
            assertThat(intake.add(event)).isTrue();
        }
        assertThat(traces()).containsExactly("a", "b", "c");
    }

    @Test
    void ofManyRequestsAtTwoReplicasEachEventIsNewExactlyOnce() throws Exception {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            events.add(event("event-" + i));
        }
        List<Event> backwards = new ArrayList<>(events);
        Collections.reverse(backwards);
        // Small batches and senders that come back at once, so that who gets a free place has to write for others
        // before its own event.
        Intake.Limits limits = new Intake.Limits(2, 1_000, 2, SOON);
        Intake one = intake(limits);
        Intake other = intake(limits);
        List<Future<Integer>> senders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int first = i * 15;
            senders.add(requests.submit(() -> addEach(one, events.subList(first, first + 15))));
            senders.add(requests.submit(() -> addEach(other, backwards.subList(first, first + 15))));
        }

        int fresh = 0;
        for (Future<Integer> sender : senders) {
            fresh += sender.get(60, TimeUnit.SECONDS);
        }
        assertThat(fresh).isEqualTo(300);
        assertThat(traces()).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void aStopAnswersWhoIsWaitingOnceTheirEventIsOnDisk() throws Exception {
        Intake intake = intake(ONE_WRITER);
        AtomicInteger entered = new AtomicInteger();
        HttpServer server = HttpServer.builder(HttpSettings.defaults(), registry, Tracer.noOp(), new SecureRandom())
                .listener(
                        "public",
                        new ListenerSettings("127.0.0.1", 0),
                        DataSize.parse("1KiB"),
                        routes -> routes.post("/{trace}", (request, response) -> {
                            entered.incrementAndGet();
                            intake.add(event(request.path().pathParameters().get("trace")));
                            Replies.empty(response, 204);
                        }))
                .build()
                .start();
        int port = server.port("public");
        List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
        Future<?> stop;
        try (HttpClient http = HttpClient.newHttpClient()) {
            try (Connection _ = lockedInbox()) {
                for (int i = 0; i < 10; i++) {
                    answers.add(http.sendAsync(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/stop-" + i))
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding()));
                }
                await().atMost(SOON).until(() -> entered.get() == 10);
                stop = requests.submit(server::close);
                await().atMost(SOON).until(() -> refuses(port));
                assertThat(answers).noneMatch(CompletableFuture::isDone);
            }
            for (CompletableFuture<HttpResponse<Void>> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
            }
        }
        stop.get(30, TimeUnit.SECONDS);
        assertThat(traces()).hasSize(10);
    }

    private Intake intake(Intake.Limits limits) {
        return new Intake(database, limits, () -> {});
    }

    private static Event event(String trace) {
        return new Event(trace, 1, UUID.randomUUID(), "sleep.updated", Instant.parse("2026-03-01T00:00:00Z"));
    }

    /** Nobody writes to the inbox until this is closed. */
    private Connection lockedInbox() throws SQLException {
        Connection connection = sandbox.connectAsOwner();
        connection.setAutoCommit(false);
        connection.createStatement().execute("LOCK TABLE webhook_inbox IN EXCLUSIVE MODE");
        return connection;
    }

    /** Ends the sessions that the lock holds up, as a server does that goes down. */
    private void breakConnections() throws SQLException {
        try (Connection connection = sandbox.connectAsApp();
                Statement statement = connection.createStatement()) {
            await().atMost(SOON).until(() -> {
                try (ResultSet ended = statement.executeQuery("""
                        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                        WHERE datname = current_database() AND query LIKE 'INSERT INTO webhook_inbox%' AND wait_event_type = 'Lock'""")) {
                    ended.next();
                    return ended.getInt(1) == 1;
                }
            });
        }
    }

    /** An event whose statement is under way. */
    private Future<Boolean> writing(Intake intake, Event event) {
        Future<Boolean> answer = requests.submit(() -> intake.add(event));
        await().atMost(SOON).until(() -> intake.load().equals(new Intake.Load(0, 1)));
        return answer;
    }

    /** Events that wait behind it, in their order. */
    private List<Future<Boolean>> waiting(Intake intake, List<Event> events) {
        List<Future<Boolean>> answers = new ArrayList<>();
        for (Event event : events) {
            answers.add(requests.submit(() -> intake.add(event)));
            await().atMost(SOON).until(() -> intake.load().waiting() == answers.size());
        }
        return answers;
    }

    /** How many of them were new. */
    private static int addEach(Intake intake, List<Event> events) {
        return (int) events.stream().filter(intake::add).count();
    }

    private static List<Boolean> answers(List<Future<Boolean>> futures) throws Exception {
        List<Boolean> answers = new ArrayList<>();
        for (Future<Boolean> future : futures) {
            answers.add(answer(future));
        }
        return answers;
    }

    private static boolean answer(Future<Boolean> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private List<String> traces() {
        return database.list(
                Sql.named("test-traces", "SELECT trace_id FROM webhook_inbox ORDER BY due_at, id"),
                Params.none(),
                row -> row.string("trace_id"));
    }

    private static void isUnavailable(@Nullable Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().problem().status()).isEqualTo(503));
    }

    private static boolean refuses(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }
}
