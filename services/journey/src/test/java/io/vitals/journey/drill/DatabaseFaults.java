package io.vitals.journey.drill;

import io.vitals.sandbox.launcher.ServiceProcess;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;

import static io.vitals.journey.drill.Expected.burn;
import static io.vitals.journey.drill.Expected.page;
import static io.vitals.journey.drill.Expected.ticket;

/** What can happen to PostgreSQL, and by it to the services. */
final class DatabaseFaults {
    private static final String HEALTH = "health-api";
    private static final String POSTGRES = "postgres";
    private static final String WHOOP = "whoop-service";
    /** Of the hundred that there may be, those of the services among them. */
    private static final int CONNECTIONS = 88;

    private static final int DEADLOCKS = 8;
    private static final Duration OUTAGE = Duration.ofSeconds(30);

    private DatabaseFaults() {}

    static List<List<Fault>> rounds() {
        return List.of(
                List.of(idleInTransaction(), longTransaction(), deadlocks()),
                List.of(tooManyConnections()),
                List.of(down()),
                List.of(tableLocked(), rightLost()));
    }

    private static Fault idleInTransaction() {
        return new Fault(
                "somebody forgets a transaction",
                List.of(ticket("PostgresIdleInTransaction", POSTGRES)),
                Set.of(),
                scene -> scene.transaction("whoop", "SELECT 1"));
    }

    private static Fault longTransaction() {
        return new Fault(
                "a statement runs for long", List.of(ticket("PostgresLongTransaction", POSTGRES)), Set.of(), scene -> {
                    Connection connection = scene.transaction("health");
                    Statement statement = connection.createStatement();
                    Thread.startVirtualThread(() -> {
                        try (statement) {
                            statement.execute("SELECT pg_sleep(300)");
                        } catch (SQLException e) {
                            // It is cancelled.
                        }
                    });
                    return () -> {
                        statement.cancel();
                        connection.close();
                    };
                });
    }

    private static Fault deadlocks() {
        return new Fault(
                "transactions lock in another order",
                List.of(ticket("PostgresDeadlocks", POSTGRES)),
                // How late members are is measured each half a minute, so what WHOOP did before may still be told.
                Set.of("SyncLagHigh"),
                scene -> {
                    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                        for (int i = 0; i < DEADLOCKS; i++) {
                            int pair = 2 * i;
                            var both = new CyclicBarrier(2);
                            threads.execute(() -> lock(scene, pair, pair + 1, both));
                            threads.execute(() -> lock(scene, pair + 1, pair, both));
                        }
                    }
                    return () -> {};
                });
    }

    /** One of two that take the same in another order is ended by the server. */
    private static void lock(Scene scene, int first, int second, CyclicBarrier both) {
        try (Connection connection = scene.transaction("health", "SELECT pg_advisory_xact_lock(" + first + ")");
                Statement statement = connection.createStatement()) {
            both.await();
            statement.execute("SELECT pg_advisory_xact_lock(" + second + ")");
        } catch (SQLException e) {
            if (!"40P01".equals(e.getSQLState())) {
                throw new IllegalStateException(e);
            }
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int sessions(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet counted = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")) {
            counted.next();
            return counted.getInt(1);
        }
    }

    private static Fault tooManyConnections() {
        return new Fault(
                "somebody takes most connections",
                List.of(ticket("PostgresConnectionsHigh", POSTGRES)),
                Set.of(),
                scene -> {
                    var taken = new ArrayList<Connection>();
                    do {
                        taken.add(scene.stack().postgres().superuser("whoop"));
                    } while (sessions(taken.getFirst()) < CONNECTIONS);
                    return () -> {
                        for (Connection connection : taken) {
                            connection.close();
                        }
                    };
                });
    }

    private static Fault down() {
        return new Fault(
                "PostgreSQL is killed",
                List.of(page("PostgresDown", POSTGRES)),
                // Of those none wakes anybody but for what can not be had: a connection, and the feed.
                Set.of(
                        "DatabaseStatementsFailing",
                        "FeedStalled",
                        "LogErrorSpike",
                        "PoolAcquireSlow",
                        "PoolExhausted",
                        "PoolTimeouts",
                        "SyncFailing"),
                scene -> {
                    scene.stack().postgres().kill();
                    return () -> {
                        scene.stack().postgres().startAgain();
                        for (ServiceProcess service :
                                List.of(scene.stack().healthApi(), scene.stack().whoopService())) {
                            service.awaitReady(OUTAGE);
                        }
                    };
                });
    }

    private static Fault tableLocked() {
        return new Fault(
                "a table stays locked",
                List.of(page("PoolTimeouts", HEALTH), ticket("PoolExhausted", HEALTH)),
                Set.of(
                        "AuditWriteFailing",
                        "DatabaseStatementsFailing",
                        "High5xxRatio",
                        "HighLatencyP99",
                        "LogErrorSpike",
                        "PoolAcquireSlow",
                        "PostgresIdleInTransaction",
                        "PostgresLongTransaction",
                        "SLOBudgetBurn"),
                scene -> {
                    Connection locked = scene.transaction("health", "LOCK TABLE daily_record IN ACCESS EXCLUSIVE MODE");
                    AutoCloseable readers = scene.often(10, scene::read);
                    return () -> {
                        readers.close();
                        locked.close();
                    };
                });
    }

    private static Fault rightLost() {
        return new Fault(
                "whoop-service may not write its inbox any more",
                List.of(page("WebhookIntakeFailing", WHOOP), burn(WHOOP, "webhook-intake")),
                Set.of("DatabaseStatementsFailing", "High5xxRatio", "LogErrorSpike", "SLOBudgetBurn"),
                scene -> {
                    String role = scene.stack().whoopDatabase().app().user();
                    scene.sql("whoop", "REVOKE INSERT ON webhook_inbox FROM " + role);
                    AutoCloseable events = scene.often(3, () -> scene.sleep(UUID.randomUUID()));
                    return () -> {
                        events.close();
                        scene.sql("whoop", "GRANT INSERT ON webhook_inbox TO " + role);
                    };
                });
    }
}
