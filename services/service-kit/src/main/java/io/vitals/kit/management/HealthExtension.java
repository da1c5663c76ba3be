package io.vitals.kit.management;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

import java.lang.annotation.Annotation;

/** Hands the service's probes to MicroProfile Health; the container of the management server knows nothing else. */
final class HealthExtension implements Extension {
    private final Probes probes;

    HealthExtension(Probes probes) {
        this.probes = probes;
    }

    void addChecks(@Observes AfterBeanDiscovery discovery) {
        add(discovery, Liveness.Literal.INSTANCE, () -> HealthCheckResponse.up("process"));
        add(
                discovery,
                Startup.Literal.INSTANCE,
                () -> HealthCheckResponse.named("listeners")
                        .status(probes.started())
                        .build());
        add(discovery, Readiness.Literal.INSTANCE, this::readiness);
    }

    private HealthCheckResponse readiness() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("service");
        probes.results().forEach(response::withData);
        return response.withData("draining", probes.draining())
                .status(probes.ready())
                .build();
    }

    private static void add(AfterBeanDiscovery discovery, Annotation kind, HealthCheck check) {
        discovery
                .<HealthCheck>addBean()
                .types(HealthCheck.class)
                .qualifiers(kind)
                .scope(ApplicationScoped.class)
                .name("vitals-" + kind.annotationType().getSimpleName())
                .createWith(context -> check);
    }
}
