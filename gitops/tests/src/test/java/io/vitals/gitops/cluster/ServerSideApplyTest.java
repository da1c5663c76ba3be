package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.client.Watch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server-side apply replaces the whole selector of a Service, and with it the colour that Argo Rollouts keeps there: for a moment both
 * colours serve, and a release goes through without its analysis.
 */
@Scenario
@Order(70)
class ServerSideApplyTest {
    private static final String SET = "argocd/appsets/applicationset-apps-dev.yaml";
    private static final String SERVICE = "gitops/apps/health-api/base/service-active.yaml";
    private static final String OPTION = "          - FailOnSharedResource=true\n";

    private final List<String> merged = new ArrayList<>();

    @BeforeEach
    void nothingIsUnderWay() {
        Release.nothingIsUnderWay();
    }

    @AfterEach
    void itIsTakenBack() {
        merged.reversed().forEach(Desired::revert);
        merged.clear();
        awaitApplied(false);
        // What it found by the server it would keep until it next looks.
        Cluster.refresh(Release.APPLICATION);
        Release.nothingIsUnderWay();
    }

    @Test
    void theColourStaysWhereTheServicesOptOut() {
        String before = Release.active();
        assertThat(coloursDuringASyncByTheServer()).isEqualTo(Set.of(before));
    }

    /** What the guard is for: without it the colour goes away. */
    @Test
    void theColourGoesWhereTheyDoNot() {
        merged.add(Desired.change(SERVICE, text -> text.replace("ServerSideApply=false", "PruneLast=true")));
        assertThat(coloursDuringASyncByTheServer()).contains("");
    }

    private Set<String> coloursDuringASyncByTheServer() {
        merged.add(Desired.change(SET, text -> text.replace(OPTION, OPTION + "          - ServerSideApply=true\n")));
        awaitApplied(true);
        var seen = new ConcurrentSkipListSet<String>();
        Watch watch = Cluster.watchColours(Release.SERVICE, seen::add);
        try {
            String commit =
                    Desired.change("gitops/apps/health-api/base/podmonitor.yaml", text -> text + "# Another sync.\n");
            merged.add(commit);
            awaitSync(commit);
        } finally {
            watch.close();
        }
        return new TreeSet<>(seen);
    }

    /** Only the sync: what Argo CD compares by the server, it calls out of sync for the colour. */
    private static void awaitSync(String commit) {
        Cluster.within(Release.LIMIT).untilAsserted(() -> {
            var now = Cluster.application(Release.APPLICATION);
            assertThat(Cluster.text(now, "status", "operationState", "syncResult", "revision"))
                    .isEqualTo(commit);
            assertThat(Cluster.text(now, "status", "operationState", "phase")).isEqualTo("Succeeded");
        });
    }

    /** Until the Application applies by the server, or does not. */
    private static void awaitApplied(boolean byServer) {
        Cluster.within(Duration.ofMinutes(2)).untilAsserted(() -> {
            String options =
                    Cluster.text(Cluster.application(Release.APPLICATION), "spec", "syncPolicy", "syncOptions");
            assertThat(options.contains("ServerSideApply=true")).isEqualTo(byServer);
        });
    }
}
