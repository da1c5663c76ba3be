package io.vitals.gitops.apps;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The settings of a service are those that it knows, each that has no default is given, and a secret is a file that is mounted. A service
 * does not start with others; here that is seen before. What it knows is in docs/configuration.md, which its own tests keep true.
 */
final class ConfigurationRule implements Rule {
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\|([^|]*)\\|");
    /** What a service starts without, though it has no default. */
    private static final Set<String> OPTIONAL = Set.of(
            // Of two commands that nothing here runs.
            "state.keyset-file",
            "whoop.previous-client-secret-file",
            "country.allow",
            "country.deny",
            "country.header",
            "country.database",
            "limits.trusted-proxies",
            "limits.admin-addresses",
            "webhook.limits.trusted-proxies",
            "audit.checkpoint-directory",
            "audit.signing-key-file");

    private record Key(String name, String kind, boolean defaulted) {
        String variable() {
            return "VITALS_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        }
    }

    @Override
    public void judge(Tree tree, Findings findings) {
        String reference = tree.read("docs/configuration.md");
        tree.rendered()
                .forEach((folder, manifests) -> manifests.stream()
                        .filter(manifest -> manifest.kind().equals("Rollout")
                                || manifest.kind().equals("Job"))
                        .forEach(manifest -> {
                            String service = folder.getName(2).toString();
                            if (reference.contains("\n## Settings of " + service + "\n")) {
                                judge(findings, folder, manifest, keys(reference, service));
                            } else {
                                findings.add(folder, "docs/configuration.md has no settings of " + service);
                            }
                        }));
    }

    private static void judge(Findings findings, Path folder, Manifest manifest, Map<String, Key> keys) {
        String id = manifest.id();
        Set<String> given = new LinkedHashSet<>();
        String settings = manifest.podTemplate()
                .at("/metadata/annotations")
                .path("vitals.io/settings")
                .asText("");
        Yaml.parse(settings).forEach(document -> flatten("", document, given));
        for (String key : given) {
            findings.require(keys.containsKey(key), folder, id, "there is no setting " + key);
            findings.require(
                    !key.endsWith("-file"), folder, id, "the setting " + key + " belongs to where files are mounted");
        }
        Map<String, Key> byVariable = new LinkedHashMap<>();
        keys.values().forEach(key -> byVariable.put(key.variable(), key));
        Set<String> mounted = mounted(manifest.podTemplate().path("spec"));
        for (JsonNode container : manifest.containers()) {
            container.path("env").forEach(variable -> {
                String name = variable.path("name").asText();
                String value = variable.path("value").asText("");
                if (name.equals("VITALS_CONFIG")) {
                    findings.require(
                            mounted.contains(value), folder, id, "VITALS_CONFIG names no mounted file: " + value);
                    return;
                }
                Key key = byVariable.get(name);
                if (key == null) {
                    findings.require(false, folder, id, "there is no setting for the variable " + name);
                    return;
                }
                given.add(key.name());
                if (key.kind().equals("file with the secret")) {
                    findings.require(mounted.contains(value), folder, id, name + " names no mounted file: " + value);
                }
                findings.require(
                        !value.matches(".*\\b[A-Z]{4,}\\b.*"), folder, id, name + " was not filled in: " + value);
            });
        }
        boolean migration = manifest.kind().equals("Job");
        keys.values().stream()
                .filter(key -> !key.defaulted() && !OPTIONAL.contains(key.name()))
                .filter(key -> migration || !key.name().startsWith("migrator."))
                .forEach(key -> findings.require(
                        given.contains(key.name()), folder, id, "the setting " + key.name() + " is missing"));
    }

    private static Set<String> mounted(JsonNode pod) {
        Set<String> files = new LinkedHashSet<>();
        pod.path("containers")
                .forEach(container -> container.path("volumeMounts").forEach(mount -> {
                    String path = mount.path("mountPath").asText();
                    pod.path("volumes").forEach(volume -> {
                        if (volume.path("name")
                                .asText()
                                .equals(mount.path("name").asText())) {
                            volume.at("/secret/items")
                                    .forEach(item -> files.add(
                                            path + "/" + item.path("path").asText()));
                            volume.at("/downwardAPI/items")
                                    .forEach(item -> files.add(
                                            path + "/" + item.path("path").asText()));
                        }
                    });
                }));
        return files;
    }

    private static void flatten(String prefix, JsonNode node, Set<String> into) {
        node.properties().forEach(entry -> {
            String key = prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey();
            if (entry.getValue().isObject()) {
                flatten(key, entry.getValue(), into);
            } else {
                into.add(key);
            }
        });
    }

    private static Map<String, Key> keys(String reference, String service) {
        int from = reference.indexOf("## Settings of " + service);
        int next = reference.indexOf("\n## ", from + 1);
        int to = next < 0 ? reference.length() : next;
        var keys = new LinkedHashMap<String, Key>();
        var row = ROW.matcher(reference.substring(from, to));
        while (row.find()) {
            String name = row.group(1);
            keys.put(name, new Key(name, row.group(2).strip(), !row.group(3).isBlank()));
        }
        if (keys.size() < 20) {
            throw new IllegalStateException("the settings of " + service + " are not where they were");
        }
        return keys;
    }
}
