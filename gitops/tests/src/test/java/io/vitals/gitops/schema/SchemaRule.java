package io.vitals.gitops.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Each object fits the schema of its kind, as kubeconform sees it. A kind without a schema is an error. */
public final class SchemaRule implements Rule {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<List<Manifest>, List<String>> KNOWN = Collections.synchronizedMap(new IdentityHashMap<>());
    /** Where and what, of each leaf of its explanation. */
    private static final Pattern FAULT =
            Pattern.compile("- at '([^']*)': (?!validation failed)(.+?)(?= +- at '|\\R|$)");

    @Override
    public void judge(Tree tree, Findings findings) {
        tree.rendered().forEach((folder, manifests) -> judge(folder, manifests, findings));
    }

    /** Judges some objects, of any folder; the same ones only once. */
    public static void judge(Path folder, List<Manifest> manifests, Findings findings) {
        KNOWN.computeIfAbsent(manifests, missing -> {
                    var found = new Findings();
                    ask(folder, manifests, found);
                    return found.lines();
                })
                .forEach(findings::add);
    }

    private static void ask(Path folder, List<Manifest> manifests, Findings findings) {
        try {
            Path file = Files.createTempFile("rendered", ".json");
            try {
                Files.writeString(
                        file,
                        JSON.writeValueAsString(JSON.createObjectNode()
                                .put("apiVersion", "v1")
                                .put("kind", "List")
                                .set(
                                        "items",
                                        JSON.valueToTree(manifests.stream()
                                                .map(Manifest::json)
                                                .toList()))));
                var answer = Program.run(
                        Program.ROOT,
                        Program.tool("kubeconform"),
                        "-strict",
                        "-summary",
                        "-output",
                        "json",
                        "-schema-location",
                        Schemas.location(),
                        file.toString());
                JsonNode said = JSON.readTree(answer.out());
                JsonNode summary = said.path("summary");
                int judged = summary.path("valid").asInt()
                        + summary.path("invalid").asInt()
                        + summary.path("errors").asInt();
                if (judged != manifests.size()) {
                    findings.add(
                            folder,
                            "kubeconform judged " + judged + " of " + manifests.size() + " objects: " + answer.err());
                }
                said.path("resources").forEach(resource -> {
                    String id = resource.path("kind").asText() + "/"
                            + resource.path("name").asText();
                    var faults = FAULT.matcher(resource.path("msg").asText());
                    boolean told = false;
                    while (faults.find()) {
                        told = true;
                        findings.add(
                                folder,
                                id + ": " + faults.group(1) + ": "
                                        + faults.group(2).strip());
                    }
                    if (!told) {
                        findings.add(folder, id + ": " + resource.path("msg").asText());
                    }
                });
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
