package io.vitals.gitops.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Tree;
import io.vitals.gitops.argocd.Installation;
import io.vitals.gitops.platform.Sources;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The endpoints and policies of a cluster: of what is rendered, and of what the table says of charts. */
final class Endpoints {
    private final Manifest facts;
    private final Table table;
    private final List<Manifest> rendered = new ArrayList<>();
    private final Map<String, Endpoint> found = new TreeMap<>();
    private final Map<String, Map<String, String>> namespaces = new TreeMap<>();

    private Endpoints(Tree tree, String cluster, Table table) {
        this.table = table;
        this.facts = Sources.facts(tree, cluster);
        Sources.rendered(tree, cluster).values().forEach(rendered::addAll);
        rendered.addAll(Installation.folder(tree, "argocd/bootstrap/" + cluster));
        var environments = new ArrayList<String>();
        facts.at("/spec/environments").forEach(environment -> environments.add(environment.asText()));
        tree.rendered().forEach((folder, manifests) -> {
            if (environments.stream().anyMatch(environment -> of(folder, environment))) {
                rendered.addAll(manifests);
            }
        });
    }

    static Network of(Tree tree, String cluster, Table table) {
        return new Endpoints(tree, cluster, table).network();
    }

    private static boolean of(Path folder, String environment) {
        return folder.getNameCount() > 4 && folder.getName(4).toString().equals(environment);
    }

    private Network network() {
        rendered.stream()
                .filter(manifest -> manifest.kind().equals("Namespace"))
                .forEach(this::namespace);
        for (Manifest manifest : rendered) {
            switch (manifest.kind()) {
                case "AnalysisTemplate" -> {
                    for (JsonNode metric : manifest.at("/spec/metrics")) {
                        template(manifest, metric.at("/provider/job/spec/template"));
                    }
                }
                // Its pods have the labels that it hands down; what they listen on is the operator's.
                case "Cluster" ->
                    pod(
                            manifest.label("app.kubernetes.io/name"),
                            manifest.namespace(),
                            labels(manifest.at("/spec/inheritedMetadata/labels")),
                            Map.of(
                                    "postgresql", Port.tcp(5432),
                                    "metrics", Port.tcp(9187),
                                    "status", Port.tcp(8000)));
                case "Pooler" ->
                    pod(
                            manifest.label("app.kubernetes.io/name") + "-pooler",
                            manifest.namespace(),
                            labels(manifest.at("/spec/template/metadata/labels")),
                            Map.of("pgbouncer", Port.tcp(5432), "metrics", Port.tcp(9127)));
                default -> template(manifest, manifest.podTemplate());
            }
        }
        for (Table.Pod pod : table.pods()) {
            String namespace = pod.name().substring(0, pod.name().indexOf('/'));
            if (!pod.namespaceLabels().isEmpty()) {
                namespaces.put(namespace, named(namespace, pod.namespaceLabels()));
            }
            var ports = new TreeMap<String, Port>();
            pod.ports().forEach(port -> ports.put(port.toString(), port));
            pod(pod.name().substring(namespace.length() + 1), inEnvironment(namespace), pod.labels(), ports);
        }
        String nodes = facts.text("/spec/nodeCidr");
        // Of the ranges that are for examples, and of those that a provider has for its own.
        outside("world", "203.0.113.10");
        outside("private", "192.168.7.7");
        outside("node", Block.last(nodes, 5));
        outside("node-identity", "169.254.169.254");
        outside("pod-identity", "169.254.170.23");
        return new Network(
                List.copyOf(found.values()),
                rendered.stream()
                        .filter(manifest -> manifest.kind().equals("NetworkPolicy"))
                        .map(Policy::of)
                        .toList());
    }

    private void namespace(Manifest manifest) {
        namespaces.put(manifest.name(), named(manifest.name(), labels(manifest.at("/metadata/labels"))));
    }

    private static Map<String, String> named(String name, Map<String, String> labels) {
        var all = new TreeMap<>(labels);
        all.put("kubernetes.io/metadata.name", name);
        return all;
    }

    private void template(Manifest owner, JsonNode template) {
        Map<String, String> labels = labels(template.at("/metadata/labels"));
        String name = labels.get("app.kubernetes.io/name");
        if (name == null) {
            return;
        }
        var ports = new TreeMap<String, Port>();
        for (JsonNode container : template.at("/spec/containers")) {
            for (JsonNode port : container.path("ports")) {
                int number = port.path("containerPort").asInt();
                ports.put(
                        port.path("name").asText(Integer.toString(number)),
                        new Port(port.path("protocol").asText("TCP"), number));
            }
        }
        pod(name, owner.namespace(), labels, ports);
    }

    private void pod(String name, String namespace, Map<String, String> labels, Map<String, Port> ports) {
        String known = namespace.replaceFirst("-(" + environments() + ")$", "") + "/" + name;
        String address = Block.first(facts.text("/spec/podCidr"), 257 + found.size());
        found.putIfAbsent(
                known,
                new Endpoint(
                        known,
                        namespace,
                        namespaces.getOrDefault(namespace, named(namespace, Map.of())),
                        labels,
                        ports,
                        address));
    }

    /** A namespace of the table as the cluster has it. */
    private String inEnvironment(String namespace) {
        return namespaces.keySet().stream()
                .filter(name ->
                        name.replaceFirst("-(" + environments() + ")$", "").equals(namespace))
                .findFirst()
                .orElse(namespace);
    }

    private String environments() {
        var all = new ArrayList<String>();
        facts.at("/spec/environments").forEach(environment -> all.add(environment.asText()));
        return String.join("|", all);
    }

    private void outside(String name, String address) {
        found.put("outside/" + name, new Endpoint("outside/" + name, "", Map.of(), Map.of(), Map.of(), address));
    }

    private static Map<String, String> labels(JsonNode node) {
        var all = new TreeMap<String, String>();
        node.properties()
                .forEach(label -> all.put(label.getKey(), label.getValue().asText()));
        return all;
    }
}
