package io.vitals.journey.recovery;

import io.vitals.sandbox.postgres.SandboxPostgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Writers, in a database of their own on the server, and what has been acknowledged to them. */
final class Ledger {
    static final String DATABASE = "ledger";
    private static final int WRITERS = 4;
    private static final int BYTES = 6_000;
    private static final Duration PAUSE = Duration.ofMillis(40);

    private final SandboxPostgres server;
    private final Queue<Commit> commits = new ConcurrentLinkedQueue<>();
    private final Queue<SQLException> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> writers = new ArrayList<>();
    private volatile boolean goOn = true;

    /**
     * An acknowledged commit.
     *
     * @param entry writer and number
     * @param transaction the server's name of it
     * @param begun before the statement was sent
     * @param acknowledged when the answer was there
     */
    record Commit(String entry, long transaction, Instant begun, Instant acknowledged) {}

    Ledger(SandboxPostgres server) throws SQLException {
        this.server = server;
        execute("postgres", "CREATE DATABASE " + DATABASE);
        execute(DATABASE, "CREATE TABLE entry (id text PRIMARY KEY, payload bytea STORAGE EXTERNAL NOT NULL)");
    }

    private void execute(String database, String statementText) throws SQLException {
        try (Connection connection = server.superuser(database);
                Statement statement = connection.createStatement()) {
            statement.execute(statementText);
        }
    }

    void write() {
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            writers.add(Thread.ofVirtual().start(() -> write(writer)));
        }
    }

    private void write(int writer) {
        var random = new Random(writer);
        byte[] payload = new byte[BYTES];
        try (Connection connection = server.superuser(DATABASE);
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO entry VALUES (?, ?) RETURNING pg_current_xact_id()::text::bigint")) {
            for (int number = 0; goOn; number++) {
                String entry = writer + "-" + number;
                random.nextBytes(payload);
                statement.setString(1, entry);
                statement.setBytes(2, payload);
                Instant begun = Instant.now();
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    long transaction = row.getLong(1);
                    commits.add(new Commit(entry, transaction, begun, Instant.now()));
                }
                Thread.sleep(PAUSE);
            }
        } catch (SQLException e) {
            failures.add(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the writers; each write has been answered. */
    List<Commit> stop() throws InterruptedException {
        goOn = false;
        for (Thread writer : writers) {
            writer.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a writer failed", failures.peek());
        }
        return List.copyOf(commits);
    }

    /** The entries that a database holds. */
    static SortedSet<String> entries(Connection connection) throws SQLException {
        var found = new TreeSet<String>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id FROM entry")) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
