package io.vitals.probe;

import io.vitals.kit.config.Settings;
import io.vitals.kit.config.TracingSettings;
import io.vitals.kit.lifecycle.CommandLine;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.lifecycle.Worker;
import io.vitals.kit.management.ManagementServer;
import io.vitals.kit.management.Probes;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** The probe: {@code serve} (the default), which walks rounds and shows metrics, or {@code once}. */
public final class Main {
    static final String NAME = "probe";

    /** Journeys are told by metrics alone. */
    private static final TracingSettings NO_TRACING = new TracingSettings(false, "", 0);

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(System.getenv(), arguments));
    }

    static int run(Map<String, String> environment, String... arguments) {
        return CommandLine.of(NAME)
                .command("serve", () -> serve(environment))
                .command("once", () -> once(environment))
                .run(arguments);
    }

    private static void once(Map<String, String> environment) throws OnceCommand.FailedException {
        ProbeSettings settings = Settings.load(ProbeSettings.class, environment);
        OnceCommand.run(Journeys.of(settings, Clock.systemUTC()), System.out::println);
    }

    private static void serve(Map<String, String> environment) throws InterruptedException {
        ProbeSettings settings = Settings.load(ProbeSettings.class, environment);
        Clock clock = Clock.systemUTC();
        Journeys journeys = Journeys.of(settings, clock);
        Probes probes = new Probes(clock);
        // Nobody sends it requests that would have to be drained.
        Lifecycle lifecycle = new Lifecycle(probes, Duration.ZERO).stopWithProcess();
        ManagementServer management = lifecycle.onStop(
                "management", ManagementServer.start(settings.management(), NAME, Main.class, probes, NO_TRACING));
        Rounds rounds =
                new Rounds(journeys, new JourneyMeters(management.registry(), journeys.all()), clock, probes::draining);
        lifecycle.onStop("rounds", Worker.start("rounds", settings.interval(), () -> {
            rounds.walk();
            return false;
        }));
        probes.markStarted();
        lifecycle.awaitStop();
    }
}
