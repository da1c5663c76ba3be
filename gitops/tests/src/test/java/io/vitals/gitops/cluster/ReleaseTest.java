package io.vitals.gitops.cluster;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

/** Releases of health-api by a merge, with requests all the time. */
@Scenario
@Order(20)
class ReleaseTest {
    private static final int SWITCHES = Integer.getInteger("vitals.switches", 1);

    @BeforeEach
    void nothingIsUnderWay() {
        Release.nothingIsUnderWay();
    }

    @Test
    void aMergeSwitchesTheColourAndNoRequestFails() {
        try (var traffic = Traffic.start()) {
            for (int number = 0; number < SWITCHES; number++) {
                Images.Image image = Images.next(Release.SERVICE, "switch-" + Instant.now());
                String before = Release.active();
                Instant merged = Instant.now();
                Cluster.awaitSynced(Release.APPLICATION, Desired.release(Release.SERVICE, image), Release.LIMIT);
                Release.awaitSwitch(before, merged);
                Release.nothingIsUnderWay();
                Release.activeRuns(image);
            }
            traffic.allWereAnswered();
        }
    }

    @Test
    void ofTwoMergesInARowTheLastOneRuns() {
        Images.Image first = Images.next(Release.SERVICE, "first-" + Instant.now());
        Images.Image second = Images.next(Release.SERVICE, "second-" + Instant.now());
        try (var traffic = Traffic.start()) {
            Instant merged = Instant.now();
            start(first);
            Cluster.awaitSynced(Release.APPLICATION, Desired.release(Release.SERVICE, second), Release.LIMIT);
            Cluster.within(Release.LIMIT).untilAsserted(() -> Release.activeRuns(second));
            ScenarioTable.figure("switched after", Release.seconds(merged));
            Release.nothingIsUnderWay();
            Release.activeRuns(second);
            traffic.allWereAnswered();
        }
    }

    /** The controllers of the release and of Argo CD both die while the new colour starts. */
    @Test
    void controllersThatRestartFinishTheRelease() {
        Images.Image image = Images.next(Release.SERVICE, "restart-" + Instant.now());
        String before = Release.active();
        try (var traffic = Traffic.start()) {
            Instant merged = Instant.now();
            start(image);
            Cluster.client()
                    .pods()
                    .inNamespace("argo-rollouts")
                    .withLabel("app.kubernetes.io/name", "argo-rollouts")
                    .delete();
            Cluster.end("argocd-application-controller");
            assertThat(Release.active()).isEqualTo(before);
            Release.awaitSwitch(before, merged);
            Release.nothingIsUnderWay();
            Release.activeRuns(image);
            traffic.allWereAnswered();
        }
    }

    /** As an autoscaler does it, which goes by both colours. */
    @Test
    void moreReplicasWhileTheNewColourStartsAreMoreOfBoth() {
        Images.Image image = Images.next(Release.SERVICE, "scaled-" + Instant.now());
        String before = Release.active();
        try (var traffic = Traffic.start()) {
            Instant merged = Instant.now();
            start(image);
            Cluster.merge(Cluster.ROLLOUT, Release.NAMESPACE, Release.SERVICE, "{\"spec\":{\"replicas\":3}}");
            Release.awaitSwitch(before, merged);
            Cluster.within(Release.LIMIT)
                    .untilAsserted(() -> assertThat(Release.activePods()).hasSizeBetween(2, 3));
            Release.activeRuns(image);
            traffic.allWereAnswered();
        }
    }

    /** Until the first pod of the new colour is there. */
    private static void start(Images.Image image) {
        Cluster.awaitSynced(Release.APPLICATION, Desired.release(Release.SERVICE, image), Release.LIMIT);
        Release.awaitPod(Release.SERVICE, image, pod -> true);
    }
}
