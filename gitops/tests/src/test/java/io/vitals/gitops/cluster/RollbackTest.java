package io.vitals.gitops.cluster;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

/** Back to the release before, whose pods still stand ready. */
@Scenario
@Order(40)
class RollbackTest {
    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);

    @BeforeEach
    void nothingIsUnderWay() {
        Release.nothingIsUnderWay();
    }

    @Test
    void aRevertGoesBackInLessThanTwoMinutes() {
        String good = Release.active();
        try (var traffic = Traffic.start()) {
            String merged = released(good);
            Instant asked = Instant.now();
            Cluster.awaitSynced(Release.APPLICATION, Desired.revert(merged), TWO_MINUTES);
            awaitBack(good, asked);
            Release.nothingIsUnderWay();
            traffic.allWereAnswered();
        }
    }

    /** The commit of a release that has taken the place of this colour. */
    private static String released(String good) {
        Images.Image image = Images.next(Release.SERVICE, "back-" + Instant.now());
        Instant merged = Instant.now();
        String commit = Desired.release(Release.SERVICE, image);
        Cluster.awaitSynced(Release.APPLICATION, commit, Release.LIMIT);
        Release.awaitSwitch(good, merged);
        Release.nothingIsUnderWay();
        return commit;
    }

    private static void awaitBack(String good, Instant asked) {
        Cluster.within(TWO_MINUTES)
                .untilAsserted(() -> assertThat(Release.active()).isEqualTo(good));
        ScenarioTable.figure("back after", Release.seconds(asked));
        assertThat(Release.activePods()).isNotEmpty();
    }
}
