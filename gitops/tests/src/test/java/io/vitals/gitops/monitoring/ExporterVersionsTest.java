package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Program;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A metric of others is catalogued as of the version that is installed: with another one its name may be gone, and the rule that reads it
 * would never fire again.
 */
class ExporterVersionsTest {
    private static final String COMPONENTS = "docs/platform/components.md";

    /** Where the version of an exporter stands. */
    private record Place(String file, Pattern version) {
        static Place component(String name) {
            return new Place(
                    COMPONENTS, Pattern.compile("(?m)^\\| " + name + " \\| [^|]+ \\| [^|]+ \\| v?([0-9.]+) \\|"));
        }

        static Place bundled(String name) {
            return new Place(COMPONENTS, Pattern.compile("\\b" + name + " ([0-9]+\\.[0-9]+\\.[0-9]+)"));
        }

        Optional<String> read(String text) {
            return version.matcher(text).results().findFirst().map(match -> match.group(1));
        }
    }

    private static final Map<String, Place> PLACES = Map.of(
            "alertmanager", Place.bundled("alertmanager"),
            "argo-cd", new Place("argocd/install/kustomization.yaml", Pattern.compile("\\?ref=v([0-9.]+)")),
            "argo-rollouts", Place.component("argo-rollouts"),
            "blackbox-exporter", Place.component("blackbox-exporter"),
            "cert-manager", Place.component("cert-manager"),
            "cloudnative-pg", Place.component("cloudnative-pg"),
            "kube-state-metrics", Place.bundled("kube-state-metrics"),
            "kubelet",
                    new Place(
                            "gitops/clusters/production/clusterconfig.yaml", Pattern.compile("version: \"([0-9.]+)\"")),
            "prometheus", Place.bundled("prometheus"),
            "sealed-secrets-controller", Place.component("sealed-secrets"));

    @Test
    void theyAreThoseThatAreInstalled() throws IOException {
        var findings = new TreeSet<String>();
        for (var exporter : catalogued().entrySet()) {
            Place place = PLACES.get(exporter.getKey());
            if (place == null) {
                findings.add(exporter.getKey() + ": nothing says which version is installed");
                continue;
            }
            String installed = place.read(Files.readString(Program.ROOT.resolve(place.file())))
                    .orElse("none");
            exporter.getValue().stream()
                    .filter(version -> !same(version, installed))
                    .map(version -> "%s: %s in the catalogue, %s in %s"
                            .formatted(exporter.getKey(), version, installed, place.file()))
                    .forEach(findings::add);
        }
        assertThat(findings).isEmpty();
    }

    @Test
    void anotherVersionIsSeen() {
        assertThat(same("1.9.0", "1.10.1")).isFalse();
        assertThat(same("1.35.2", "1.35")).isTrue();
        assertThat(same("1.3.5", "1.35")).isFalse();
        assertThat(Place.component("argo-rollouts")
                        .read("| argo-rollouts | argo-rollouts | 2.41.0 | v1.10.1 | there |\n"))
                .contains("1.10.1");
        assertThat(Place.component("argo-rollouts").read("| rollouts | argo-rollouts | 2.41.0 | v1.10.1 | there |\n"))
                .isEmpty();
    }

    /** A managed cluster has a minor version, and the provider chooses the patch. */
    private static boolean same(String catalogued, String installed) {
        return catalogued.equals(installed) || catalogued.startsWith(installed + ".");
    }

    private static Map<String, Set<String>> catalogued() {
        var versions = new TreeMap<String, Set<String>>();
        for (JsonNode metric : Catalogue.all().path("foreign")) {
            versions.computeIfAbsent(metric.path("exporter").asText(), name -> new TreeSet<>())
                    .add(metric.path("version").asText());
        }
        return versions;
    }
}
