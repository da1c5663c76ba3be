package io.vitals.gitops.cluster;

import io.vitals.gitops.Tree;
import io.vitals.gitops.network.Reachability;
import io.vitals.gitops.network.Replay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The NetworkPolicies, which nothing in this cluster enforces, translated for a kernel: in a network of its own every connection that
 * docs/platform/network.md speaks of, and every other one, is tried with real packets.
 */
@Scenario
class ReachabilityTest {
    private static final String POLICY = "health-api-production/default-deny";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void packetsArriveWhereTheTableSaysAndNowhereElse(String cluster) throws IOException {
        Reachability matrix = Reachability.of(Tree.OURS, cluster);
        assertThat(Replay.of(matrix).differences(folder)).isEmpty();
        ScenarioTable.figure("cluster", cluster);
        ScenarioTable.figure("connections", matrix.size());
    }

    /** The same packets without one policy: what is open then is found, and is what the policies themselves come to. */
    @Test
    void aHoleIsFoundByPackets() throws IOException {
        Replay holed = Replay.of(Reachability.of(Tree.OURS, "production")).without(POLICY);
        assertThat(holed.differences(folder))
                .hasSameSizeAs(holed.expected())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line)
                        .startsWith("production: ")
                        .contains("health-api/newcomer: ")
                        .contains(" is open, by its packets"));
        ScenarioTable.figure("pairs that are open", holed.expected().size());
    }
}
