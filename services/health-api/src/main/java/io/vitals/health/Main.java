package io.vitals.health;

import io.vitals.kit.audit.AuditVerifyCommand;
import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Settings;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Migrations;
import io.vitals.kit.lifecycle.CommandLine;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.management.ManagementServer;
import io.vitals.kit.management.Probes;
import io.vitals.kit.management.ReadinessCheck;
import io.vitals.kit.state.StateCommands;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/**
 * health-api: {@code serve} (the default), {@code migrate}, {@code audit verify}, {@code erasure replay},
 * {@code compliance report}, {@code export}, {@code import} or {@code health}.
 */
public final class Main {
    static final String NAME = "health-api";

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(System.getenv(), arguments));
    }

    static int run(Map<String, String> environment, String... arguments) {
        return CommandLine.of(NAME)
                .command("serve", () -> serve(environment))
                .command("migrate", () -> migrate(environment))
                .command(
                        "audit verify",
                        AuditVerifyCommand.USAGE,
                        AuditVerifyCommand.SYNTAX,
                        options -> verify(environment, options))
                .command(
                        "erasure replay",
                        ErasureReplayCommand.USAGE,
                        ErasureReplayCommand.SYNTAX,
                        options -> replay(environment, options))
                .command("compliance report", () -> report(environment))
                .command(
                        "export",
                        StateCommands.EXPORT_USAGE,
                        StateCommands.EXPORT,
                        options -> System.out.println(state(environment)
                                .export(
                                        options,
                                        UUID.randomUUID(),
                                        Clock.systemUTC().instant())))
                .command(
                        "import",
                        StateCommands.IMPORT_USAGE,
                        StateCommands.IMPORT,
                        options -> System.out.println(state(environment).importFrom(options)))
                .check("health", () -> ReadinessCheck.ask(environment))
                .run(arguments);
    }

    private static void report(Map<String, String> environment) throws Exception {
        HealthApiSettings settings = Settings.load(HealthApiSettings.class, environment);
        System.out.println(ComplianceReport.of(settings, Clock.systemUTC()).orThrow());
    }

    private static void replay(Map<String, String> environment, Options options) throws Exception {
        HealthApiSettings settings = Settings.load(HealthApiSettings.class, environment);
        System.out.println(ErasureReplayCommand.run(
                settings.db(), options, Clock.systemUTC().instant()));
    }

    private static void verify(Map<String, String> environment, Options options) throws Exception {
        HealthApiSettings settings = Settings.load(HealthApiSettings.class, environment);
        System.out.println(AuditVerifyCommand.run(
                NAME,
                settings.db(),
                settings.audit(),
                options,
                Clock.systemUTC().instant()));
    }

    private static StateCommands state(Map<String, String> environment) throws ConfigException {
        HealthApiSettings settings = Settings.load(HealthApiSettings.class, environment);
        return new StateCommands(
                NAME,
                Main.class,
                HealthState.TABLES,
                settings.db(),
                settings.migrator(),
                settings.audit(),
                settings.state());
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
