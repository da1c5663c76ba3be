package io.vitals.health.testing;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Identity;
import io.vitals.kit.db.Migrations;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.postgres.SandboxPostgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A migrated health database on real PostgreSQL, reached as the application role. Each is fresh; the server is one for
 * the whole test run, so a test that stops it must start it again.
 */
public final class HealthDatabase implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final SandboxPostgres postgres;
    private final SandboxDatabase sandbox;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Database database;
    private final Database seeing;

    private HealthDatabase(SandboxPostgres postgres) {
        this.postgres = postgres;
        this.sandbox = postgres.createDatabase("health_" + COUNT.incrementAndGet(), "health_migrator", "health_app");
        DatabaseSettings settings = new DatabaseSettings(
                sandbox.url(), sandbox.app().user(), Secret.of(sandbox.app().password()), 8);
        Migrations.run(
                settings,
                new MigratorSettings(
                        sandbox.owner().user(), Secret.of(sandbox.owner().password())));
        admitTests();
        this.database = Database.open(settings, "health-test", registry);
        this.seeing = database.as(Identity.worker("test"));
    }

    public static HealthDatabase start() {
        return new HealthDatabase(Server.RUNNING);
    }

    /** Reached by a worker whom every table lets see everything, so that tests can prepare and look. */
    public Database database() {
        return seeing;
    }

    /** Reached by nobody, as a service opens it. */
    public Database raw() {
        return database;
    }

    /** How to reach it, as its owner too. */
    public SandboxDatabase sandbox() {
        return sandbox;
    }

    private void admitTests() {
        asOwner("""
                DO $$
                DECLARE guarded regclass;
                BEGIN
                    FOR guarded IN SELECT oid FROM pg_class WHERE relrowsecurity LOOP
                        CALL admit_worker(guarded, 'test');
                    END LOOP;
                END $$
                """);
    }

    /** Reached by the owner of the tables, who as the worker of the tests sees every row. */
    public Connection connectAsOwner() throws SQLException {
        Connection owner = sandbox.connectAsOwner();
        try (var statement = owner.createStatement()) {
            statement.execute("SET vitals.worker = 'test'");
        }
        return owner;
    }

    /** Runs a statement as the owner of the tables. */
    public void asOwner(String text) {
        try (var connection = sandbox.connectAsOwner();
                var statement = connection.createStatement()) {
            statement.execute(text);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of what the owner of the tables sees. */
    public List<String> seenByOwner(String query) {
        try (var connection = sandbox.connectAsOwner();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            List<String> seen = new ArrayList<>();
            while (rows.next()) {
                seen.add(rows.getString(1));
            }
            return seen;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How often the statement of this name has run. */
    public long statements(String name) {
        return registry.find("db.query").tag("statement", name).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    public SandboxPostgres postgres() {
        return postgres;
    }

    /** Deletes all rows of the tables, so that tests do not see each other. */
    public void clear(List<String> tables) {
        for (String table : tables) {
            seeing.execute(Sql.named("clear", "DELETE FROM " + table), Params.none());
        }
    }

    @Override
    public void close() {
        database.close();
    }

    /** Started by the first who needs it; it ends with the JVM. */
    private static final class Server {
        static final SandboxPostgres RUNNING = SandboxPostgres.temporary();
    }
}
