package io.vitals.health;

import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Settings;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Migrations;
import io.vitals.kit.lifecycle.CommandLine;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.management.ManagementServer;
import io.vitals.kit.management.Probes;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** health-api: {@code serve} (the default) or {@code migrate}. */
public final class Main {
    private static final String NAME = "health-api";

    private Main() {}

    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        System.exit(CommandLine.run(NAME, arguments, () -> serve(environment), () -> migrate(environment)));
    }

    private static void migrate(Map<String, String> environment) throws ConfigException {
        HealthApiSettings settings = Settings.load(HealthApiSettings.class, environment);
        MigratorSettings migrator = settings.migrator()
                .orElseThrow(() -> new ConfigException(
                        List.of("migrator.user: is missing", "migrator.password-file: is missing")));
        Migrations.run(settings.db(), migrator);
    }

    private static void serve(Map<String, String> environment) throws InterruptedException {
        HealthApiSettings settings = Settings.load(HealthApiSettings.class, environment);
        Clock clock = Clock.systemUTC();
        AtomicReference<Database> pool = new AtomicReference<>();
        Probes probes = new Probes(clock)
                .startup("schema", () -> Migrations.upToDate(settings.db()))
                .readiness("database", () -> {
                    Database database = pool.get();
                    return database != null && database.ping(Duration.ofSeconds(1));
                });
        Lifecycle lifecycle = new Lifecycle(probes, settings.drain()).stopWithProcess();
        ManagementServer management = lifecycle.onStop(
                "management",
                ManagementServer.start(settings.management(), NAME, Main.class, probes, settings.tracing()));
        Database database = lifecycle.onStop("database", Database.open(settings.db(), NAME, management.registry()));
        pool.set(database);
        new HealthApi(
                        settings,
                        database,
                        management.registry(),
                        management.tracer(),
                        lifecycle,
                        clock,
                        new SecureRandom())
                .start();
        probes.markStarted();
        lifecycle.awaitStop();
    }
}
