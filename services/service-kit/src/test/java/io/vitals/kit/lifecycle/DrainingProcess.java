package io.vitals.kit.lifecycle;

import io.vitals.kit.config.ManagementSettings;
import io.vitals.kit.config.TracingSettings;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.management.ManagementServer;
import io.vitals.kit.management.Probes;

import java.time.Clock;
import java.time.Duration;

/** A service without work, for tests that end a process. It prints the management port once it is ready. */
final class DrainingProcess {
    private DrainingProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        var probes = new Probes(Clock.systemUTC());
        Lifecycle lifecycle = new Lifecycle(probes, Duration.parse(arguments[0])).stopWithProcess();
        ManagementServer management = lifecycle.onStop(
                "management",
                ManagementServer.start(
                        new ManagementSettings("127.0.0.1", 0, "green"),
                        "draining",
                        DrainingProcess.class,
                        probes,
                        new TracingSettings(false, "127.0.0.1", 14250)));
        // Logs by an event of its own, which registers a meter while everything is about to stop.
        lifecycle.onStop("logging", () -> EventLog.of(DrainingProcess.class).warn("draining_process_stops"));
        if (arguments.length > 1) {
            lifecycle.onStop("broken", () -> {
                throw new IllegalStateException(arguments[1]);
            });
        }
        probes.markStarted();
        System.out.println("port=" + management.port());
        lifecycle.awaitStop();
    }
}
