package io.vitals.oncall;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.lifecycle.Worker;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/** The parts of it, put together. */
final class OnCall {
    static final String LISTENER = "api";
    private static final Duration UPKEEP = Duration.ofMinutes(10);

    private OnCall() {}

    /** Starts everything and registers it with the lifecycle: the listener is the first to stop. */
    static HttpServer start(
            OnCallSettings settings,
            MeterRegistry registry,
            Tracer tracer,
            Lifecycle lifecycle,
            Clock clock,
            SecureRandom random)
            throws IOException {
        IncidentFiles files = lifecycle.onStop(
                "incident files", IncidentFiles.open(settings.incidents().directory()));
        OnCallMeters meters = new OnCallMeters(registry);
        Incidents incidents = new Incidents(files, settings.incidents(), meters, clock);
        Signature signature = new Signature(
                settings.acknowledgements().key(), settings.acknowledgements().window(), clock);
        OnCallApi api = new OnCallApi(incidents, settings.notifications().credential(), signature, meters, clock);
        lifecycle.onStop("upkeep", Worker.start("upkeep", UPKEEP, incidents::upkeep));
        return lifecycle.onStop(
                "listener",
                HttpServer.builder(HttpSettings.defaults(), registry, tracer, random)
                        .listener(
                                LISTENER,
                                settings.api(),
                                settings.notifications().maxBody(),
                                api::routes)
                        .build()
                        .start());
    }
}
