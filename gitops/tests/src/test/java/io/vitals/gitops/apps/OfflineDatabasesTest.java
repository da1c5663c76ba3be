package io.vitals.gitops.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Render;
import io.vitals.gitops.Tree;
import io.vitals.gitops.schema.SchemaRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** The databases of the cluster without a network are dev's but for what cannot be had there, and replicated as production's. */
class OfflineDatabasesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"health", "whoop"})
    void areThoseOfDevButForTheImageAndTheOneNode(String database) throws IOException {
        List<Manifest> offline = offline(database);
        var findings = new Findings();
        SchemaRule.judge(Map.of(Path.of("gitops/clusters/offline/data", database), offline), findings);
        assertThat(findings.lines()).isEmpty();
        List<Manifest> dev = rendered(database, "dev");
        assertThat(offline.stream().map(Manifest::id))
                .containsExactlyInAnyOrderElementsOf(dev.stream()
                        .filter(manifest -> !manifest.kind().equals("Pooler"))
                        .map(Manifest::id)
                        .toList());
        assertThat(withoutWhatDiffers(cluster(offline))).isEqualTo(withoutWhatDiffers(cluster(dev)));
        assertThat(cluster(offline).at("/spec/affinity/enablePodAntiAffinity").asBoolean(true))
                .isFalse();
    }

    @Test
    void healthIsReplicatedAsInProduction() throws IOException {
        Manifest offline = cluster(offline("health"));
        Manifest production = cluster(rendered("health", "production"));
        for (String what : List.of(
                "/spec/instances", "/spec/postgresql", "/spec/primaryLease", "/spec/topologySpreadConstraints")) {
            JsonNode declared = production.at(what);
            assertThat(declared.isMissingNode()).as(what).isFalse();
            assertThat(withoutSizes(offline.at(what))).as(what).isEqualTo(withoutSizes(declared));
        }
    }

    private static List<Manifest> rendered(String database, String environment) {
        return Tree.OURS
                .rendered()
                .getOrDefault(Path.of("gitops/data", database, "overlays", environment, "v1"), List.of());
    }

    /** As Argo CD renders it: the overlay of dev with the component that argocd/offline names. */
    private List<Manifest> offline(String database) throws IOException {
        Tree.copy(folder, "gitops/data");
        Tree.copy(folder, "gitops/clusters");
        Path overlay = folder.resolve(Path.of("gitops/data", database, "overlays/dev/v1"));
        Path kustomization = overlay.resolve("kustomization.yaml");
        Files.writeString(
                kustomization,
                Files.readString(kustomization)
                        .replace(
                                "components/wiring",
                                "components/wiring\n  - ../../../../../clusters/offline/data/" + database));
        return Render.folder(overlay);
    }

    private static Manifest cluster(List<Manifest> all) {
        return all.stream()
                .filter(manifest -> manifest.kind().equals("Cluster"))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode withoutWhatDiffers(Manifest cluster) {
        ObjectNode copy = cluster.json().deepCopy();
        ObjectNode spec = (ObjectNode) copy.path("spec");
        spec.remove(List.of(
                "affinity", "imageName", "imagePullPolicy", "instances", "primaryLease", "topologySpreadConstraints"));
        ((ObjectNode) spec.path("postgresql")).remove("synchronous");
        ((ObjectNode) spec.at("/postgresql/parameters")).remove("wal_retrieve_retry_interval");
        return copy;
    }

    private static JsonNode withoutSizes(JsonNode part) {
        JsonNode copy = part.deepCopy();
        if (copy.path("parameters") instanceof ObjectNode parameters) {
            parameters.remove(List.of("max_connections", "shared_buffers"));
        }
        return copy;
    }
}
