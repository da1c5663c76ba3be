package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;

/** Releases that are no good: nobody is ever sent to them, and a revert takes them away. */
@Scenario
@Order(30)
class BadReleaseTest {
    private static final String MIGRATION = "health-api-migration";

    private String before = "";
    private @Nullable String merged;

    @BeforeEach
    void nothingIsUnderWay() {
        Release.nothingIsUnderWay();
        before = Release.active();
    }

    /** Whatever a scenario showed, the next one starts from what is good. */
    @AfterEach
    void itIsTakenBack() {
        if (merged != null) {
            Desired.revert(merged);
            merged = null;
        }
    }

    @Test
    void whereTheMigrationFailsNothingOfTheReleaseStarts() {
        Images.Image image = Images.broken(Release.SERVICE, "migration-" + Instant.now());
        try (var traffic = Traffic.start()) {
            merge(image);
            Release.awaitPod(MIGRATION, image, pod -> pod.getStatus().getPhase().equals("Failed"));
            neverActive(image);
            revert();
            neverActive(image);
            traffic.allWereAnswered();
        }
    }

    @Test
    void oneThatEndsAtItsStartNeverBecomesActive() {
        Images.Image image = Images.crashing(Release.SERVICE, "crash-" + Instant.now());
        try (var traffic = Traffic.start()) {
            merge(image);
            awaitPod(image, container -> container.getRestartCount() > 0);
            neverActive(image);
            revert();
            neverActive(image);
            traffic.allWereAnswered();
        }
    }

    @Test
    void oneThatIsAbortedStaysAwayUntilItIsReverted() {
        Images.Image image = Images.crashing(Release.SERVICE, "abort-" + Instant.now());
        try (var traffic = Traffic.start()) {
            merge(image);
            awaitPod(image, container -> true);
            Instant asked = Instant.now();
            ArgoCd.onCall().act(Release.APPLICATION, Release.NAMESPACE, Release.SERVICE, "abort");
            Cluster.within(Release.LIMIT)
                    .untilAsserted(() -> assertThat(Release.rolloutPhase()).isEqualTo("Degraded"));
            ScenarioTable.figure("aborted after", Release.seconds(asked));
            neverActive(image);
            revert();
            neverActive(image);
            traffic.allWereAnswered();
        }
    }

    /** The migration cannot start, so the sync waits for it: somebody on call ends the sync, and the revert goes through. */
    @Test
    void anImageThatIsNotThereIsNeverServedAndARevertTakesItAway() {
        var image = new Images.Image("sha256:" + "0".repeat(63) + "1");
        try (var traffic = Traffic.start()) {
            merge(image);
            Release.awaitPod(
                    MIGRATION,
                    image,
                    pod -> pod.getStatus().getContainerStatuses().stream()
                            .anyMatch(container -> container.getState().getWaiting() != null));
            neverActive(image);
            Instant asked = Instant.now();
            String back = Desired.revert(merged());
            merged = null;
            ArgoCd.onCall().terminate(Release.APPLICATION);
            Cluster.awaitSynced(Release.APPLICATION, back, Release.LIMIT);
            Release.nothingIsUnderWay();
            ScenarioTable.figure("healthy after the revert in", Release.seconds(asked));
            neverActive(image);
            traffic.allWereAnswered();
        }
    }

    /** A lock that somebody else holds: the old version serves until the migration is through. */
    @Test
    void aSlowMigrationHoldsTheReleaseAndNotTheRequests() {
        Images.Image image = Images.next(Release.SERVICE, "slow-" + Instant.now());
        try (var traffic = Traffic.start();
                var locked = HealthDatabase.lockedHistory()) {
            Instant asked = Instant.now();
            Desired.release(Release.SERVICE, image);
            Cluster.within(Release.LIMIT)
                    .untilAsserted(() -> assertThat(locked.waiting()).isPositive());
            traffic.awaitMore(Duration.ofSeconds(5));
            assertThat(Release.active()).isEqualTo(before);
            locked.release();
            Release.awaitSwitch(before, asked);
            Release.nothingIsUnderWay();
            traffic.allWereAnswered();
        }
    }

    private void merge(Images.Image image) {
        merged = Desired.release(Release.SERVICE, image);
    }

    private String merged() {
        if (merged == null) {
            throw new IllegalStateException("nothing was merged");
        }
        return merged;
    }

    private void revert() {
        Instant asked = Instant.now();
        String back = Desired.revert(merged());
        merged = null;
        Cluster.awaitSynced(Release.APPLICATION, back, Release.LIMIT);
        Release.nothingIsUnderWay();
        ScenarioTable.figure("healthy after the revert in", Release.seconds(asked));
    }

    private static void awaitPod(Images.Image image, Predicate<ContainerStatus> container) {
        Release.awaitPod(
                Release.SERVICE,
                image,
                pod -> pod.getStatus().getContainerStatuses().stream().anyMatch(container));
    }

    private void neverActive(Images.Image image) {
        assertThat(Release.active()).isEqualTo(before);
        assertThat(Release.activePods())
                .isNotEmpty()
                .noneMatch(pod -> Release.image(pod).endsWith(image.digest()));
    }
}
