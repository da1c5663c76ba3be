package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.Pod;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;

/** What a release of health-api in dev can be seen by. */
final class Release {
    static final String SERVICE = "health-api";
    static final String APPLICATION = "dev-health-api";
    static final String NAMESPACE = "health-api-dev";
    static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String COLOUR = "rollouts-pod-template-hash";

    private Release() {}

    static void nothingIsUnderWay() {
        Cluster.awaitSettled(APPLICATION, Duration.ofMinutes(5));
        Cluster.within(LIMIT).untilAsserted(() -> assertThat(rolloutPhase()).isEqualTo("Healthy"));
    }

    static String active() {
        return Cluster.active(SERVICE);
    }

    static String rolloutPhase() {
        return Cluster.text(Cluster.rollout(SERVICE), "status", "phase");
    }

    /** Until the active Service points at another colour than this one. */
    static void awaitSwitch(String from, Instant since) {
        Cluster.within(LIMIT).untilAsserted(() -> {
            // Never none, which would be both.
            assertThat(active()).isNotEmpty();
            assertThat(active()).isNotEqualTo(from);
        });
        ScenarioTable.figure("switched after", seconds(since));
    }

    /** What all pods of the active colour run is this image, and there are some. */
    static void activeRuns(Images.Image image) {
        assertThat(pods(Map.of(COLOUR, active())))
                .isNotEmpty()
                .allSatisfy(pod -> assertThat(image(pod)).endsWith(image.digest()));
    }

    /** Until there is a pod of what has this name, with this image, that is as asked. */
    static void awaitPod(String name, Images.Image image, Predicate<Pod> asked) {
        Cluster.within(LIMIT)
                .untilAsserted(() -> assertThat(pods(Cluster.labelled(name)))
                        .anyMatch(pod -> image(pod).endsWith(image.digest()) && asked.test(pod)));
    }

    static List<Pod> pods(Map<String, String> labels) {
        return Cluster.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabels(labels)
                .list()
                .getItems();
    }

    static List<Pod> activePods() {
        return pods(Map.of(COLOUR, active()));
    }

    /** Of its first container, which is the service. */
    static String image(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getImage();
    }

    static String seconds(Instant since) {
        return "%.1f s".formatted(Duration.between(since, Instant.now()).toMillis() / 1000.0);
    }
}
