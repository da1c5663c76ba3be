package io.vitals.sandbox.launcher;

import io.vitals.sandbox.postgres.SandboxDatabase;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The secrets of services that run elsewhere: a folder for each of them with what it reads and nothing else, to be mounted
 * there. All of it belongs to the user that made it and is for nobody else, so the services run as the same user.
 */
final class ServedSecrets {
    static final String WHOOP_SERVICE = "whoop-service";
    static final String HEALTH_API = "health-api";
    static final String MIGRATIONS = "migrations";

    private final Secrets own;
    private final Secrets whoopService;
    private final Secrets healthApi;
    private final Secrets migrations;

    /**
     * Finds or makes the folders.
     *
     * @param kept for what no service reads
     * @param shared for the folders of the services
     */
    ServedSecrets(Path kept, Path shared, SecureRandom random) throws IOException {
        own = new Secrets(kept, random);
        whoopService = new Secrets(shared.resolve(WHOOP_SERVICE), random);
        healthApi = new Secrets(shared.resolve(HEALTH_API), random);
        migrations = new Secrets(shared.resolve(MIGRATIONS), random);
    }

    /** Makes what is missing, and tells what the simulators need of it. */
    SimulatorSecrets write(SandboxDatabase whoop, SandboxDatabase health) {
        whoopService.value("db-password", whoop.app().password());
        whoopService.keyset("tokens-keyset.json");
        whoopService.signingKey("audit-signing-key.json", "audit");
        healthApi.value("db-password", health.app().password());
        healthApi.keyset("session-keyset.json");
        healthApi.signingKey("audit-signing-key.json", "audit");
        Path calls = healthApi.signingKey("whoop-signing-key.json", HEALTH_API);
        whoopService.publicKeys("callers.jwks.json", calls);
        migrations.value(WHOOP_SERVICE + "-password", whoop.owner().password());
        migrations.value(HEALTH_API + "-password", health.owner().password());
        return new SimulatorSecrets(
                whoopService.text("client-secret"),
                healthApi.text("sahha-client-secret"),
                healthApi.text("sahha-webhook-secret"),
                healthApi.text("oidc-client-secret"),
                own.path("issuer-key.json"));
    }
}
