package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** From an empty cluster to what the tree says, by tools/cluster/platform and nothing else. */
@Scenario
class BootstrapTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Test
    void everythingIsSyncedAndHealthy() {
        awaitEverything();
        ScenarioTable.figure("Applications", statuses().size());
    }

    private static void awaitEverything() {
        Cluster.within(LIMIT)
                .untilAsserted(() -> assertThat(statuses())
                        .containsKeys(
                                "root",
                                "platform",
                                "namespaces",
                                "admission-policies",
                                "argo-rollouts",
                                "edge",
                                "envoy-gateway",
                                "sealed-secrets",
                                "dev-health-api",
                                "dev-whoop-service",
                                "dev-secrets-health-api-dev",
                                "dev-secrets-whoop-service-dev")
                        .allSatisfy(
                                (name, status) -> assertThat(status).as(name).isEqualTo("Synced Healthy")));
    }

    @Test
    void anotherSyncChangesNothing() {
        awaitEverything();
        Map<String, String> before = generations();
        for (GenericKubernetesResource application : Cluster.applications()) {
            String name = application.getMetadata().getName();
            String started = Cluster.text(application, "status", "operationState", "startedAt");
            Cluster.merge(
                    Cluster.APPLICATION,
                    "argocd",
                    name,
                    "{\"operation\":{\"initiatedBy\":{\"username\":\"test\"},\"sync\":{}}}");
            Cluster.within(LIMIT).untilAsserted(() -> {
                var now = Cluster.application(name);
                assertThat(Cluster.text(now, "status", "operationState", "startedAt"))
                        .isNotEqualTo(started);
                assertThat(Cluster.text(now, "status", "operationState", "phase"))
                        .isEqualTo("Succeeded");
            });
        }
        awaitEverything();
        assertThat(generations()).isEqualTo(before);
        ScenarioTable.figure("objects", before.size());
    }

    private static Map<String, String> statuses() {
        return Cluster.applications().stream()
                .collect(Collectors.toMap(
                        application -> application.getMetadata().getName(),
                        Cluster::status,
                        (a, b) -> a,
                        TreeMap::new));
    }

    /** Which objects there are, and how often what they should be was changed. */
    private static Map<String, String> generations() {
        var all = new TreeMap<String, String>();
        var client = Cluster.client();
        for (HasMetadata object :
                client.apps().deployments().inAnyNamespace().list().getItems()) {
            all.put(id(object), object.getMetadata().getGeneration().toString());
        }
        for (HasMetadata object : client.services().inAnyNamespace().list().getItems()) {
            all.put(
                    id(object),
                    ((io.fabric8.kubernetes.api.model.Service) object).getSpec().toString());
        }
        for (HasMetadata object :
                client.network().v1().networkPolicies().inAnyNamespace().list().getItems()) {
            all.put(id(object), object.getMetadata().getGeneration().toString());
        }
        for (String service : java.util.List.of("health-api", "whoop-service")) {
            all.put(
                    service,
                    Cluster.rollout(service).getMetadata().getGeneration().toString());
            client.pods()
                    .inNamespace(service + "-dev")
                    .withLabels(Cluster.labelled(service))
                    .list()
                    .getItems()
                    .forEach(pod -> all.put(id(pod), pod.getMetadata().getUid()));
        }
        return all;
    }

    private static String id(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                + object.getMetadata().getName();
    }
}
