package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What is taken away from a running service. */
@Scenario
@Order(50)
class DisruptionTest {
    @BeforeEach
    void nothingIsUnderWay() {
        Release.nothingIsUnderWay();
    }

    /** As a drain does it, which tries again what the budget refuses; the node stays, as there is no other. */
    @Test
    void aDrainTakesOnePodAtATimeAndNoRequestFails() {
        // A pod that is not ready, or on its way out, is no loss to anybody and may be evicted at any time.
        Cluster.within(Release.LIMIT)
                .untilAsserted(() ->
                        assertThat(Release.activePods()).hasSizeGreaterThan(1).allMatch(DisruptionTest::ready));
        List<Pod> before = Release.activePods();
        try (var traffic = Traffic.start()) {
            assertThat(evict(before.getFirst())).isTrue();
            assertThat(evict(before.getLast()))
                    .as("a second pod while the first is not replaced")
                    .isFalse();
            for (Pod pod : before.subList(1, before.size())) {
                Cluster.within(Release.LIMIT)
                        .untilAsserted(() -> assertThat(evict(pod)).isTrue());
            }
            Cluster.within(Release.LIMIT)
                    .untilAsserted(() -> assertThat(Release.activePods())
                            .hasSameSizeAs(before)
                            .allMatch(pod -> before.stream().noneMatch(old -> uid(old).equals(uid(pod))))
                            .allMatch(DisruptionTest::ready));
            traffic.allWereAnswered();
        }
    }

    /** Whether the budget allowed it. A refusal is the answer: the client would ask again after the ten seconds that it is told to wait. */
    private static boolean evict(Pod pod) {
        Config config = new ConfigBuilder(Cluster.client().getConfiguration())
                .withRequestRetryBackoffLimit(0)
                .build();
        try (var once = new KubernetesClientBuilder().withConfig(config).build()) {
            return once.pods()
                    .inNamespace(Release.NAMESPACE)
                    .withName(pod.getMetadata().getName())
                    .evict();
        }
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    private static boolean ready(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }
}
