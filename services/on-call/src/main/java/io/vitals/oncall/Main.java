package io.vitals.oncall;

import io.vitals.kit.config.Settings;
import io.vitals.kit.config.TracingSettings;
import io.vitals.kit.lifecycle.CommandLine;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.management.ManagementServer;
import io.vitals.kit.management.Probes;
import io.vitals.kit.management.ReadinessCheck;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;

/** On-call: {@code serve} (the default), {@code acknowledge} or {@code health}. */
public final class Main {
    static final String NAME = "on-call";

    /** What it does is told by metrics and by the incidents themselves. */
    private static final TracingSettings NO_TRACING = new TracingSettings(false, "", 0);

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(System.getenv(), arguments));
    }

    static int run(Map<String, String> environment, String... arguments) {
        return CommandLine.of(NAME)
                .command("serve", () -> serve(environment))
                .command(
                        "acknowledge",
                        AcknowledgeCommand.USAGE,
                        AcknowledgeCommand.SYNTAX,
                        options -> System.out.println(AcknowledgeCommand.run(options, environment, Clock.systemUTC())))
                .check("health", () -> ReadinessCheck.ask(environment))
                .run(arguments);
    }

    private static void serve(Map<String, String> environment) throws InterruptedException, IOException {
        OnCallSettings settings = Settings.load(OnCallSettings.class, environment);
        Clock clock = Clock.systemUTC();
        Probes probes = new Probes(clock);
        Lifecycle lifecycle = new Lifecycle(probes, settings.drain()).stopWithProcess();
        ManagementServer management = lifecycle.onStop(
                "management", ManagementServer.start(settings.management(), NAME, Main.class, probes, NO_TRACING));
        OnCall.start(settings, management.registry(), management.tracer(), lifecycle, clock, new SecureRandom());
        probes.markStarted();
        lifecycle.awaitStop();
    }
}
