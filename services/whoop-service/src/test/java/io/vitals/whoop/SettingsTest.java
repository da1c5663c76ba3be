package io.vitals.whoop;

import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SettingsTest {
    @TempDir
    private Path directory;

    @Test
    void theDefaultsAreWhoopsOwnAddressesAndThirtyDays() throws Exception {
        WhoopServiceSettings settings = Settings.load(WhoopServiceSettings.class, least());

        assertThat(settings.whoop().apiBaseUrl()).hasToString("https://api.prod.whoop.com/developer");
        assertThat(settings.whoop().tokenBase()).hasToString("https://api.prod.whoop.com/oauth/oauth2/");
        assertThat(settings.whoop().tokenPath()).isEqualTo("/token");
        assertThat(settings.whoop().pkce()).isTrue();
        assertThat(settings.profile()).isEqualTo(WhoopServiceSettings.Profile.PRODUCTION);
        assertThat(settings.public_().port()).isEqualTo(8081);
        assertThat(settings.internal().port()).isEqualTo(8082);
        assertThat(settings.management().port()).isEqualTo(9091);
        assertThat(settings.sync().backfillDays()).isEqualTo(30);
        assertThat(settings.webhook().maxSkew()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.migrator()).isEmpty();
        assertThat(settings.tracing().enabled()).isFalse();
    }

    @Test
    void productionRefusesToSpeakToWhoopInTheClear() throws Exception {
        Map<String, String> environment = least();
        environment.put("VITALS_WHOOP_API_BASE_URL", "http://127.0.0.1:8090/developer");

        assertThatThrownBy(() -> Settings.load(WhoopServiceSettings.class, environment))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.faults()).anyMatch(fault -> fault.contains("https")));
    }

    private Map<String, String> least() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "not-a-real-secret");
        Map<String, String> environment = new HashMap<>();
        environment.put("VITALS_DB_URL", "jdbc:postgresql://db/whoop");
        environment.put("VITALS_DB_USER", "whoop_app");
        environment.put("VITALS_DB_PASSWORD_FILE", secret.toString());
        environment.put("VITALS_WHOOP_CLIENT_ID", "app");
        environment.put("VITALS_WHOOP_CLIENT_SECRET_FILE", secret.toString());
        environment.put("VITALS_WHOOP_REDIRECT_URI", "https://vitals.example/api/v1/links/whoop/callback");
        environment.put("VITALS_CRYPTO_KEYSET_FILE", secret.toString());
        environment.put("VITALS_CALLERS_KEYS_FILE", secret.toString());
        return environment;
    }
}
