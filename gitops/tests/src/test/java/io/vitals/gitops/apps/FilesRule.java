package io.vitals.gitops.apps;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Each object is where it is looked for, and an overlay is wiring and its files alone. */
final class FilesRule implements Rule {
    private static final List<String> PATCHES = List.of("bluegreen.yaml", "spread.yaml", "replacements.yaml");
    private static final Map<String, List<String>> OVERLAY = Map.of(
            "version.yaml", List.of("digest", "probe", "release"),
            "settings.yaml", List.of("settings"),
            "sealed.yaml", List.of("checksum"));
    private static final Set<String> IN_AN_OVERLAY = Set.of(
            "environment.yaml", "kustomization.yaml", "sealed.yaml", "settings.yaml", "sizing.yaml", "version.yaml");

    @Override
    public void judge(Tree tree, Findings findings) {
        for (String part : List.of("gitops/apps", "gitops/data")) {
            try (Stream<Path> files = Files.walk(tree.root().resolve(part))) {
                files.filter(Files::isRegularFile)
                        .sorted()
                        .forEach(file -> judge(tree, findings, tree.root().relativize(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void judge(Tree tree, Findings findings, Path file) {
        String name = file.getFileName().toString();
        if (!name.endsWith(".yaml")) {
            findings.add(file, "does not end in .yaml");
            return;
        }
        List<JsonNode> documents = Yaml.read(tree.root().resolve(file));
        boolean list = documents.stream().anyMatch(JsonNode::isArray);
        if (!list && !PATCHES.contains(name)) {
            findings.require(documents.size() == 1, file, name, "holds more than one object");
            String kind = documents.getFirst().path("kind").asText("").toLowerCase(Locale.ROOT);
            boolean service = file.startsWith("gitops/apps") && file.toString().contains("/overlays/");
            boolean facts = Set.of("sizing", "database", "recovery", "kustomization", "component")
                    .contains(kind);
            findings.require(
                    service || facts || name.equals(kind + ".yaml") || name.startsWith(kind + "-"),
                    file,
                    name,
                    "is not named by its kind, " + kind);
        }
        if (file.startsWith("gitops/apps") && file.getName(3).toString().equals("overlays")) {
            overlay(tree, findings, file, name, documents.getFirst());
        }
    }

    private static void overlay(Tree tree, Findings findings, Path file, String name, JsonNode document) {
        findings.require(IN_AN_OVERLAY.contains(name), file, name, "has no place in an overlay");
        List<String> keys = OVERLAY.get(name);
        if (keys != null) {
            document.path("data")
                    .fieldNames()
                    .forEachRemaining(key -> findings.require(
                            keys.contains(key), file, name, "holds " + key + ", which belongs elsewhere"));
        }
        if (name.equals("kustomization.yaml")) {
            var used = new TreeSet<String>();
            document.fieldNames().forEachRemaining(used::add);
            used.removeAll(List.of("apiVersion", "components", "kind", "namespace", "resources"));
            findings.require(used.isEmpty(), file, name, "does more than put files together: " + used);
            String expected = file.getName(2) + "-" + file.getName(4);
            findings.require(
                    document.path("namespace").asText("").equals(expected), file, name, "is not for " + expected);
        }
        if (name.equals("environment.yaml")) {
            findings.require(
                    document.at("/data/environment")
                                    .asText("")
                                    .equals(file.getName(4).toString())
                            && document.at("/data/namespace")
                                    .asText("")
                                    .equals(file.getName(2) + "-" + file.getName(4)),
                    file,
                    name,
                    "is of another environment");
        }
        if (name.equals("sealed.yaml")) {
            String now =
                    checksum(tree, file.getName(2).toString(), file.getName(4).toString());
            findings.require(
                    document.at("/data/checksum").asText("").equals(now),
                    file,
                    name,
                    "is not of the sealed secrets: tools/sealed-checksum " + file.getName(2) + " " + file.getName(4));
        }
    }

    /** Of the sealed secrets that pods of a service mount. */
    static String checksum(Tree tree, String service, String environment) {
        var folder = tree.root().resolve("sealed-secrets").resolve(environment).resolve(service + "-" + environment);
        try {
            var sum = MessageDigest.getInstance("SHA-256");
            for (String end : List.of("-database", "-secrets")) {
                Path file = folder.resolve(service + end + ".yaml");
                if (Files.exists(file)) {
                    sum.update(Files.readString(file).getBytes(StandardCharsets.UTF_8));
                }
            }
            return HexFormat.of().formatHex(sum.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
