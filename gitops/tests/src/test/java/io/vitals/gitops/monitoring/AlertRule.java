package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A rule of monitoring/rules, which alerts or records.
 *
 * @param area the group that it is in, without the prefix of all of them; its tests are in the file of that name
 * @param json as it is written
 */
record AlertRule(String area, JsonNode json) {
    private static final String PREFIX = "vitals-";
    private static final Path FOLDER = Program.ROOT.resolve("monitoring/rules");

    /** The objects by file, without its ending. */
    static Map<String, JsonNode> objects() {
        var all = new TreeMap<String, JsonNode>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            files.filter(file -> !file.endsWith("kustomization.yaml")).forEach(file -> {
                List<JsonNode> documents = Yaml.read(file);
                if (documents.size() != 1) {
                    throw new IllegalStateException(file + " is not one object");
                }
                all.put(file.getFileName().toString().replace(".yaml", ""), documents.getFirst());
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    static List<AlertRule> all() {
        var all = new ArrayList<AlertRule>();
        for (JsonNode object : objects().values()) {
            for (JsonNode group : object.at("/spec/groups")) {
                String area = group.path("name").asText().substring(PREFIX.length());
                group.path("rules").forEach(rule -> all.add(new AlertRule(area, rule)));
            }
        }
        return all;
    }

    static List<AlertRule> of(String area) {
        return all().stream().filter(rule -> rule.area().equals(area)).toList();
    }

    static Set<String> areas() {
        return all().stream().map(AlertRule::area).collect(Collectors.toCollection(TreeSet::new));
    }

    static List<AlertRule> alerts() {
        return all().stream().filter(AlertRule::alerting).toList();
    }

    boolean alerting() {
        return json.has("alert");
    }

    String name() {
        return json.path(alerting() ? "alert" : "record").asText();
    }

    String expr() {
        return json.path("expr").asText();
    }

    String label(String name) {
        return json.path("labels").path(name).asText("");
    }

    /** Whether what is expected of an alert can be of this rule: it has the labels that the rule gives to all of its alerts. */
    boolean labelled(JsonNode expected) {
        return json.path("labels")
                .propertyStream()
                .allMatch(label -> label.getValue().asText().contains("{{")
                        || label.getValue().equals(expected.path("exp_labels").path(label.getKey())));
    }

    String annotation(String name) {
        return json.path("annotations").path(name).asText("");
    }

    /** How long it must hold, in seconds. */
    long holds() {
        return Expr.seconds(json.path("for").asText("0s"));
    }

    /** It says that something is missing, or that everything works: without data it fires. */
    boolean firesOnNothing() {
        return expr().contains("absent(") || expr().equals("vector(1)");
    }

    AlertRule with(String key, JsonNode value) {
        ObjectNode copy = json.deepCopy();
        copy.set(key, value);
        return new AlertRule(area, copy);
    }

    AlertRule without(String key) {
        ObjectNode copy = json.deepCopy();
        copy.remove(key);
        return new AlertRule(area, copy);
    }

    @Override
    public String toString() {
        return name();
    }
}
