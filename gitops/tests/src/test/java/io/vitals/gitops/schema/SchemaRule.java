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
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
        judge(tree.rendered(), findings);
    }

    /** Judges objects by their folder; the same list only once. */
    public static void judge(Map<Path, List<Manifest>> folders, Findings findings) {
        var unknown = new TreeMap<Path, List<Manifest>>(folders);
        unknown.values().removeIf(KNOWN::containsKey);
        if (!unknown.isEmpty()) {
            ask(unknown);
        }
        folders.values()
                .forEach(manifests -> KNOWN.getOrDefault(manifests, List.of()).forEach(findings::add));
    }

    /** In one run, as it reads each schema once. */
    private static void ask(Map<Path, List<Manifest>> folders) {
        try {
            Path scratch = Files.createTempDirectory("rendered");
            var byFile = new TreeMap<String, Path>();
            for (var folder : folders.entrySet()) {
                Path file = scratch.resolve(byFile.size() + ".json");
                byFile.put(file.toString(), folder.getKey());
                Files.writeString(file, list(folder.getValue()));
            }
            var command = new ArrayList<>(List.of(
                    Program.tool("kubeconform"),
                    "-strict",
                    "-verbose",
                    "-output",
                    "json",
                    "-schema-location",
                    Schemas.location()));
            command.addAll(byFile.keySet());
            var answer = Program.run(Program.ROOT, command.toArray(String[]::new));
            var found = new TreeMap<Path, Findings>();
            var judged = new TreeMap<Path, Integer>();
            JSON.readTree(answer.out()).path("resources").forEach(resource -> {
                Path folder = byFile.get(resource.path("filename").asText());
                if (folder == null) {
                    throw new IllegalStateException("an answer for no file: " + resource);
                }
                judged.merge(folder, 1, Integer::sum);
                if (!resource.path("status").asText().equals("statusValid")) {
                    faults(found.computeIfAbsent(folder, missing -> new Findings()), folder, resource);
                }
            });
            folders.forEach((folder, manifests) -> {
                Findings all = found.computeIfAbsent(folder, missing -> new Findings());
                int count = judged.getOrDefault(folder, 0);
                if (count != manifests.size()) {
                    all.add(
                            folder,
                            "kubeconform judged " + count + " of " + manifests.size() + " objects: " + answer.err());
                }
                KNOWN.put(manifests, all.lines());
            });
            for (String file : byFile.keySet()) {
                Files.delete(Path.of(file));
            }
            Files.delete(scratch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String list(List<Manifest> manifests) throws IOException {
        return JSON.writeValueAsString(JSON.createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "List")
                .set(
                        "items",
                        JSON.valueToTree(manifests.stream().map(Manifest::json).toList())));
    }

    private static void faults(Findings findings, Path folder, JsonNode resource) {
        String id = resource.path("kind").asText() + "/" + resource.path("name").asText();
        String said = resource.path("msg").asText();
        var faults = FAULT.matcher(said);
        boolean told = false;
        while (faults.find()) {
            told = true;
            findings.add(
                    folder, id + ": " + faults.group(1) + ": " + faults.group(2).strip());
        }
        if (!told) {
            findings.add(folder, id + ": " + said);
        }
    }
}
