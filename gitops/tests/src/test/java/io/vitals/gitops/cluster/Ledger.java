package io.vitals.gitops.cluster;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes lines into a database of its own beside health all the time, as an application does: what the server has answered is written down
 * here too, and has to be there afterwards. A line whose answer did not come may be there or not, and is never written again.
 */
final class Ledger implements AutoCloseable {
    private static final String ROLE = "ledger";
    private static final int WRITERS = 4;
    private static final Duration PAUSE = Duration.ofMillis(10);

    /** A line that the server has answered, and when. */
    record Line(UUID id, Instant at) {}

    private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Line> answered = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failed = new AtomicInteger();
    private final String url;
    private final Properties login;
    private volatile boolean open = true;

    private Ledger(String commit) {
        url = "jdbc:postgresql://" + Cluster.address(Replicas.NAMESPACE, Replicas.NAME + "-rw") + ":5432/" + ROLE;
        login = new Properties();
        login.setProperty("user", ROLE);
        login.setProperty("password", UUID.randomUUID().toString());
        login.setProperty("sslmode", "verify-ca");
        login.setProperty("sslrootcert", Replicas.authority().toString());
        login.setProperty("connectTimeout", "1");
        login.setProperty("socketTimeout", "2");
        login.setProperty("options", "-c synchronous_commit=" + commit);
    }

    /** As the services write: each commit is answered when another instance has it. */
    static Ledger start() {
        return start("on");
    }

    /** What the services must not do: a commit is answered when the primary alone has it. */
    static Ledger startAlone() {
        return start("local");
    }

    private static Ledger start(String commit) {
        drop();
        var ledger = new Ledger(commit);
        Replicas.sql("postgres", "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(ROLE, ledger.login.get("password")));
        Replicas.sql("postgres", "CREATE DATABASE " + ROLE + " OWNER " + ROLE);
        try (Connection connection = ledger.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE line (id uuid PRIMARY KEY)");
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger could not be made", e);
        }
        for (int i = 0; i < WRITERS; i++) {
            ledger.writers.execute(ledger::write);
        }
        return ledger;
    }

    /** Takes it away where it is. */
    static void drop() {
        Replicas.sql("postgres", "DROP DATABASE IF EXISTS " + ROLE + " WITH (FORCE)");
        Replicas.sql("postgres", "DROP ROLE IF EXISTS " + ROLE);
    }

    int answered() {
        return answered.size();
    }

    int failed() {
        return failed.get();
    }

    /** How many were answered from a moment on. */
    long answeredSince(Instant moment) {
        return answered.stream().filter(line -> line.at().isAfter(moment)).count();
    }

    /** When the first one was answered after a moment. */
    Instant firstSince(Instant moment) {
        return answered.stream()
                .map(Line::at)
                .filter(at -> at.isAfter(moment))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** What was answered and is not there: lost. */
    Collection<UUID> lost() throws SQLException {
        Set<UUID> lost = new HashSet<>();
        answered.forEach(line -> lost.add(line.id()));
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM line")) {
            while (rows.next()) {
                lost.remove(rows.getObject(1, UUID.class));
            }
        }
        return lost;
    }

    /** No line is written any more when this returns. */
    void stop() {
        open = false;
        writers.close();
    }

    @Override
    public void close() {
        stop();
    }

    private void write() {
        while (open) {
            try (Connection connection = connect();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO line (id) VALUES (?)")) {
                while (open) {
                    UUID id = UUID.randomUUID();
                    insert.setObject(1, id);
                    insert.executeUpdate();
                    answered.add(new Line(id, Instant.now()));
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            } catch (SQLException e) {
                failed.incrementAndGet();
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, login);
    }
}
