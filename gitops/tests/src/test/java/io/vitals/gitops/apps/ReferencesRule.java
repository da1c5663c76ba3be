package io.vitals.gitops.apps;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** What an object names in its namespace is there, and what selects pods does so by labels that stay. */
final class ReferencesRule implements Rule {
    @Override
    public void judge(Tree tree, Findings findings) {
        var namespaces = new TreeMap<String, List<Manifest>>();
        tree.rendered()
                .values()
                .forEach(all -> all.forEach(manifest -> namespaces
                        .computeIfAbsent(manifest.namespace(), missing -> new ArrayList<>())
                        .add(manifest)));
        tree.rendered().forEach((folder, all) -> {
            var seen = new HashSet<String>();
            for (Manifest manifest : all) {
                findings.require(seen.add(manifest.id()), folder, manifest.id(), "is there twice");
                findings.require(!manifest.namespace().isEmpty(), folder, manifest.id(), "is in no namespace");
                findings.require(
                        !manifest.kind().equals("Secret"), folder, manifest.id(), "is a secret that is not sealed");
                findings.require(
                        manifest.label("app.kubernetes.io/part-of").equals("vitals"),
                        folder,
                        manifest.id(),
                        "lacks the label app.kubernetes.io/part-of: vitals");
                pods(findings, folder, namespaces.getOrDefault(manifest.namespace(), List.of()), manifest);
                selectors(findings, folder, manifest);
            }
        });
    }

    private static void pods(Findings findings, Path folder, List<Manifest> namespace, Manifest manifest) {
        PodRule.pods(manifest).forEach(pod -> {
            String account = pod.path("serviceAccountName").asText("");
            findings.require(
                    BlueGreenRule.find(namespace, "ServiceAccount", account)
                            .filter(found ->
                                    !found.at("/automountServiceAccountToken").asBoolean(true))
                            .isPresent(),
                    folder,
                    manifest.id(),
                    "the service account " + account + " is not there, or gives tokens");
            Set<String> secrets = secrets(manifest.namespace(), namespace);
            pod.path("volumes").forEach(volume -> {
                String secret = volume.at("/secret/secretName").asText("");
                findings.require(
                        secret.isEmpty() || secrets.contains(secret),
                        folder,
                        manifest.id(),
                        "nothing makes the secret " + secret);
                String claim = volume.at("/persistentVolumeClaim/claimName").asText("");
                findings.require(
                        claim.isEmpty()
                                || BlueGreenRule.find(namespace, "PersistentVolumeClaim", claim)
                                        .isPresent(),
                        folder,
                        manifest.id(),
                        "nothing makes the volume " + claim);
            });
        });
    }

    /** Those that are sealed for each environment, and the authority that a database's operator writes. */
    private static Set<String> secrets(String name, List<Manifest> namespace) {
        String service = name.substring(0, name.lastIndexOf('-'));
        var secrets = new HashSet<String>();
        for (String end : new String[] {"-secrets", "-database", "-database-migrator"}) {
            secrets.add(service + end);
        }
        namespace.stream()
                .filter(manifest -> manifest.kind().equals("Cluster"))
                .forEach(cluster -> secrets.add(cluster.name() + "-ca"));
        return secrets;
    }

    private static void selectors(Findings findings, Path folder, Manifest manifest) {
        JsonNode labels = switch (manifest.kind()) {
            case "NetworkPolicy" -> manifest.at("/spec/podSelector/matchLabels");
            case "Service" -> manifest.at("/spec/selector");
            default -> manifest.at("/none");
        };
        for (String passing : new String[] {"rollouts-pod-template-hash", "role", "app.kubernetes.io/version"}) {
            findings.require(
                    !labels.has(passing),
                    folder,
                    manifest.id(),
                    "selects by a label that a release changes: " + passing);
        }
        if (manifest.kind().equals("PodMonitor") && folder.startsWith("gitops/apps")) {
            findings.require(
                    manifest.at("/spec/podTargetLabels").toString().contains("rollouts-pod-template-hash"),
                    folder,
                    manifest.id(),
                    "does not tell the colours apart: rollouts-pod-template-hash");
        }
    }
}
