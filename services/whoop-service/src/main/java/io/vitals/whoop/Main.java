package io.vitals.whoop;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.audit.AuditVerifyCommand;
import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Settings;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Migrations;
import io.vitals.kit.lifecycle.CommandLine;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.lifecycle.UsageException;
import io.vitals.kit.management.ManagementServer;
import io.vitals.kit.management.Probes;
import io.vitals.kit.management.ReadinessCheck;
import io.vitals.kit.state.StateCommands;
import io.vitals.whoop.webhook.WebhookReplay;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/**
 * whoop-service: {@code serve} (the default), {@code migrate}, {@code remap}, {@code replay}, {@code audit verify},
 * {@code export}, {@code import} or {@code health}.
 */
public final class Main {
    static final String NAME = "whoop-service";

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(System.getenv(), arguments));
    }

    static int run(Map<String, String> environment, String... arguments) {
        return CommandLine.of(NAME)
                .command("serve", () -> serve(environment))
                .command("migrate", () -> migrate(environment))
                .command(
                        "remap",
                        RemapCommand.USAGE,
                        RemapCommand.SYNTAX,
                        options -> RemapCommand.run(options, environment, Clock.systemUTC()))
                .command("replay", ReplayCommand.USAGE, ReplayCommand.SYNTAX, options -> replay(environment, options))
                .command("audit verify", AuditVerifyCommand.USAGE, AuditVerifyCommand.SYNTAX, options -> {
                    WhoopServiceSettings settings = Settings.load(WhoopServiceSettings.class, environment);
                    System.out.println(AuditVerifyCommand.run(
                            NAME,
                            settings.db(),
                            settings.audit(),
                            options,
                            Clock.systemUTC().instant()));
                })
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

    private static void replay(Map<String, String> environment, Options options)
            throws ConfigException, UsageException {
        WebhookReplay.Selection selection = ReplayCommand.selection(options);
        WhoopServiceSettings settings = Settings.load(WhoopServiceSettings.class, environment);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Database database = Database.open(settings.db(), NAME + "-replay", registry)) {
            WebhookReplay replay = new WebhookReplay(database, new AuditLog(registry), events -> {});
            System.out.println(ReplayCommand.run(replay, selection, options));
        }
    }

    private static StateCommands state(Map<String, String> environment) throws ConfigException {
        WhoopServiceSettings settings = Settings.load(WhoopServiceSettings.class, environment);
        return new StateCommands(
                NAME,
                Main.class,
                WhoopState.TABLES,
                settings.db(),
                settings.migrator(),
                settings.audit(),
                settings.state());
    }

    private static void migrate(Map<String, String> environment) throws ConfigException {
        WhoopServiceSettings settings = Settings.load(WhoopServiceSettings.class, environment);
        MigratorSettings migrator = settings.migrator()
                .orElseThrow(() -> new ConfigException(
                        List.of("migrator.user: is missing", "migrator.password-file: is missing")));
        Migrations.run(settings.db(), migrator);
    }

    private static void serve(Map<String, String> environment) throws InterruptedException {
        WhoopServiceSettings settings = Settings.load(WhoopServiceSettings.class, environment);
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
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
        WhoopService.start(
                settings, database, management.registry(), management.tracer(), probes, lifecycle, clock, random);
        probes.markStarted();
        lifecycle.awaitStop();
    }
}
