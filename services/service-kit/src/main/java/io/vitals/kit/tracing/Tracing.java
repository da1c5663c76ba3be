package io.vitals.kit.tracing;

import io.helidon.tracing.Tracer;
import io.helidon.tracing.TracerBuilder;
import io.vitals.kit.config.TracingSettings;

import java.net.URI;

/** The process's tracer: Helidon's Jaeger provider, which exports in batches beside the requests and drops when it must. */
public final class Tracing {
    private Tracing() {}

    /** One that does nothing when tracing is off. */
    public static Tracer tracer(String service, TracingSettings settings) {
        if (!settings.enabled()) {
            return Tracer.noOp();
        }
        return TracerBuilder.create(service)
                .collectorUri(URI.create("http://" + settings.host() + ":" + settings.port()))
                // Whoever needs it is given it.
                .registerGlobal(false)
                .build();
    }
}
