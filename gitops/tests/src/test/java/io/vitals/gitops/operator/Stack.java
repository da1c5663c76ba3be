package io.vitals.gitops.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;

import java.util.List;

/**
 * The Prometheus and the Alertmanager that the chart kube-prometheus-stack makes of our values, as far as it says what the operator has to
 * select and to write: of an absent selector the chart makes one of its own release's label, unless the values forbid it.
 */
final class Stack {
    static final String NAME = "kube-prometheus-stack";
    static final String NAMESPACE = "monitoring";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> PICKED = List.of("podMonitor", "probe", "rule", "serviceMonitor");

    private Stack() {}

    static JsonNode values() {
        return Yaml.read(Program.ROOT.resolve("gitops/platform/kube-prometheus-stack/values.yaml"))
                .getFirst();
    }

    /** The values' own words, but for how many there are and what they ask of a node: none is here. */
    static Manifest prometheus(JsonNode values) {
        ObjectNode spec = values.at("/prometheus/prometheusSpec").deepCopy();
        for (String kind : PICKED) {
            JsonNode release = spec.remove(kind + "SelectorNilUsesHelmValues");
            ObjectNode selector = spec.putObject(kind + "Selector");
            spec.putObject(kind + "NamespaceSelector");
            if (release == null || release.asBoolean()) {
                selector.putObject("matchLabels").put("release", NAME);
            }
        }
        spec.set("storage", spec.remove("storageSpec"));
        spec.putObject("alerting")
                .putArray("alertmanagers")
                .addObject()
                .put("apiVersion", "v2")
                .put("name", NAME + "-alertmanager")
                .put("namespace", NAMESPACE)
                .put("port", "http-web");
        return object("Prometheus", spec);
    }

    static Manifest alertmanager(JsonNode values) {
        ObjectNode spec = values.at("/alertmanager/alertmanagerSpec").deepCopy();
        spec.remove("useExistingSecret");
        // The chart's own word for a rule of the scheduler.
        spec.remove("podAntiAffinity");
        spec.putObject("alertmanagerConfigSelector");
        return object("Alertmanager", spec);
    }

    private static Manifest object(String kind, ObjectNode spec) {
        ObjectNode object = MAPPER.createObjectNode();
        object.put("apiVersion", "monitoring.coreos.com/v1").put("kind", kind);
        object.putObject("metadata").put("name", NAME).put("namespace", NAMESPACE);
        object.set("spec", spec);
        return new Manifest(object);
    }
}
