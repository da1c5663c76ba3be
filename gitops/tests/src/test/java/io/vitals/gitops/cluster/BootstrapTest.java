package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** From an empty cluster to what the tree says, by tools/cluster/platform and nothing else. */
@Scenario
@Order(1)
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
                                "cloudnative-pg",
                                "edge",
                                "envoy-gateway",
                                "sealed-secrets",
                                "dev-health-api",
                                "dev-health-v1",
                                "dev-whoop-service",
                                "dev-whoop-v1",
                                "dev-secrets-health-api-dev",
                                "dev-secrets-whoop-service-dev")
                        .allSatisfy(
                                (name, status) -> assertThat(status).as(name).isEqualTo("Synced Healthy")));
    }

    @Test
    void anotherSyncChangesNothing() {
        awaitEverything();
        Map<String, String> before = generations();
        var started = new TreeMap<String, String>();
        for (GenericKubernetesResource application : Cluster.applications()) {
            String name = application.getMetadata().getName();
            started.put(name, Cluster.text(application, "status", "operationState", "startedAt"));
            Cluster.sync(application);
        }
        Cluster.within(LIMIT).untilAsserted(() -> assertThat(ended(started)).hasSameSizeAs(started.keySet()));
        assertThat(ended(started))
                .allSatisfy((name, phase) -> assertThat(phase).as(name).isEqualTo("Succeeded"));
        awaitEverything();
        assertThat(generations()).isEqualTo(before);
        ScenarioTable.figure("objects", before.size());
    }

    /** How those ended whose last sync is another one than this. */
    private static Map<String, String> ended(Map<String, String> started) {
        var all = new TreeMap<String, String>();
        for (GenericKubernetesResource now : Cluster.applications()) {
            String name = now.getMetadata().getName();
            String phase = Cluster.text(now, "status", "operationState", "phase");
            String since = Cluster.text(now, "status", "operationState", "startedAt");
            if (!since.equals(started.get(name)) && !phase.equals("Running")) {
                all.put(name, phase);
            }
        }
        return all;
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
