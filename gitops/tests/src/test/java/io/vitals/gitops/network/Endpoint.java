package io.vitals.gitops.network;

import java.util.Map;

/**
 * Something that asks or is asked: a pod, or an address outside.
 *
 * @param name {@code namespace/pod}, the namespace without its environment; {@code outside/...} for what is no pod
 * @param namespace as the cluster has it, empty outside
 * @param ports those that it gives names to
 */
record Endpoint(
        String name,
        String namespace,
        Map<String, String> namespaceLabels,
        Map<String, String> labels,
        Map<String, Port> ports,
        String address) {
    boolean pod() {
        return !namespace.isEmpty();
    }
}
