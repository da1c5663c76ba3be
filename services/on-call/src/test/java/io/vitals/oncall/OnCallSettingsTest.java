package io.vitals.oncall;

import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.Settings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class OnCallSettingsTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void prepare() throws IOException {
        environment.put("VITALS_INCIDENTS_DIRECTORY", directory.toString());
        environment.put("VITALS_NOTIFICATIONS_CREDENTIAL_FILE", file("c".repeat(32)));
        environment.put("VITALS_ACKNOWLEDGEMENTS_KEY_FILE", file("k".repeat(32)));
    }

    @Test
    void theDefaultsAreThose() {
        OnCallSettings settings = Settings.load(OnCallSettings.class, environment);
        assertThat(settings.api().port()).isEqualTo(8085);
        assertThat(settings.management().port()).isEqualTo(9095);
        assertThat(settings.notifications().maxBody()).isEqualTo(DataSize.parse("1MiB"));
        assertThat(settings.acknowledgements().window()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.incidents())
                .isEqualTo(
                        new OnCallSettings.Keeping(directory, Duration.ofDays(400), Duration.ofMinutes(10), 100, 500));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            VITALS_ACKNOWLEDGEMENTS_WINDOW | 0s | window must be longer than nothing
            VITALS_INCIDENTS_RETENTION     | 0s | retention and settle must be longer than nothing
            VITALS_INCIDENTS_SETTLE        | 0s | retention and settle must be longer than nothing
            VITALS_INCIDENTS_MAX_ALERTS    | 0  | max-alerts and max-entries must be at least 1
            VITALS_INCIDENTS_MAX_ENTRIES   | 0  | max-alerts and max-entries must be at least 1
            """)
    void whatCannotBeUsedIsRefused(String variable, String value, String fault) {
        environment.put(variable, value);
        assertThat(refused().getMessage() + refused().faults()).contains(fault);
    }

    @Test
    void aShortSecretIsRefusedWithoutBeingShown() throws IOException {
        environment.put("VITALS_NOTIFICATIONS_CREDENTIAL_FILE", file("hunter2" + "c".repeat(24)));
        environment.put("VITALS_ACKNOWLEDGEMENTS_KEY_FILE", file("hunter2"));
        assertThat(refused().faults())
                .containsExactly(
                        "notifications: credential-file holds less than 32 characters",
                        "acknowledgements: key-file holds less than 32 characters");
    }

    private ConfigException refused() {
        return catchThrowableOfType(ConfigException.class, () -> Settings.load(OnCallSettings.class, environment));
    }

    private String file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "secret", ""), content)
                .toString();
    }
}
