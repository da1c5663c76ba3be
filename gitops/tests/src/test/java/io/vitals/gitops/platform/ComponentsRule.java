package io.vitals.gitops.platform;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Components by exact version with values of ours; namespaces closed; one way in, and that by HTTPS. */
final class ComponentsRule implements Rule {
    private static final Pattern EXACT = Pattern.compile("v?\\d+\\.\\d+\\.\\d+");
    /** Letters after the generation tell the processor: g is AWS's own, of the ARM architecture. */
    private static final Pattern ARM = Pattern.compile("[a-z]+\\d+[a-z]*g[a-z]*\\.");

    private static final Set<String> PRIVILEGED = Set.of("falco", "node-agents");

    @Override
    public void judge(Tree tree, Findings findings) {
        var listed = new TreeSet<>(Sources.texts(Yaml.read(tree.root().resolve("gitops/platform/kustomization.yaml"))
                .getFirst()
                .path("resources")));
        String table = Files.exists(tree.root().resolve("docs/platform/components.md"))
                ? tree.read("docs/platform/components.md")
                : "";
        Sources.below(tree, "gitops/platform").forEach((file, manifest) -> {
            if (!manifest.kind().equals("Application")) {
                return;
            }
            findings.require(
                    listed.remove(Path.of("gitops/platform").relativize(file).toString()),
                    file,
                    manifest.id(),
                    "is in no cluster: gitops/platform/kustomization.yaml");
            for (JsonNode source : manifest.at("/spec/sources")) {
                String version = source.path("targetRevision").asText();
                boolean ours = source.path("repoURL").asText().endsWith("/vitals.git");
                findings.require(
                        ours ? version.equals("main") : EXACT.matcher(version).matches(),
                        file,
                        manifest.id(),
                        "is not of an exact version: " + version);
                if (!ours) {
                    findings.require(
                            table.contains("| " + version + " |"),
                            file,
                            manifest.id(),
                            version + " is not in docs/platform/components.md");
                    String values = source.at("/helm/valueFiles/0").asText().replace("$values/", "");
                    findings.require(
                            Files.exists(tree.root().resolve(values)),
                            file,
                            manifest.id(),
                            "reads values that are not there: " + values);
                }
                String path = source.path("path").asText("").replace("CLUSTER", "production");
                findings.require(
                        path.isEmpty()
                                || path.equals(".")
                                || Files.isDirectory(tree.root().resolve(path)),
                        file,
                        manifest.id(),
                        "reads a folder that is not there: " + path);
            }
        });
        listed.forEach(left -> findings.add(Path.of("gitops/platform/kustomization.yaml"), left + ": is no component"));
        Sources.below(tree, "gitops/clusters")
                .forEach((file, definition) -> definition
                        .at("/managedNodeGroups")
                        .forEach(group -> findings.require(
                                !ARM.matcher(group.path("instanceType").asText())
                                        .lookingAt(),
                                file,
                                definition.id(),
                                group.path("name").asText() + " has processors that the images are not made for: "
                                        + group.path("instanceType").asText())));
        for (String cluster : Sources.CLUSTERS) {
            cluster(tree, findings, cluster);
        }
    }

    private static void cluster(Tree tree, Findings findings, String cluster) {
        var all = Sources.rendered(tree, cluster);
        Manifest facts = Sources.facts(tree, cluster);
        Path namespaces = Path.of("gitops/clusters", cluster, "namespaces");
        List<Manifest> spaces = all.getOrDefault(namespaces, List.of());
        for (Manifest namespace : spaces) {
            if (namespace.kind().equals("Namespace")) {
                namespace(findings, namespaces, namespace, spaces);
            }
        }
        all.forEach((folder, manifests) -> manifests.forEach(manifest -> {
            switch (manifest.kind()) {
                case "ClientTrafficPolicy" -> clients(findings, folder, manifest);
                case "Gateway" -> gateway(findings, folder, manifest);
                case "HTTPRoute" -> route(findings, folder, manifest, facts);
                case "SecurityPolicy" -> {
                    if (manifest.name().equals("private")) {
                        findings.require(
                                manifest.text("/spec/authorization/defaultAction")
                                                .equals("Deny")
                                        && manifest.at("/spec/authorization/rules/0/principal/clientCIDRs")
                                                .equals(facts.at("/spec/adminCidrs")),
                                folder,
                                manifest.id(),
                                "lets in others than the private network of " + cluster);
                    }
                }
                case "Certificate" -> {
                    findings.require(
                            Sources.texts(manifest.at("/spec/dnsNames")).stream()
                                            .map(name -> name.equals("*." + facts.text("/spec/domain")))
                                            .distinct()
                                            .count()
                                    == 1,
                            folder,
                            manifest.id(),
                            "is of public and of private names: a browser takes one connection for both");
                    findings.require(
                            manifest.text("/spec/privateKey/algorithm").equals("ECDSA")
                                    && manifest.text("/spec/privateKey/rotationPolicy")
                                            .equals("Always"),
                            folder,
                            manifest.id(),
                            "is not of an ECDSA key that is new with each renewal");
                }
                default -> {}
            }
        }));
        for (JsonNode environment : facts.at("/spec/environments")) {
            for (String service : List.of("health-api", "whoop-service")) {
                Path file = Path.of("gitops/apps", service, "overlays", environment.asText(), "environment.yaml");
                Manifest settings =
                        new Manifest(Yaml.read(tree.root().resolve(file)).getFirst());
                findings.require(
                        settings.text("/data/host").equals(facts.text("/spec/publicHost")),
                        file,
                        settings.id(),
                        "is called " + settings.text("/data/host") + ", and " + cluster + " answers to "
                                + facts.text("/spec/publicHost"));
                findings.require(
                        settings.text("/data/trusted-proxies").equals(facts.text("/spec/podCidr")),
                        file,
                        settings.id(),
                        "believes " + settings.text("/data/trusted-proxies") + ", and the edge of " + cluster
                                + " is in " + facts.text("/spec/podCidr"));
            }
        }
    }

    /** What the services speak by default is listened to and let through, on both sides. */
    private static void namespace(Findings findings, Path folder, Manifest namespace, List<Manifest> all) {
        String level = PRIVILEGED.contains(namespace.name()) ? "privileged" : "restricted";
        for (String mode : List.of("audit", "enforce", "warn")) {
            findings.require(
                    namespace.label("pod-security.kubernetes.io/" + mode).equals(level),
                    folder,
                    namespace.id(),
                    "does not " + mode + " the level " + level);
        }
        for (String label : List.of("environment", "team", "tier")) {
            findings.require(!namespace.label(label).isEmpty(), folder, namespace.id(), "lacks the label " + label);
        }
        findings.require(
                namespace.annotation("argocd.argoproj.io/sync-options").equals("Delete=confirm,Prune=confirm"),
                folder,
                namespace.id(),
                "goes without a question, and all that is in it");
        boolean application = namespace.label("tier").equals("application");
        findings.require(
                all.stream()
                        .anyMatch(policy -> policy.kind().equals("NetworkPolicy")
                                && policy.namespace().equals(namespace.name())
                                && policy.name().equals("default-deny")
                                && policy.at("/spec/podSelector").isEmpty()
                                && policy.at("/spec/ingress").isMissingNode()
                                && policy.at("/spec/egress").isMissingNode()
                                && policy.at("/spec/policyTypes").toString().equals("[\"Ingress\",\"Egress\"]")),
                folder,
                namespace.id(),
                "is open: it has no NetworkPolicy default-deny both ways");
        if (application) {
            for (String kind : List.of("LimitRange", "ResourceQuota")) {
                findings.require(
                        all.stream()
                                .anyMatch(found -> found.kind().equals(kind)
                                        && found.namespace().equals(namespace.name())),
                        folder,
                        namespace.id(),
                        "has no " + kind);
            }
        }
    }

    private static void clients(Findings findings, Path folder, Manifest policy) {
        if (policy.name().equals("https")) {
            findings.require(
                    Set.of("1.2", "1.3").contains(policy.text("/spec/tls/minVersion")),
                    folder,
                    policy.id(),
                    "takes TLS older than 1.2");
            findings.require(
                    policy.at("/spec/headers/lateResponseHeaders/set")
                            .toString()
                            .contains("strict-transport-security"),
                    folder,
                    policy.id(),
                    "does not say strict-transport-security");
        }
    }

    private static void gateway(Findings findings, Path folder, Manifest gateway) {
        for (JsonNode listener : gateway.at("/spec/listeners")) {
            boolean plain = listener.path("protocol").asText().equals("HTTP");
            findings.require(
                    plain
                            ? listener.at("/allowedRoutes/namespaces/from")
                                    .asText()
                                    .equals("Same")
                            : listener.path("protocol").asText().equals("HTTPS")
                                    && listener.at("/tls/mode").asText().equals("Terminate"),
                    folder,
                    gateway.id(),
                    "the listener " + listener.path("name").asText() + " serves others than the redirect without TLS");
        }
    }

    private static void route(Findings findings, Path folder, Manifest route, Manifest facts) {
        boolean redirect = route.namespace().equals("edge");
        for (JsonNode parent : route.at("/spec/parentRefs")) {
            findings.require(
                    parent.path("sectionName").asText("").equals("http") == redirect && parent.has("sectionName"),
                    folder,
                    route.id(),
                    "is attached to port 80, where only the redirect is");
        }
        if (redirect) {
            findings.require(
                    route.at("/spec/rules/0/backendRefs").isMissingNode()
                            && route.text("/spec/rules/0/filters/0/requestRedirect/scheme")
                                    .equals("https"),
                    folder,
                    route.id(),
                    "does something other than redirect to https");
        }
        if (route.name().startsWith("health-api")) {
            findings.require(
                    StreamSupport.stream(route.at("/spec/rules").spliterator(), false)
                            .anyMatch(rule -> "/api/v1/users/alice/events"
                                            .matches(rule.at("/matches/0/path/value")
                                                    .asText())
                                    && rule.at("/timeouts/request").asText().equals("0s")),
                    folder,
                    route.id(),
                    "cuts off the stream of events when the time for a request is over");
        }
        for (JsonNode host : route.at("/spec/hostnames")) {
            findings.require(
                    host.asText().endsWith("." + facts.text("/spec/domain")),
                    folder,
                    route.id(),
                    host.asText() + " is not of the domain " + facts.text("/spec/domain"));
        }
    }
}
