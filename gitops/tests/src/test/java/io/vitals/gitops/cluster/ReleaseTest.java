package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** Releases of health-api by a merge, with requests all the time. */
@Scenario
class ReleaseTest {
    private static final String SERVICE = "health-api";
    private static final String APPLICATION = "dev-health-api";
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int PER_SECOND = Integer.getInteger("vitals.rate", 200);

    @BeforeEach
    void nothingIsUnderWay() {
        Cluster.awaitSettled(APPLICATION, Duration.ofMinutes(5));
    }

    @Test
    void aMergeSwitchesTheColourAndNoRequestFails() {
        var image = Images.next(SERVICE, "switch-" + Instant.now());
        String before = Cluster.active(SERVICE);
        var seen = new HashSet<String>();
        try (var requests = requests()) {
            warm(requests);
            Instant merged = Instant.now();
            String commit = Desired.release(SERVICE, image);
            Cluster.awaitSynced(APPLICATION, commit, LIMIT);
            Cluster.within(LIMIT).untilAsserted(() -> {
                String now = Cluster.active(SERVICE);
                seen.add(now);
                assertThat(now).isNotEqualTo(before);
            });
            ScenarioTable.figure("switched after", DriftTest.seconds(merged));
            Cluster.awaitSettled(APPLICATION, LIMIT);
            int switched = requests.total();
            Cluster.within(LIMIT)
                    .untilAsserted(() -> assertThat(requests.total()).isGreaterThan(switched + 5 * PER_SECOND));
            assertThat(requests.answers()).as("answers").containsOnlyKeys("200");
            ScenarioTable.figure("requests", requests.total());
            ScenarioTable.figure("failed", 0);
        }
        // At no time without a colour, and only from the one to the other.
        assertThat(seen).isEqualTo(Set.of(before, Cluster.active(SERVICE))).doesNotContain("");
        assertThat(pods(Map.of("rollouts-pod-template-hash", Cluster.active(SERVICE))))
                .isNotEmpty()
                .allMatch(pod -> image(pod).endsWith(image.digest()));
    }

    @Test
    void aReleaseThatDoesNotStartNeverBecomesActiveAndARevertTakesItAway() {
        var image = Images.crashing(SERVICE, "crash-" + Instant.now());
        String before = Cluster.active(SERVICE);
        try (var requests = requests()) {
            warm(requests);
            String commit = Desired.release(SERVICE, image);
            Cluster.within(LIMIT).untilAsserted(() -> {
                Cluster.refresh(APPLICATION);
                assertThat(pods(Cluster.labelled(SERVICE)))
                        .anyMatch(pod -> image(pod).endsWith(image.digest())
                                && pod.getStatus().getContainerStatuses().stream()
                                        .anyMatch(container -> container.getRestartCount() > 0));
            });
            assertThat(Cluster.active(SERVICE)).isEqualTo(before);
            Instant reverted = Instant.now();
            String back = Desired.revert(commit);
            Cluster.awaitSynced(APPLICATION, back, LIMIT);
            Cluster.awaitSettled(APPLICATION, LIMIT);
            ScenarioTable.figure("healthy after the revert in", DriftTest.seconds(reverted));
            assertThat(Cluster.active(SERVICE)).isEqualTo(before);
            assertThat(requests.answers()).as("answers").containsOnlyKeys("200");
            ScenarioTable.figure("requests", requests.total());
            ScenarioTable.figure("failed", 0);
        }
    }

    private static Requests requests() {
        return Requests.start(Cluster.address(SERVICE + "-dev", SERVICE), 8080, "/openapi", PER_SECOND);
    }

    private static void warm(Requests requests) {
        Cluster.within(LIMIT).untilAsserted(() -> assertThat(requests.total()).isGreaterThan(PER_SECOND));
        assertThat(requests.answers()).as("answers before the release").containsOnlyKeys("200");
    }

    private static List<Pod> pods(Map<String, String> labels) {
        return Cluster.client()
                .pods()
                .inNamespace(SERVICE + "-dev")
                .withLabels(labels)
                .list()
                .getItems();
    }

    /** Of its first container, which is the service. */
    private static String image(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getImage();
    }
}
