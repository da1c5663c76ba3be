package io.vitals.probe;

import io.vitals.kit.config.Settings;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class SettingsReferenceTest {
    @Test
    void theConfigurationPageHoldsTheTableOfTheCode() throws Exception {
        String table = Settings.reference(ProbeSettings.class);
        Files.writeString(Path.of("target", "settings.md"), table);
        assertThat(Files.readString(Path.of("..", "..", "docs", "configuration.md")))
                .as("replace the table of the probe in docs/configuration.md by target/settings.md")
                .contains(table);
    }
}
