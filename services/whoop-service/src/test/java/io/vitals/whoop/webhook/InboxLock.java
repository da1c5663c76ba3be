package io.vitals.whoop.webhook;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.http.FailureException;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.support.TestDatabases;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The inbox table can be locked to hold a writer where it is, so that a batch gathers behind it. */
final class InboxLock implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);
    static final Intake.Limits ONE_WRITER = new Intake.Limits(100, 100, 1, SOON);

    final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final SandboxDatabase sandbox = TestDatabases.migrated();
    private SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Database database = Database.open(TestDatabases.settings(sandbox), "test", registry);

    /** Nothing is in the inbox, and nothing is counted; connections that a test broke are made anew. */
    void clear() {
        database.close();
        registry = new SimpleMeterRegistry();
        database = Database.open(TestDatabases.settings(sandbox), "test", registry);
        database.execute(Sql.named("test-clear", "DELETE FROM webhook_inbox"), Params.none());
    }

    SimpleMeterRegistry registry() {
        return registry;
    }

    Database database() {
        return database;
    }

    Intake intake(Intake.Limits limits) {
        return new Intake(database, limits, () -> {});
    }

    static Event event(String trace) {
        return new Event(trace, 1, UUID.randomUUID(), "sleep.updated", Instant.parse("2026-03-01T00:00:00Z"), null);
    }

    /** Nobody writes to the inbox until this is closed. */
    Connection lockedInbox() throws SQLException {
        Connection connection = sandbox.connectAsOwner();
        connection.setAutoCommit(false);
        connection.createStatement().execute("LOCK TABLE webhook_inbox IN EXCLUSIVE MODE");
        return connection;
    }

    /** Ends the sessions that the lock holds up, as a server does that goes down. */
    void breakConnections() throws SQLException {
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
    Future<Boolean> writing(Intake intake, Event event) {
        Future<Boolean> answer = requests.submit(() -> intake.add(event));
        await().atMost(SOON).until(() -> intake.load().equals(new Intake.Load(0, 1)));
        return answer;
    }

    /** Events that wait behind it, in their order. */
    List<Future<Boolean>> waiting(Intake intake, List<Event> events) {
        List<Future<Boolean>> answers = new ArrayList<>();
        for (Event event : events) {
            answers.add(requests.submit(() -> intake.add(event)));
            await().atMost(SOON).until(() -> intake.load().waiting() == answers.size());
        }
        return answers;
    }

    /** How many of them were new. */
    static int addEach(Intake intake, List<Event> events) {
        return (int) events.stream().filter(intake::add).count();
    }

    static List<Boolean> answers(List<Future<Boolean>> futures) throws Exception {
        List<Boolean> answers = new ArrayList<>();
        for (Future<Boolean> future : futures) {
            answers.add(answer(future));
        }
        return answers;
    }

    static boolean answer(Future<Boolean> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    List<String> traces() {
        return database.list(
                Sql.named("test-traces", "SELECT trace_id FROM webhook_inbox ORDER BY due_at, id"),
                Params.none(),
                row -> row.string("trace_id"));
    }

    static void isUnavailable(@Nullable Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().problem().status()).isEqualTo(503));
    }

    static boolean refuses(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        requests.shutdownNow();
        database.close();
    }
}
