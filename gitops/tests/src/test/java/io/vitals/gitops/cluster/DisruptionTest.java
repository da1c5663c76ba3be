package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.Pod;
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
        List<Pod> before = Release.activePods();
        assertThat(before).hasSizeGreaterThan(1);
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

    /** Whether the budget allowed it. */
    private static boolean evict(Pod pod) {
        return Cluster.client()
                .pods()
                .inNamespace(Release.NAMESPACE)
                .withName(pod.getMetadata().getName())
                .evict();
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    private static boolean ready(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }
}
