package io.vitals.gitops;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;

/** One object as it would reach a cluster. */
public record Manifest(JsonNode json) {
    public String kind() {
        return text("/kind");
    }

    public String name() {
        return text("/metadata/name");
    }

    public String namespace() {
        return text("/metadata/namespace");
    }

    /** {@code Kind/name}, as messages call it. */
    public String id() {
        return kind() + "/" + name();
    }

    /** What stands at a JSON pointer; missing where there is nothing. */
    public JsonNode at(String pointer) {
        return json.at(pointer);
    }

    /** The text there, empty where there is none. */
    public String text(String pointer) {
        return json.at(pointer).asText("");
    }

    public String annotation(String key) {
        return json.at("/metadata/annotations").path(key).asText("");
    }

    public String label(String key) {
        return json.at("/metadata/labels").path(key).asText("");
    }

    /** The template of the pods that it makes, or a missing node if it makes none. */
    public JsonNode podTemplate() {
        return switch (kind()) {
            case "CronJob" -> at("/spec/jobTemplate/spec/template");
            case "Rollout", "Deployment", "StatefulSet", "DaemonSet", "Job", "Pooler" -> at("/spec/template");
            default -> at("/no/pods");
        };
    }

    /** All containers of its pods, those that run before the others too. */
    public List<JsonNode> containers() {
        var all = new java.util.ArrayList<JsonNode>();
        podTemplate().at("/spec/initContainers").forEach(all::add);
        podTemplate().at("/spec/containers").forEach(all::add);
        return all;
    }
}
