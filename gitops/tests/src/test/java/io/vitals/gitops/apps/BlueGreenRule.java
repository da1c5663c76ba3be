package io.vitals.gitops.apps;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What blue-green needs, so that a switch and the way back are what they seem. */
final class BlueGreenRule implements Rule {
    private static final String APPLY = "argocd.argoproj.io/sync-options";
    private static final int WAY_BACK = 600;

    @Override
    public void judge(Tree tree, Findings findings) {
        tree.rendered().forEach((folder, manifests) -> {
            for (Manifest manifest : manifests) {
                if (manifest.kind().equals("Rollout")) {
                    rollout(findings, folder, manifests, manifest);
                } else if (manifest.kind().equals("AnalysisTemplate")) {
                    analysis(findings, folder, manifest);
                }
            }
        });
    }

    private static void rollout(Findings findings, Path folder, List<Manifest> all, Manifest rollout) {
        String id = rollout.id();
        boolean scaled = all.stream()
                .anyMatch(other -> other.kind().equals("HorizontalPodAutoscaler")
                        && other.text("/spec/scaleTargetRef/kind").equals("Rollout")
                        && other.text("/spec/scaleTargetRef/name").equals(rollout.name()));
        findings.require(scaled, folder, id, "no HorizontalPodAutoscaler says how many there are");
        findings.require(
                rollout.at("/spec/replicas").isMissingNode(),
                folder,
                id,
                "has replicas, which the HorizontalPodAutoscaler owns");
        JsonNode blueGreen = rollout.at("/spec/strategy/blueGreen");
        findings.require(blueGreen.isObject(), folder, id, "is not blue-green");
        findings.require(
                blueGreen.path("abortScaleDownDelaySeconds").asInt(30) == 0,
                folder,
                id,
                "abortScaleDownDelaySeconds is not 0: an abort could take the pods behind the Service away");
        findings.require(
                blueGreen.path("scaleDownDelaySeconds").asInt(0) >= WAY_BACK,
                folder,
                id,
                "scaleDownDelaySeconds leaves less than " + WAY_BACK + " s to go back in");
        findings.require(
                blueGreen.has("autoPromotionEnabled"), folder, id, "does not say whether it promotes by itself");
        findings.require(
                !blueGreen.has("previewReplicaCount"),
                folder,
                id,
                "previewReplicaCount keeps a preview from ever being complete");
        findings.require(
                rollout.at("/spec/progressDeadlineAbort").asBoolean(false),
                folder,
                id,
                "progressDeadlineAbort is not true: a release would stay half way");
        findings.require(
                blueGreen.at("/activeMetadata/labels/role").asText("").equals("active")
                        && blueGreen
                                .at("/previewMetadata/labels/role")
                                .asText("")
                                .equals("preview"),
                folder,
                id,
                "the labels role do not tell the colours apart");
        for (String side : new String[] {"activeService", "previewService"}) {
            service(findings, folder, all, id, side, blueGreen.path(side).asText(""));
        }
        for (String when : new String[] {"prePromotionAnalysis", "postPromotionAnalysis"}) {
            blueGreen.at("/" + when + "/templates").forEach(template -> {
                String name = template.path("templateName").asText();
                findings.require(
                        find(all, "AnalysisTemplate", name).isPresent(),
                        folder,
                        id,
                        when + " names no template: " + name);
            });
        }
        budget(findings, folder, all, rollout);
    }

    private static void service(
            Findings findings, Path folder, List<Manifest> all, String id, String side, String name) {
        Optional<Manifest> service = find(all, "Service", name);
        findings.require(service.isPresent(), folder, id, side + " names no Service: " + name);
        service.ifPresent(found -> {
            findings.require(
                    List.of(found.annotation(APPLY).split(",", -1)).contains("ServerSideApply=false"),
                    folder,
                    found.id(),
                    "is not opted out of server-side apply, which takes the hash out of its selector");
            findings.require(
                    found.text("/spec/type").equals("ClusterIP"), folder, found.id(), "is not of type ClusterIP");
        });
    }

    private static void budget(Findings findings, Path folder, List<Manifest> all, Manifest rollout) {
        JsonNode labels = rollout.at("/spec/selector/matchLabels");
        Optional<Manifest> budget = all.stream()
                .filter(other -> other.kind().equals("PodDisruptionBudget")
                        && other.at("/spec/selector/matchLabels").equals(labels))
                .findFirst();
        findings.require(budget.isPresent(), folder, rollout.id(), "has no PodDisruptionBudget");
        budget.ifPresent(found -> {
            String most = found.text("/spec/maxUnavailable");
            findings.require(
                    !most.isEmpty() && !most.equals("0") && !most.equals("0%"),
                    folder,
                    found.id(),
                    "allows no eviction: no node could be drained");
            findings.require(
                    found.at("/spec/minAvailable").isMissingNode(),
                    folder,
                    found.id(),
                    "minAvailable lets the preview make up for active pods");
        });
        all.stream()
                .filter(other -> other.kind().equals("HorizontalPodAutoscaler"))
                .forEach(scaler -> findings.require(
                        scaler.at("/spec/minReplicas").asInt(1) >= 2, folder, scaler.id(), "minReplicas is below 2"));
    }

    private static void analysis(Findings findings, Path folder, Manifest template) {
        JsonNode metrics = template.at("/spec/metrics");
        metrics.forEach(metric -> {
            String name = "metric " + metric.path("name").asText();
            JsonNode prometheus = metric.at("/provider/prometheus");
            if (prometheus.isObject()) {
                findings.require(
                        metric.path("successCondition").asText("").contains("len(result) == 1"),
                        folder,
                        template.id(),
                        name + " would take no data for success");
                findings.require(
                        prometheus.path("query").asText("").contains("rollouts_pod_template_hash=\"{{args.hash}}\""),
                        folder,
                        template.id(),
                        name + " does not ask for one colour alone");
            }
        });
        if (template.name().endsWith("-preview")) {
            for (String needed : new String[] {"identity", "smoke"}) {
                findings.require(
                        metrics.valueStream()
                                .anyMatch(
                                        metric -> metric.path("name").asText("").equals(needed)),
                        folder,
                        template.id(),
                        "lacks the metric " + needed);
            }
        }
        if (template.name().endsWith("-active")) {
            metrics.forEach(metric -> findings.require(
                    seconds(metric.path("initialDelay").asText("0s"))
                                    + seconds(metric.path("interval").asText("0s"))
                                            * (metric.path("count").asInt(1) - 1)
                            <= 300,
                    folder,
                    template.id(),
                    "metric " + metric.path("name").asText() + " takes longer than 300 s"));
        }
    }

    private static int seconds(String text) {
        int value = Integer.parseInt(text.substring(0, text.length() - 1));
        return text.endsWith("m") ? value * 60 : value;
    }

    static Optional<Manifest> find(List<Manifest> all, String kind, String name) {
        return all.stream()
                .filter(other -> other.kind().equals(kind) && other.name().equals(name))
                .findFirst();
    }
}
