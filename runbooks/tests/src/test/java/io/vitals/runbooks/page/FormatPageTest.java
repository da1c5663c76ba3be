package io.vitals.runbooks.page;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What can be written on a page stands in runbooks/README.md. */
class FormatPageTest {
    @Test
    void everyWordIsThere() throws IOException {
        String page = Files.readString(Path.of("../README.md"));
        assertThat(undocumented(page)).isEmpty();
        assertThat(undocumented(page.replace("`timeout`", "").replace("`loki`", "")))
                .containsExactly("timeout", "loki");
    }

    private static List<String> undocumented(String page) {
        return Stream.of(
                        StepReader.KEYS.stream(),
                        FrontMatterReader.KEYS.stream().sorted(),
                        FrontMatterReader.PROCEDURE_KEYS.stream().sorted(),
                        Arrays.stream(Phase.values()).map(Phase::toString),
                        Arrays.stream(Capability.values()).map(Capability::toString),
                        Arrays.stream(Capability.values()).flatMap(need -> need.brings().stream()))
                .flatMap(words -> words)
                .distinct()
                .filter(word -> !page.contains("`" + word + "`") && !page.contains("`" + word + "="))
                .toList();
    }
}
