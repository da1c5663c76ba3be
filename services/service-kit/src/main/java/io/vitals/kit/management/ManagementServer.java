package io.vitals.kit.management;

import io.helidon.config.mp.MpConfigSources;
import io.helidon.metrics.api.Metrics;
import io.helidon.microprofile.server.ServerCdiExtension;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.vitals.kit.config.ManagementSettings;
import io.vitals.kit.config.TracingSettings;
import io.vitals.kit.logging.Logging;
import io.vitals.kit.tracing.Tracing;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;

import java.util.HashMap;
import java.util.Map;

/**
 * MicroProfile Health and Metrics on a port of their own: {@code /health/live}, {@code /health/ready}, {@code
 * /health/started} and {@code /metrics}. Overload of the business listeners never reaches it.
 *
 * <p>One a process: the MicroProfile container owns the registry and the tracer, so this starts before anything takes
 * either.
 */
public final class ManagementServer implements AutoCloseable {
    private final SeContainer container;
    private final MeterRegistry registry;
    private final Tracer tracer;
    private final JvmGcMetrics gc;
    private final Logging.Counting logs;

    private ManagementServer(SeContainer container, MeterRegistry registry, Tracer tracer) {
        this.container = container;
        this.registry = registry;
        this.tracer = tracer;
        this.gc = new JvmGcMetrics();
        this.logs = Logging.count(registry);
        bindJvm();
    }

    /**
     * Starts the server; it answers at once, unready until the probes say otherwise.
     *
     * @param service the name in spans
     * @param program a class of the service's jar, which tells what was built
     */
    public static ManagementServer start(
            ManagementSettings settings, String service, Class<?> program, Probes probes, TracingSettings tracing) {
        ConfigProviderResolver resolver = ConfigProviderResolver.instance();
        Config config = resolver.getBuilder()
                .withSources(MpConfigSources.create(configuration(settings)))
                .build();
        resolver.registerConfig(config, Thread.currentThread().getContextClassLoader());
        SeContainer container = SeContainerInitializer.newInstance()
                .addExtensions(new HealthExtension(probes))
                .initialize();
        MeterRegistry registry = Metrics.globalRegistry().unwrap(MeterRegistry.class);
        BuildInfo.of(program, settings.color()).show(registry);
        return new ManagementServer(container, registry, Tracing.tracer(service, tracing));
    }

    private static Map<String, String> configuration(ManagementSettings settings) {
        Map<String, String> config = new HashMap<>();
        config.put("mp.initializer.allow", "true");
        config.put("mp.initializer.no-warn", "true");
        config.put("server.host", settings.host());
        config.put("server.port", Integer.toString(settings.port()));
        config.put("server.shutdown-hook", "false");
        // Restarting helps against neither a full disk nor a full heap, so the built-in checks stay out.
        config.put("health.exclude.0", "diskSpace");
        config.put("health.exclude.1", "heapMemory");
        config.put("metrics.scoping.default", "application");
        return config;
    }

    /** The one registry; whatever is registered here shows at {@code /metrics}. */
    public MeterRegistry registry() {
        return registry;
    }

    /** The one tracer: Jaeger if tracing is on, else one that does nothing. */
    public Tracer tracer() {
        return tracer;
    }

    /** The bound port. */
    public int port() {
        return container.getBeanManager().getExtension(ServerCdiExtension.class).port();
    }

    private void bindJvm() {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new JvmInfoMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
        VirtualThreadMetrics.bindTo(registry);
    }

    @Override
    public void close() {
        logs.close();
        gc.close();
        container.close();
    }
}
