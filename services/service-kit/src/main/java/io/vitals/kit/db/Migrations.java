package io.vitals.kit.db;

import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

import java.util.Map;

/** Brings the schema up to date, as the role that owns it. Only the migrate command does this, never a server. */
public final class Migrations {
    private static final EventLog LOG = EventLog.of(Migrations.class);
    private static final String LOCATION = "classpath:db/migration";

    private Migrations() {}

    /**
     * Runs what is missing of {@code classpath:db/migration}. The application role's name reaches the scripts as {@code
     * ${app_role}}.
     */
    public static void run(DatabaseSettings database, MigratorSettings migrator) {
        MigrateResult result = flyway(database, migrator).migrate();
        LOG.info("migrated", LogField.COUNT.of(result.migrationsExecuted));
    }

    private static Flyway flyway(DatabaseSettings database, MigratorSettings migrator) {
        return Flyway.configure()
                .dataSource(database.url(), migrator.user(), migrator.password().reveal())
                .locations(LOCATION)
                .placeholders(Map.of("app_role", database.user()))
                .connectRetries(10)
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load();
    }
}
