package io.vitals.kit.management;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jdk.management.VirtualThreadSchedulerMXBean;

import java.lang.management.ManagementFactory;
import java.util.function.ToDoubleFunction;

/** The scheduler of virtual threads: whether there are carriers left, and how many threads wait for one. */
final class VirtualThreadMetrics {
    private VirtualThreadMetrics() {}

    static void bindTo(MeterRegistry registry) {
        VirtualThreadSchedulerMXBean scheduler =
                ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        show(registry, scheduler, "parallelism", VirtualThreadSchedulerMXBean::getParallelism);
        show(registry, scheduler, "pool", VirtualThreadSchedulerMXBean::getPoolSize);
        show(registry, scheduler, "mounted", VirtualThreadSchedulerMXBean::getMountedVirtualThreadCount);
        show(registry, scheduler, "queued", VirtualThreadSchedulerMXBean::getQueuedVirtualThreadCount);
    }

    private static void show(
            MeterRegistry registry,
            VirtualThreadSchedulerMXBean scheduler,
            String what,
            ToDoubleFunction<VirtualThreadSchedulerMXBean> value) {
        Gauge.builder("app.vthread.scheduler." + what, scheduler, value)
                .description("Virtual thread scheduler: " + what)
                .register(registry);
    }
}
