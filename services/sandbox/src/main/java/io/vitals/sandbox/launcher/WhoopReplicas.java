package io.vitals.sandbox.launcher;

import io.vitals.sandbox.postgres.SandboxDatabase;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The processes of whoop-service. A single one has the run's own ports; several have ports of their own, and balancers hold
 * the run's, so that nobody who calls knows how many there are.
 */
final class WhoopReplicas {
    private static final String NAME = "whoop-service";

    private final StackSettings settings;
    private final Conditions conditions;
    private final List<WhoopPorts> listeners = new ArrayList<>();

    WhoopReplicas(StackSettings settings, Conditions conditions, RandomGenerator random) {
        this.settings = settings;
        this.conditions = conditions;
        for (int number = 1; number <= conditions.whoopReplicas(); number++) {
            listeners.add(conditions.whoopReplicas() == 1 ? WhoopPorts.of(settings.ports()) : WhoopPorts.free(random));
        }
    }

    List<ServiceProcess> processes(ServiceFiles files, SandboxDatabase database, Consumer<String> onUnexpectedEnd) {
        List<ServiceProcess> processes = new ArrayList<>();
        for (WhoopPorts own : listeners) {
            String name = processes.isEmpty() ? NAME : NAME + "-" + (processes.size() + 1);
            boolean last = processes.size() == listeners.size() - 1;
            Optional<Path> other = last ? conditions.lastReplicaJar() : Optional.empty();
            processes.add(new ServiceProcess(
                    name,
                    other.orElse(settings.jar(NAME)),
                    files.whoopService(name, database, own, other.isEmpty()),
                    conditions.whoopSettings(),
                    settings.log(name),
                    Stack.readiness(own.management()),
                    Leftovers.record(settings.directory(), name),
                    onUnexpectedEnd));
        }
        return List.copyOf(processes);
    }

    /** Starts the balancers that several replicas need. */
    List<Balancer> balance(List<ServiceProcess> processes) {
        if (processes.size() == 1) {
            return List.of();
        }
        List<Balancer.Backend> webhooks = new ArrayList<>();
        List<Balancer.Backend> internal = new ArrayList<>();
        for (int i = 0; i < processes.size(); i++) {
            ServiceProcess process = processes.get(i);
            webhooks.add(new Balancer.Backend(listeners.get(i).webhooks(), process::isReady));
            internal.add(new Balancer.Backend(listeners.get(i).internal(), process::isReady));
        }
        return List.of(
                Balancer.start(settings.ports().whoopPublic(), webhooks),
                Balancer.start(settings.ports().whoopInternal(), internal));
    }
}
