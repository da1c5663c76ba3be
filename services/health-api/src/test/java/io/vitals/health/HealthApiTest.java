package io.vitals.health;

import com.nimbusds.jose.jwk.Curve;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.Keysets;
import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.Settings;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.management.Probes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HealthApiTest {
    @TempDir
    private Path folder;

    /** Neither issuer nor whoop-service nor Sahha is there: all addresses lead nowhere. */
    @Test
    void the_service_starts_and_stops_with_nobody_around() throws Exception {
        HealthApiSettings settings = Settings.load(HealthApiSettings.class, environment());
        Clock clock = Clock.systemUTC();
        try (HealthDatabase database = HealthDatabase.start();
                Lifecycle lifecycle = new Lifecycle(new Probes(clock), Duration.ZERO)) {
            HttpServer server = new HealthApi(
                            settings,
                            database.database(),
                            new SimpleMeterRegistry(),
                            Tracer.noOp(),
                            lifecycle,
                            clock,
                            new SecureRandom())
                    .start();
            Browser browser = new Browser("http://localhost:" + server.port("public"), "http://localhost:8080");
            assertThat(browser.get("/").statusCode()).isEqualTo(200);
            assertThat(browser.get("/api/v1/me").statusCode()).isEqualTo(401);
            assertThat(browser.get("/auth/login").statusCode()).isEqualTo(503);
            assertThat(Browser.location(browser.get("/auth/login", "Accept", "text/html")))
                    .isEqualTo("/?signin=unavailable");
            assertThat(browser.get("/api/v1/users/me/days").statusCode()).isEqualTo(401);
            assertThat(Files.exists(Path.of(".helidon-oidc-secret"))).isFalse();
        }
    }

    @Test
    void defaults_leave_only_what_a_deployment_must_say() {
        assertThatThrownBy(() -> Settings.load(HealthApiSettings.class, Map.of()))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.faults())
                                .allMatch(fault -> fault.endsWith(": is missing"))
                                .extracting(fault -> fault.substring(0, fault.indexOf(':')))
                                .containsExactlyInAnyOrder(
                                        "public-url",
                                        "db.url",
                                        "db.user",
                                        "db.password-file",
                                        "oidc.issuer",
                                        "oidc.client-secret-file",
                                        "session.keyset-file",
                                        "whoop.internal-url",
                                        "whoop.signing-key-file",
                                        "sahha.client-id",
                                        "sahha.client-secret-file",
                                        "sahha.webhook-secret-file"));
    }

    @Test
    void production_does_not_speak_in_the_clear() throws IOException {
        Map<String, String> environment = environment();
        environment.put("VITALS_PROFILE", "production");
        assertThatThrownBy(() -> Settings.load(HealthApiSettings.class, environment))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.faults()).anyMatch(fault -> fault.contains("public-url is not https")));
    }

    @Test
    void aCountryInAHeaderTakesSomebodyWhoCanBeBelieved() throws IOException {
        Map<String, String> environment = environment();
        environment.put("VITALS_COUNTRY_ALLOW", "DE,AT");
        environment.put("VITALS_COUNTRY_HEADER", "X-Country");
        assertThatThrownBy(() -> Settings.load(HealthApiSettings.class, environment))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.faults()).anyMatch(fault -> fault.contains("limits.trusted-proxies")));
        environment.put("VITALS_LIMITS_TRUSTED_PROXIES", "10.42.0.0/16");
        HealthApiSettings settings = Settings.load(HealthApiSettings.class, environment);
        assertThat(settings.country().allow()).containsExactly("DE", "AT");
        assertThat(settings.country().header()).contains("X-Country");
    }

    @Test
    void aCountryThatIsNoneIsRefusedByItsKeyAndNotShown() throws IOException {
        for (String key : List.of("ALLOW", "DENY")) {
            Map<String, String> environment = environment();
            environment.put("VITALS_COUNTRY_" + key, "Germania");
            environment.put("VITALS_COUNTRY_DATABASE", "countries.mmdb");
            assertThatThrownBy(() -> Settings.load(HealthApiSettings.class, environment))
                    .isInstanceOfSatisfying(
                            ConfigException.class,
                            e -> assertThat(e.faults())
                                    .anyMatch(fault -> fault.contains("country." + key.toLowerCase(Locale.ROOT)))
                                    .noneMatch(fault -> fault.contains("Germania")));
        }
    }

    private Map<String, String> environment() throws IOException {
        String nowhere = "http://127.0.0.1:1";
        Map<String, String> environment = new HashMap<>();
        environment.put("VITALS_PROFILE", "sandbox");
        environment.put("VITALS_PUBLIC_URL", "http://localhost:8080");
        environment.put("VITALS_PUBLIC_PORT", "0");
        environment.put("VITALS_DB_URL", "jdbc:postgresql://127.0.0.1:1/none");
        environment.put("VITALS_DB_USER", "health_app");
        environment.put("VITALS_OIDC_ISSUER", nowhere);
        environment.put("VITALS_WHOOP_INTERNAL_URL", nowhere);
        environment.put("VITALS_SAHHA_API_BASE_URL", nowhere);
        environment.put("VITALS_SAHHA_CLIENT_ID", "vitals");
        for (String secret :
                List.of("DB_PASSWORD", "OIDC_CLIENT_SECRET", "SAHHA_CLIENT_SECRET", "SAHHA_WEBHOOK_SECRET")) {
            environment.put("VITALS_" + secret + "_FILE", file(secret, "not-a-real-secret"));
        }
        environment.put(
                "VITALS_SESSION_KEYSET_FILE", file("keyset", Keysets.fresh().reveal()));
        environment.put("VITALS_WHOOP_SIGNING_KEY_FILE", file("key", signingKey()));
        return environment;
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static String signingKey() {
        byte[] seed = new byte[32];
        new SecureRandom().nextBytes(seed);
        String d = Base64.getUrlEncoder().withoutPadding().encodeToString(seed);
        return "{\"kty\":\"OKP\",\"crv\":\"" + Curve.Ed25519.getName() + "\",\"kid\":\"health-api\",\"d\":\"" + d
                + "\"}";
    }
}
