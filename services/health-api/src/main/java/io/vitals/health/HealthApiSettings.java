package io.vitals.health;

import io.vitals.health.access.LimitSettings;
import io.vitals.health.access.OidcSettings;
import io.vitals.health.access.SessionSettings;
import io.vitals.health.country.CountrySettings;
import io.vitals.health.privacy.RetentionSettings;
import io.vitals.health.sahha.SahhaSettings;
import io.vitals.kit.audit.AuditSettings;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.ManagementSettings;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.config.TracingSettings;
import io.vitals.kit.state.StateSettings;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Everything health-api can be told. Defaults are in application.yaml.
 *
 * @param drain how long it stays up unready, so that nobody sends new requests, before it stops
 * @param publicUrl where browsers find us
 * @param migrator needed by the commands migrate, export and import only
 * @param state needed by export and import only
 */
record HealthApiSettings(
        Profile profile,
        Duration drain,
        URI publicUrl,
        ListenerSettings public_,
        ManagementSettings management,
        DatabaseSettings db,
        Optional<MigratorSettings> migrator,
        OidcSettings oidc,
        SessionSettings session,
        LimitSettings limits,
        CountrySettings country,
        Whoop whoop,
        SahhaSettings sahha,
        AuditSettings audit,
        RetentionSettings retention,
        TracingSettings tracing,
        StateSettings state) {

    enum Profile {
        PRODUCTION,
        SANDBOX
    }

    /**
     * Where whoop-service is.
     *
     * @param signingKey our private Ed25519 key as a JWK
     */
    record Whoop(URI internalUrl, Secret signingKey) {}

    HealthApiSettings {
        if (profile == Profile.PRODUCTION) {
            requireHttps("public-url", publicUrl);
            requireHttps("oidc.issuer", oidc.issuer());
            requireHttps("sahha.api-base-url", sahha.apiBaseUrl());
        }
        requireProxies(country, limits);
        if (publicUrl.getHost() == null
                || !(publicUrl.getPath().isEmpty() || publicUrl.getPath().equals("/"))) {
            throw new IllegalArgumentException("public-url is more than scheme, host and port");
        }
    }

    private static void requireProxies(CountrySettings country, LimitSettings limits) {
        if (country.header().isPresent() && limits.trustedProxies().isEmpty()) {
            throw new IllegalArgumentException(
                    "country.header is given, but limits.trusted-proxies names nobody who could be believed");
        }
    }

    private static void requireHttps(String key, URI uri) {
        if (!"https".equals(uri.getScheme())) {
            throw new IllegalArgumentException(key + " is not https, which the production profile asks for");
        }
    }
}
