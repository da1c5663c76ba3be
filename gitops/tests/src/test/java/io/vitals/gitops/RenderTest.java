package io.vitals.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RenderTest {
    static Stream<Path> everyFolder() {
        return Render.folders(Program.ROOT.resolve("gitops")).stream().map(Program.ROOT::relativize);
    }

    @ParameterizedTest
    @MethodSource("everyFolder")
    void rendersToObjectsWithAKindAndAName(Path folder) {
        assertThat(Render.folder(Program.ROOT.resolve(folder))).isNotEmpty().allSatisfy(manifest -> {
            assertThat(manifest.kind()).isNotEmpty();
            assertThat(manifest.name()).isNotEmpty();
        });
    }

    /** With a target that nothing fits, kustomize says nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gitops/apps/health-api/overlays/staging",
                "gitops/apps/whoop-service/overlays/staging",
                "gitops/data/health/overlays/staging/v1",
                "gitops/data/whoop/overlays/staging/v1"
            })
    void eachPatchOfAComponentHitsSomething(String overlay, @TempDir Path folder) throws IOException {
        Tree.copy(folder, Path.of(overlay).subpath(0, 3).toString());
        assertThat(patchesWithoutEffect(folder.resolve(overlay))).isEmpty();
    }

    @Test
    void aPatchThatHitsNothingIsFound(@TempDir Path folder) throws IOException {
        Tree.copy(folder, "gitops/apps/health-api");
        Path topology = folder.resolve("gitops/apps/health-api/components/topology/kustomization.yaml");
        Files.writeString(topology, Files.readString(topology).replace("kind: Rollout", "kind: Deployment"));
        assertThat(patchesWithoutEffect(folder.resolve("gitops/apps/health-api/overlays/staging")))
                .containsExactly("topology/spread.yaml");
    }

    @Test
    void aFolderThatNamesAMissingFileIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("kustomization.yaml"), "resources: [missing.yaml]\n");
        assertThatThrownBy(() -> Render.folder(folder))
                .hasMessageContaining("does not render")
                .hasMessageContaining("missing.yaml");
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() {
        assertThatThrownBy(() -> Yaml.parse("kind: A\nkind: B\n")).hasMessageContaining("Duplicate");
    }

    private static List<String> patchesWithoutEffect(Path overlay) throws IOException {
        String whole = Render.text(overlay).orThrow();
        var without = new ArrayList<String>();
        for (JsonNode component :
                Yaml.read(overlay.resolve("kustomization.yaml")).getFirst().path("components")) {
            Path file = overlay.resolve(component.asText()).resolve("kustomization.yaml");
            String text = Files.readString(file);
            JsonNode content = Yaml.parse(text).getFirst();
            for (int i = 0; i < content.path("patches").size(); i++) {
                ObjectNode less = content.deepCopy();
                ((ArrayNode) less.path("patches")).remove(i);
                Files.writeString(file, new YAMLMapper().writeValueAsString(less));
                // Where it does not render without the patch, the patch hits, too.
                if (Render.text(overlay).out().equals(whole)) {
                    without.add(Path.of(component.asText()).getFileName() + "/"
                            + content.path("patches").get(i).path("path").asText());
                }
            }
            Files.writeString(file, text);
        }
        return without;
    }
}
