package io.vitals.gitops.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Manifest;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A NetworkPolicy, read strictly: a field that is not understood here is refused, as it could open something.
 *
 * @param id {@code namespace/name}
 * @param pods which pods of its namespace it is about
 * @param in rules for what comes in, nothing if it says nothing of that
 * @param out the same of what goes out
 */
record Policy(
        String id,
        String namespace,
        Selector pods,
        @Nullable List<Rule> in,
        @Nullable List<Rule> out) {
    /**
     * What is let through.
     *
     * @param peers none stands for everybody
     * @param ports none stands for all
     */
    record Rule(List<Peer> peers, List<Ports> ports) {
        boolean allows(String namespace, Endpoint peer, Endpoint asked, Port port) {
            return (peers.isEmpty() || peers.stream().anyMatch(one -> one.fits(namespace, peer)))
                    && (ports.isEmpty() || ports.stream().anyMatch(one -> one.has(asked, port)));
        }
    }

    /** Pods by their labels and those of their namespace, or addresses. */
    record Peer(
            @Nullable Block block,
            @Nullable Selector namespaces,
            @Nullable Selector pods) {
        boolean fits(String namespace, Endpoint peer) {
            if (block != null) {
                // Whatever has the address: a pod too, as engines that look at packets see it.
                return block.has(peer.address());
            }
            if (!peer.pod() || (pods != null && !pods.fits(peer.labels()))) {
                return false;
            }
            return namespaces == null ? peer.namespace().equals(namespace) : namespaces.fits(peer.namespaceLabels());
        }
    }

    /**
     * Ports of one protocol.
     *
     * @param first null for all of the protocol, or where there is a name
     * @param name that the pod which is asked has for it
     */
    record Ports(
            String protocol,
            @Nullable Integer first,
            int last,
            @Nullable String name) {
        boolean has(Endpoint asked, Port port) {
            if (name != null) {
                return port.equals(asked.ports().get(name)) && port.protocol().equals(protocol);
            }
            return port.protocol().equals(protocol)
                    && (first == null || (first <= port.number() && port.number() <= last));
        }
    }

    static Policy of(Manifest manifest) {
        String id = manifest.namespace() + "/" + manifest.name();
        try {
            JsonNode spec = manifest.at("/spec");
            known(spec, Set.of("podSelector", "policyTypes", "ingress", "egress"));
            var types = new TreeSet<String>();
            spec.path("policyTypes").forEach(type -> types.add(type.asText()));
            if (types.isEmpty()) {
                types.add("Ingress");
                if (spec.path("egress").size() > 0) {
                    types.add("Egress");
                }
            }
            return new Policy(
                    id,
                    manifest.namespace(),
                    Selector.of(spec.path("podSelector")),
                    types.contains("Ingress") ? rules(spec.path("ingress"), "from") : null,
                    types.contains("Egress") ? rules(spec.path("egress"), "to") : null);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("NetworkPolicy " + id + ": " + e.getMessage(), e);
        }
    }

    boolean selects(Endpoint endpoint) {
        return endpoint.namespace().equals(namespace) && pods.fits(endpoint.labels());
    }

    private static List<Rule> rules(JsonNode nodes, String peers) {
        var all = new ArrayList<Rule>();
        for (JsonNode node : nodes) {
            known(node, Set.of(peers, "ports"));
            var from = new ArrayList<Peer>();
            node.path(peers).forEach(peer -> from.add(peer(peer)));
            var ports = new ArrayList<Ports>();
            node.path("ports").forEach(port -> ports.add(ports(port)));
            all.add(new Rule(from, ports));
        }
        return all;
    }

    private static Peer peer(JsonNode node) {
        known(node, Set.of("ipBlock", "namespaceSelector", "podSelector"));
        if (node.isEmpty() || (node.has("ipBlock") && node.size() > 1)) {
            throw new IllegalArgumentException("a peer is addresses, or pods, and one of them");
        }
        JsonNode block = node.path("ipBlock");
        var except = new ArrayList<String>();
        block.path("except").forEach(cidr -> except.add(cidr.asText()));
        return new Peer(
                block.isMissingNode() ? null : new Block(block.path("cidr").asText(), except),
                node.has("namespaceSelector") ? Selector.of(node.path("namespaceSelector")) : null,
                node.has("podSelector") ? Selector.of(node.path("podSelector")) : null);
    }

    private static Ports ports(JsonNode node) {
        known(node, Set.of("endPort", "port", "protocol"));
        String protocol = node.path("protocol").asText("TCP");
        if (!protocol.equals("TCP") && !protocol.equals("UDP")) {
            throw new IllegalArgumentException("speaks " + protocol + ", which no pod here does");
        }
        JsonNode port = node.path("port");
        if (port.isMissingNode()) {
            return new Ports(protocol, null, 0, null);
        }
        if (port.isTextual()) {
            return new Ports(protocol, null, 0, port.asText());
        }
        return new Ports(protocol, port.asInt(), node.path("endPort").asInt(port.asInt()), null);
    }

    private static void known(JsonNode node, Set<String> fields) {
        node.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                throw new IllegalArgumentException("has " + field + ", which is not understood");
            }
        });
    }
}
