package io.vitals.gitops;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
