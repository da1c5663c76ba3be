package io.vitals.whoop.support;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Migrations;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.postgres.SandboxPostgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One PostgreSQL for all tests of this process, and a migrated database of its own for whoever asks: a copy of the one that was migrated.
 * Its commits do not wait for the disk, as nothing kills this server; what must outlive a kill is shown with packaged processes.
 */
public final class TestDatabases {
    private static final SandboxPostgres SERVER = SandboxPostgres.temporary();
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final SandboxDatabase TEMPLATE = create("whoop_template");

    static {
        Migrations.run(
                settings(TEMPLATE),
                new MigratorSettings(
                        TEMPLATE.owner().user(), Secret.of(TEMPLATE.owner().password())));
    }

    private TestDatabases() {}

    /** A database with the schema of all migrations and no rows but theirs. */
    public static synchronized SandboxDatabase migrated() {
        String name = "whoop_" + NUMBER.incrementAndGet();
        try (Connection connection = SERVER.superuser("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE.name() + " OWNER "
                    + TEMPLATE.owner().user());
            statement.execute("ALTER DATABASE " + name + " SET synchronous_commit = off");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return create(name);
    }

    private static SandboxDatabase create(String name) {
        return SERVER.createDatabase(name, "whoop_migrator", "whoop_app");
    }

    public static DatabaseSettings settings(SandboxDatabase database) {
        return new DatabaseSettings(
                database.url(), database.app().user(), Secret.of(database.app().password()), 10);
    }

    /** A superuser's connection, for what tests must see or break behind the roles' backs. */
    public static Connection superuser(SandboxDatabase database) throws SQLException {
        return SERVER.superuser(database.name());
    }

    public static Database open(SandboxDatabase database) {
        return open(database, new SimpleMeterRegistry());
    }

    public static Database open(SandboxDatabase database, MeterRegistry registry) {
        return Database.open(settings(database), "test", registry);
    }
}
