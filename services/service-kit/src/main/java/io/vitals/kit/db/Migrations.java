package io.vitals.kit.db;

import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.MigrateResult;

import java.util.Map;
import java.util.stream.Stream;

/** Brings the schema up to date, as the role that owns it. Only the migrate command does this, never a server. */
public final class Migrations {
    private static final EventLog LOG = EventLog.of(Migrations.class);
    private static final String[] LOCATIONS = {"classpath:db/migration", "classpath:db/callback"};

    private Migrations() {}

    /**
     * Runs what is missing of {@code classpath:db/migration}. The application role's name reaches the scripts as {@code
     * ${app_role}}.
     */
    public static void run(DatabaseSettings database, MigratorSettings migrator) {
        MigrateResult result = flyway(database, migrator.user(), migrator.password())
                .connectRetries(10)
                .load()
                .migrate();
        LOG.info("migrated", LogField.COUNT.of(result.migrationsExecuted));
    }

    /**
     * Whether every migration that this program knows has run; false as well if the database cannot be asked. Further ones, of
     * a newer program, do not matter: they only add, so that old and new replicas can run side by side.
     */
    public static boolean upToDate(DatabaseSettings database) {
        try {
            return Stream.of(flyway(database, database.user(), database.password())
                            .load()
                            .info()
                            .all())
                    .map(MigrationInfo::getState)
                    .filter(MigrationState::isResolved)
                    .allMatch(state -> state.isApplied() && !state.isFailed());
        } catch (FlywayException e) {
            return false;
        }
    }

    private static FluentConfiguration flyway(DatabaseSettings database, String user, Secret password) {
        return Flyway.configure()
                .dataSource(database.url(), user, password.reveal())
                .locations(LOCATIONS)
                .placeholders(Map.of("app_role", database.user()))
                .validateMigrationNaming(true)
                .cleanDisabled(true);
    }
}
