package io.vitals.health.testing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Migrations;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.postgres.SandboxPostgres;

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
    private final Database database;

    private HealthDatabase(SandboxPostgres postgres) {
        this.postgres = postgres;
        this.sandbox = postgres.createDatabase("health_" + COUNT.incrementAndGet(), "health_migrator", "health_app");
        DatabaseSettings settings = new DatabaseSettings(
                sandbox.url(), sandbox.app().user(), Secret.of(sandbox.app().password()), 8);
        Migrations.run(
                settings,
                new MigratorSettings(
                        sandbox.owner().user(), Secret.of(sandbox.owner().password())));
        this.database = Database.open(settings, "health-test", new SimpleMeterRegistry());
    }

    public static HealthDatabase start() {
        return new HealthDatabase(Server.RUNNING);
    }

    public Database database() {
        return database;
    }

    /** How to reach it, as its owner too. */
    public SandboxDatabase sandbox() {
        return sandbox;
    }

    public SandboxPostgres postgres() {
        return postgres;
    }

    /** Deletes all rows of the tables, so that tests do not see each other. */
    public void clear(List<String> tables) {
        for (String table : tables) {
            database.execute(Sql.named("clear", "DELETE FROM " + table), Params.none());
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
