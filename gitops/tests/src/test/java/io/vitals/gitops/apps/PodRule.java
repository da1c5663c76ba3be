package io.vitals.gitops.apps;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.platform.Sources;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What each pod of ours must be: an image by digest, restricted in the sense of Pod Security Standards and a little more, with resources
 * that are said, without a token and without a secret in its environment. Linters do not look into a Rollout, so this does.
 */
final class PodRule implements Rule {
    private static final Pattern DIGEST = Pattern.compile("[a-z0-9./-]+@sha256:[0-9a-f]{64}");
    private static final String NOTHING = "@sha256:" + "0".repeat(64);

    @Override
    public void judge(Tree tree, Findings findings) {
        tree.rendered().forEach((folder, manifests) -> judge(findings, folder, manifests));
        // What is ours of the platform; the same in each cluster.
        Sources.rendered(tree, "production").forEach((folder, manifests) -> judge(findings, folder, manifests));
    }

    private static void judge(Findings findings, Path folder, List<Manifest> manifests) {
        manifests.forEach(manifest -> pods(manifest).forEach(pod -> judge(findings, folder, manifest, pod)));
    }

    /** The specifications of the pods that an object makes. */
    static Stream<JsonNode> pods(Manifest manifest) {
        return switch (manifest.kind()) {
            case "Rollout", "Job", "StatefulSet" -> Stream.of(manifest.at("/spec/template/spec"));
            case "AnalysisTemplate" ->
                Stream.of(manifest)
                        .flatMap(template -> template.at("/spec/metrics").valueStream())
                        .map(metric -> metric.at("/provider/job/spec/template/spec"))
                        .filter(JsonNode::isObject);
            default -> Stream.of();
        };
    }

    private static void judge(Findings findings, Path folder, Manifest manifest, JsonNode pod) {
        String id = manifest.id();
        JsonNode security = pod.path("securityContext");
        findings.require(!pod.path("automountServiceAccountToken").asBoolean(true), folder, id, "its pods get a token");
        String account = pod.path("serviceAccountName").asText("default");
        findings.require(!account.equals("default"), folder, id, "its pods have no service account of their own");
        findings.require(security.path("runAsNonRoot").asBoolean(false), folder, id, "its pods may run as root");
        findings.require(
                security.path("runAsUser").asInt(0) >= 10001, folder, id, "its pods run as a user below 10001");
        findings.require(
                security.at("/seccompProfile/type").asText("").equals("RuntimeDefault"),
                folder,
                id,
                "its pods have no seccomp profile RuntimeDefault");
        for (String shared : new String[] {"hostNetwork", "hostPID", "hostIPC"}) {
            findings.require(!pod.path(shared).asBoolean(false), folder, id, "its pods have " + shared);
        }
        pod.path("volumes").forEach(volume -> {
            String name = volume.path("name").asText();
            findings.require(!volume.has("hostPath"), folder, id, "volume " + name + " is a path of the node");
            findings.require(
                    !volume.has("emptyDir") || volume.at("/emptyDir/sizeLimit").isTextual(),
                    folder,
                    id,
                    "volume " + name + " has no limit");
        });
        Stream.concat(
                        pod.path("initContainers").valueStream(),
                        pod.path("containers").valueStream())
                .forEach(container -> container(findings, folder, id, container));
    }

    private static void container(Findings findings, Path folder, String id, JsonNode container) {
        String name = "container " + container.path("name").asText();
        String image = container.path("image").asText("");
        findings.require(
                DIGEST.matcher(image).matches() && !image.endsWith(NOTHING),
                folder,
                id,
                name + ": the image is not named by its digest: " + image);
        JsonNode security = container.path("securityContext");
        findings.require(
                !security.path("allowPrivilegeEscalation").asBoolean(true), folder, id, name + " may gain privileges");
        findings.require(
                security.at("/capabilities/drop/0").asText("").equals("ALL")
                        && security.at("/capabilities/add").isMissingNode(),
                folder,
                id,
                name + " keeps capabilities");
        findings.require(
                security.path("readOnlyRootFilesystem").asBoolean(false), folder, id, name + " can write to its root");
        findings.require(!security.path("privileged").asBoolean(false), folder, id, name + " is privileged");
        JsonNode limits = container.at("/resources/limits");
        JsonNode requests = container.at("/resources/requests");
        findings.require(requests.has("cpu"), folder, id, name + " requests no cpu");
        for (String whole : new String[] {"memory", "ephemeral-storage"}) {
            findings.require(
                    limits.path(whole).isTextual() && limits.path(whole).equals(requests.path(whole)),
                    folder,
                    id,
                    name + ": request and limit of " + whole + " are not the same");
        }
        container
                .path("ports")
                .forEach(port ->
                        findings.require(!port.has("hostPort"), folder, id, name + " takes a port of the node"));
        container
                .path("env")
                .forEach(variable -> findings.require(
                        variable.at("/valueFrom/secretKeyRef").isMissingNode(),
                        folder,
                        id,
                        name + ": the secret " + variable.path("name").asText() + " is in the environment"));
        container
                .path("envFrom")
                .forEach(all -> findings.require(
                        !all.has("secretRef"), folder, id, name + ": a whole secret is in the environment"));
    }
}
