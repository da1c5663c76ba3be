package io.vitals.gitops.apps;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A database that nobody deletes by accident, that loses no commit, and that can be restored beside itself. */
final class DatabaseRule implements Rule {
    private static final int LONGEST_WAIT_SECONDS = 5;
    private static final String LINK = "https://github.com/vitals/vitals/blob/main/";

    @Override
    public void judge(Tree tree, Findings findings) {
        tree.rendered()
                .forEach((folder, all) -> all.forEach(manifest -> {
                    switch (manifest.kind()) {
                        case "Cluster" -> cluster(findings, folder, all, manifest);
                        case "ObjectStore" -> guarded(findings, folder, manifest);
                        case "PrometheusRule" -> alerts(tree, findings, folder, manifest);
                        default -> {
                            // Nothing more is asked of the others.
                        }
                    }
                }));
    }

    private static void cluster(Findings findings, Path folder, List<Manifest> all, Manifest cluster) {
        String id = cluster.id();
        guarded(findings, folder, cluster);
        findings.require(
                cluster.name().endsWith("-" + folder.getFileName()),
                folder,
                id,
                "is not called by its generation, " + folder.getFileName());
        findings.require(
                !cluster.at("/spec/enableSuperuserAccess").asBoolean(true), folder, id, "lets the superuser sign in");
        findings.require(
                cluster.text("/spec/imageName")
                        .matches("[a-z0-9./-]+:[0-9]+\\.[0-9]+-[a-z]+-[a-z]+(@sha256:[0-9a-f]{64})?"),
                folder,
                id,
                "its image has no exact version");
        findings.require(
                cluster.at("/spec/resources/limits/memory").equals(cluster.at("/spec/resources/requests/memory")),
                folder,
                id,
                "request and limit of memory are not the same");
        long open = cluster.at("/spec/managed/roles")
                .valueStream()
                .filter(role -> role.path("login").asBoolean(false)
                        && !role.path("name").asText().equals("monitor"))
                .count();
        findings.require(open >= 1 && open <= 2, folder, id, "of its two application roles " + open + " can sign in");
        findings.require(
                cluster.at("/spec/managed/roles")
                        .valueStream()
                        .anyMatch(role -> role.path("name").asText().equals("monitor")
                                && role.path("login").asBoolean(false)
                                && role.path("connectionLimit").asInt(-1) > 0
                                && role.path("inRoles").toString().equals("[\"pg_monitor\"]")),
                folder,
                id,
                "has no role monitor that sees what the server does and nothing else");
        cluster.at("/spec/managed/roles").forEach(role -> {
            String name = "role " + role.path("name").asText();
            findings.require(
                    !role.path("superuser").asBoolean(false)
                            && !role.path("bypassrls").asBoolean(false),
                    folder,
                    id,
                    name + " sees rows of every member");
            findings.require(
                    !role.path("login").asBoolean(false) || role.has("passwordSecret"),
                    folder,
                    id,
                    name + " signs in without a password");
        });
        if (folder.toString().contains("/overlays/dev/")) {
            return;
        }
        JsonNode synchronous = cluster.at("/spec/postgresql/synchronous");
        findings.require(
                cluster.at("/spec/instances").asInt() >= 3
                        && synchronous.path("method").asText("").equals("any")
                        && synchronous.path("number").asInt() == 1
                        && synchronous.path("dataDurability").asText("").equals("required"),
                folder,
                id,
                "can lose a commit with an instance");
        // Of the 10 s until something can be written again it is the largest part: the operator waits as long before
        // another one may.
        int waits = cluster.at("/spec/primaryLease/leaseDurationSeconds").asInt(15);
        findings.require(
                waits <= LONGEST_WAIT_SECONDS,
                folder,
                id,
                "waits " + waits + " s for an instance that is gone before another may write");
        String archive = cluster.text("/spec/plugins/0/parameters/barmanObjectName");
        findings.require(
                cluster.at("/spec/plugins/0/isWALArchiver").asBoolean(false)
                        && archive.equals(cluster.name())
                        && BlueGreenRule.find(all, "ObjectStore", archive).isPresent(),
                folder,
                id,
                "has no archive of its own");
        findings.require(
                all.stream()
                        .anyMatch(other -> other.kind().equals("ScheduledBackup")
                                && other.text("/spec/cluster/name").equals(cluster.name())
                                && !other.at("/spec/suspend").asBoolean(false)),
                folder,
                id,
                "is not backed up");
    }

    private static void guarded(Findings findings, Path folder, Manifest manifest) {
        var options =
                List.of(manifest.annotation("argocd.argoproj.io/sync-options").split(",", -1));
        findings.require(
                options.contains("Prune=confirm") && options.contains("Delete=confirm"),
                folder,
                manifest.id(),
                "could be deleted without anybody saying so");
    }

    private static void alerts(Tree tree, Findings findings, Path folder, Manifest rules) {
        rules.at("/spec/groups")
                .forEach(group -> group.path("rules").forEach(rule -> {
                    String name = "alert " + rule.path("alert").asText();
                    String link = rule.at("/annotations/runbook_url").asText("");
                    findings.require(
                            link.startsWith(LINK) && Files.exists(tree.root().resolve(link.substring(LINK.length()))),
                            folder,
                            rules.id(),
                            name + " leads to no page: " + link);
                    findings.require(
                            rule.at("/labels/severity").asText("").matches("critical|warning|info"),
                            folder,
                            rules.id(),
                            name + " has no severity");
                }));
    }
}
