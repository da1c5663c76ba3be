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
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests of this process, and a migrated database of its own for whoever asks. */
public final class TestDatabases {
    private static final SandboxPostgres SERVER = SandboxPostgres.temporary();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private TestDatabases() {}

    public static SandboxDatabase migrated() {
        SandboxDatabase database =
                SERVER.createDatabase("whoop_" + NUMBER.incrementAndGet(), "whoop_migrator", "whoop_app");
        Migrations.run(
                settings(database),
                new MigratorSettings(
                        database.owner().user(), Secret.of(database.owner().password())));
        return database;
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
