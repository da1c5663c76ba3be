package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.IntOrString;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

/** What somebody changes by hand does not stay. */
@Scenario
class DriftTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String NAMESPACE = "health-api-dev";
    private static final String NAME = "health-api";

    @Test
    void aChangeByHandIsTakenBack() {
        var budgets = Cluster.client().policy().v1().podDisruptionBudget().inNamespace(NAMESPACE);
        Cluster.within(LIMIT).untilAsserted(() -> assertThat(allowed()).isEqualTo(1));
        budgets.withName(NAME).edit(budget -> {
            budget.getSpec().setMaxUnavailable(new IntOrString(2));
            return budget;
        });
        assertThat(allowed()).isEqualTo(2);
        Instant changed = Instant.now();
        Cluster.within(LIMIT).untilAsserted(() -> assertThat(allowed()).isEqualTo(1));
        ScenarioTable.figure("healed after", Release.seconds(changed));
    }

    @Test
    void whatIsDeletedByHandComesBack() {
        var budgets = Cluster.client().policy().v1().podDisruptionBudget().inNamespace(NAMESPACE);
        Cluster.within(LIMIT)
                .untilAsserted(() -> assertThat(budgets.withName(NAME).get()).isNotNull());
        String gone = budgets.withName(NAME).get().getMetadata().getUid();
        budgets.withName(NAME).delete();
        Instant deleted = Instant.now();
        Cluster.within(LIMIT)
                .untilAsserted(() -> assertThat(
                                budgets.withName(NAME).get().getMetadata().getUid())
                        .isNotEqualTo(gone));
        ScenarioTable.figure("healed after", Release.seconds(deleted));
    }

    /** How many pods may be taken away, as it stands in the cluster. */
    private static int allowed() {
        return Cluster.client()
                .policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(NAMESPACE)
                .withName(NAME)
                .get()
                .getSpec()
                .getMaxUnavailable()
                .getIntVal();
    }
}
