package io.vitals.gitops.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Manifest;

import java.util.ArrayList;
import java.util.List;

/** A HorizontalPodAutoscaler by processor time, with what Kubernetes takes for granted where it says nothing. */
record Scaler(String id, int least, int most, int target, Behavior up, Behavior down) {
    /** How it may move in one direction. */
    record Behavior(int stabilizationSeconds, String select, List<Policy> policies) {}

    /** So many pods, or so many percent of them, within a period. */
    record Policy(boolean percent, int value, int seconds) {}

    private static final Behavior UP =
            new Behavior(0, "Max", List.of(new Policy(false, 4, 15), new Policy(true, 100, 15)));
    private static final Behavior DOWN = new Behavior(300, "Max", List.of(new Policy(true, 100, 15)));

    static Scaler of(Manifest manifest) {
        JsonNode metrics = manifest.at("/spec/metrics");
        if (metrics.size() != 1
                || !metrics.at("/0/resource/name").asText("").equals("cpu")
                || !metrics.at("/0/resource/target/type").asText("").equals("Utilization")) {
            throw new IllegalArgumentException(manifest.id() + " does not scale by the use of processor time alone");
        }
        return new Scaler(
                manifest.namespace(),
                manifest.at("/spec/minReplicas").asInt(1),
                manifest.at("/spec/maxReplicas").asInt(),
                metrics.at("/0/resource/target/averageUtilization").asInt(),
                behavior(manifest.at("/spec/behavior/scaleUp"), UP),
                behavior(manifest.at("/spec/behavior/scaleDown"), DOWN));
    }

    private static Behavior behavior(JsonNode node, Behavior otherwise) {
        List<Policy> policies = new ArrayList<>();
        node.path("policies")
                .forEach(policy -> policies.add(new Policy(
                        policy.path("type").asText().equals("Percent"),
                        policy.path("value").asInt(),
                        policy.path("periodSeconds").asInt())));
        return new Behavior(
                node.path("stabilizationWindowSeconds").asInt(otherwise.stabilizationSeconds()),
                node.path("selectPolicy").asText(otherwise.select()),
                policies.isEmpty() ? otherwise.policies() : List.copyOf(policies));
    }

    Scaler with(Behavior otherUp, Behavior otherDown) {
        return new Scaler(id, least, most, target, otherUp, otherDown);
    }
}
