package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** Commits that would take a running service away with them. */
@Scenario
@Order(60)
class PruneTest {
    private static final String OVERLAY = "gitops/apps/health-api/overlays/dev";
    private @Nullable String merged;

    @BeforeEach
    void nothingIsUnderWay() {
        Release.nothingIsUnderWay();
    }

    @AfterEach
    void itIsTakenBack() {
        if (merged != null) {
            Desired.revert(merged);
            merged = null;
        }
    }

    /** The generator finds no folder of that name any more: the Application goes, and what it made stays. */
    @Test
    void aRenamedOverlayLeavesTheServiceRunning() {
        Set<String> before = pods();
        String made = Cluster.application(Release.APPLICATION).getMetadata().getUid();
        try (var traffic = Traffic.start()) {
            merged = Desired.move(OVERLAY, OVERLAY + "elopment");
            Cluster.refreshSet("apps-dev");
            Cluster.within(Release.LIMIT)
                    .untilAsserted(() -> assertThat(Cluster.applications())
                            .noneMatch(application ->
                                    application.getMetadata().getName().equals(Release.APPLICATION)));
            traffic.awaitMore(Duration.ofSeconds(5));
            assertThat(pods()).isEqualTo(before);
            Desired.revert(merged);
            merged = null;
            Cluster.refreshSet("apps-dev");
            Cluster.within(Release.LIMIT)
                    .untilAsserted(() -> assertThat(Cluster.application(Release.APPLICATION)
                                    .getMetadata()
                                    .getUid())
                            .isNotEqualTo(made));
            Release.nothingIsUnderWay();
            assertThat(pods()).isEqualTo(before);
            traffic.allWereAnswered();
        }
    }

    @Test
    void anOverlayThatRendersNothingIsRefused() {
        Set<String> before = pods();
        try (var traffic = Traffic.start()) {
            merged = Desired.change(
                    OVERLAY + "/kustomization.yaml",
                    text ->
                            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [version.yaml]\n");
            Cluster.within(Release.LIMIT)
                    .untilAsserted(() -> assertThat(
                                    Cluster.text(Cluster.application(Release.APPLICATION), "status", "conditions"))
                            .contains("auto-sync will wipe out all resources"));
            assertThat(pods()).isEqualTo(before);
            Desired.revert(merged);
            merged = null;
            Release.nothingIsUnderWay();
            traffic.allWereAnswered();
        }
    }

    private static Set<String> pods() {
        return Release.activePods().stream()
                .map((Pod pod) -> pod.getMetadata().getUid())
                .collect(Collectors.toSet());
    }
}
