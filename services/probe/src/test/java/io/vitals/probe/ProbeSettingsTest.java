package io.vitals.probe;

import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ProbeSettingsTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>(
            Map.of("VITALS_TARGET", "https://vitals.example", "VITALS_ISSUER", "https://sign-in.example/realms/x"));

    @Test
    void theDefaultsAreTwoMinutesAndAllJourneysThatChangeNothing() throws IOException {
        environment.put("VITALS_ACCOUNT_FORM_FILE", file("username=u\npassword=p"));
        environment.put("VITALS_API_KEY_FILE", file("key"));
        ProbeSettings settings = Settings.load(ProbeSettings.class, environment);
        assertThat(settings.profile()).isEqualTo(ProbeSettings.Profile.PRODUCTION);
        assertThat(settings.interval()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.limits())
                .isEqualTo(new ProbeSettings.Limits(
                        Duration.ofSeconds(10), Duration.ofSeconds(30), DataSize.parse("4MiB")));
        assertThat(settings.management().port()).isEqualTo(9092);
        assertThat(Journeys.of(settings, Clock.systemUTC()).all())
                .extracting(Journey::name)
                .containsExactly("page", "sign-in", "refresh", "day");
    }

    @Test
    void aJourneyWithoutWhatItNeedsIsRefusedByKey() {
        assertThat(faults("sign-in")).containsExactly("account.form-file: is missing, which the journey sign-in needs");
        assertThat(faults("day")).containsExactly("api-key-file: is missing, which the journey day needs");
        assertThat(faults("connect")).containsExactly("connect.whoop: is missing, which the journey connect needs");
        assertThat(faults("page,walk").getFirst()).contains("journeys names another than");
        assertThat(faults("page,page").getFirst()).contains("journeys names none, or one twice");
    }

    @Test
    void credentialsGoOverTlsOnlyInProduction() {
        environment.put("VITALS_ISSUER", "http://sign-in.example");
        assertThat(faults("page").getFirst()).contains("target, issuer or connect.whoop is not https");
        environment.put("VITALS_PROFILE", "sandbox");
        environment.put("VITALS_JOURNEYS", "page");
        assertThat(Settings.load(ProbeSettings.class, environment).issuer().getScheme())
                .isEqualTo("http");
    }

    @Test
    void whatIsFilledInAtWhoopGoesOverTlsOnlyInProduction() throws IOException {
        environment.put("VITALS_ACCOUNT_FORM_FILE", file("username=u"));
        environment.put("VITALS_CONNECT_FORM_FILE", file("member=2"));
        environment.put("VITALS_CONNECT_WHOOP", "http://whoop.example");
        assertThat(faults("connect").getFirst()).contains("target, issuer or connect.whoop is not https");
        environment.put("VITALS_CONNECT_WHOOP", "https://whoop.example");
        environment.put("VITALS_JOURNEYS", "connect");
        assertThat(Journeys.of(Settings.load(ProbeSettings.class, environment), Clock.systemUTC())
                        .all())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            VITALS_TARGET        | https://vitals.example/app      | target is more than scheme, host and port
            VITALS_TARGET        | https://vitals.example?to=x     | target is more than scheme, host and port
            VITALS_TARGET        | https://vitals.example/#x       | target is more than scheme, host and port
            VITALS_TARGET        | https://u:hunter2@vitals.example | target is not an address of http or https
            VITALS_ISSUER        | ftp://sign-in.example           | issuer is not an address of http or https
            VITALS_INTERVAL      | 999ms                           | interval is less than a second
            VITALS_LIMITS_CALL   | 0s                              | call is nothing, or more than journey
            VITALS_LIMITS_CALL   | 31s                             | call is nothing, or more than journey
            """)
    void whatCannotBeUsedIsRefused(String variable, String value, String fault) {
        environment.put("VITALS_JOURNEYS", "page");
        assertThat(Settings.load(ProbeSettings.class, environment).journeys()).containsExactly("page");
        environment.put(variable, value);
        assertThat(faults("page").toString()).contains(fault).doesNotContain("hunter2");
    }

    @Test
    void aFileOfAnotherFormIsRefusedWithoutBeingShown() throws IOException {
        environment.put("VITALS_ACCOUNT_FORM_FILE", file("hunter2"));
        List<String> faults = faults("sign-in");
        assertThat(faults).containsExactly("account: form-file: line 1 is not a new name=value");
    }

    private List<String> faults(String journeys) {
        environment.put("VITALS_JOURNEYS", journeys);
        return catchThrowableOfType(
                        ConfigException.class,
                        () -> Journeys.of(Settings.load(ProbeSettings.class, environment), Clock.systemUTC()))
                .faults();
    }

    private String file(String content) throws IOException {
        Path file = Files.createTempFile(directory, "secret", "");
        return Files.writeString(file, content).toString();
    }
}
