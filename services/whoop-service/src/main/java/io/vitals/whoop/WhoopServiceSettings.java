package io.vitals.whoop;

import io.vitals.kit.audit.AuditSettings;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.ManagementSettings;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.config.TracingSettings;
import io.vitals.kit.state.StateSettings;
import io.vitals.whoop.link.OAuthSettings;
import io.vitals.whoop.records.RecordSettings;
import io.vitals.whoop.sync.SyncSettings;
import io.vitals.whoop.upstream.UpstreamSettings;
import io.vitals.whoop.webhook.WebhookSettings;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything whoop-service can be told. Defaults are in application.yaml.
 *
 * @param drain how long it stays up unready, so that nobody sends new requests, before it stops
 * @param migrator needed by the commands migrate, export and import only
 * @param state needed by export and import only
 */
record WhoopServiceSettings(
        Profile profile,
        Duration drain,
        ListenerSettings public_,
        ListenerSettings internal,
        ManagementSettings management,
        DatabaseSettings db,
        Optional<MigratorSettings> migrator,
        App whoop,
        UpstreamSettings upstream,
        Crypto crypto,
        Callers callers,
        SyncSettings sync,
        RecordSettings records,
        WebhookSettings webhook,
        AuditSettings audit,
        TracingSettings tracing,
        StateSettings state) {

    enum Profile {
        PRODUCTION,
        SANDBOX
    }

    /**
     * The WHOOP app and where WHOOP is.
     *
     * @param previousClientSecret still taken for webhooks while WHOOP changes from it to the other
     */
    record App(
            URI apiBaseUrl,
            URI authorizeUrl,
            URI tokenUrl,
            String clientId,
            Secret clientSecret,
            Optional<Secret> previousClientSecret,
            URI redirectUri,
            boolean pkce) {
        OAuthSettings oauth() {
            return new OAuthSettings(authorizeUrl, clientId, clientSecret, redirectUri, pkce);
        }

        /** What webhooks may be signed with, the present secret first. */
        List<Secret> webhookSecrets() {
            return Stream.concat(Stream.of(clientSecret), previousClientSecret.stream())
                    .toList();
        }

        URI tokenBase() {
            return tokenUrl.resolve(".");
        }

        /** The last segment of the token URL, with its slash. */
        String tokenPath() {
            return tokenUrl.getPath().substring(tokenUrl.getPath().lastIndexOf('/'));
        }
    }

    /** The key-encryption keyset. */
    record Crypto(Secret keyset) {}

    /** Public keys of the services that may call. */
    record Callers(Secret keys) {}

    WhoopServiceSettings {
        if (profile == Profile.PRODUCTION && !whoop.apiBaseUrl().getScheme().equals("https")) {
            throw new IllegalArgumentException(
                    "whoop.api-base-url is not https, which the production profile asks for");
        }
    }
}
