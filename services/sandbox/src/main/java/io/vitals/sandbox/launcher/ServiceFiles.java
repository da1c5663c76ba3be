package io.vitals.sandbox.launcher;

import io.vitals.sandbox.http.Place;
import io.vitals.sandbox.postgres.SandboxDatabase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what the services read: one configuration file each, with the names of the files that hold secrets. */
final class ServiceFiles {
    static final String WHOOP_CLIENT_ID = "vitals-sandbox";
    static final String SAHHA_CLIENT_ID = "vitals-sandbox";

    private final StackSettings settings;
    private final Secrets secrets;
    private final SimulatorSecrets shared;
    private final Ports ports;

    ServiceFiles(StackSettings settings, Secrets secrets) {
        this.settings = settings;
        this.secrets = secrets;
        this.shared = new SimulatorSecrets(
                secrets.text("whoop-client-secret"),
                secrets.text("sahha-client-secret"),
                secrets.text("sahha-webhook-secret"),
                secrets.text("oidc-client-secret"),
                secrets.path("issuer-key.json"));
        this.ports = settings.ports();
    }

    SimulatorSecrets forSimulators() {
        return shared;
    }

    /**
     * The file of one replica, by its name.
     *
     * @param present whether it is of this release: an older one refuses keys that it does not know
     */
    Path whoopService(String name, SandboxDatabase database, WhoopPorts listeners, boolean present) {
        Path signingKey = signingKey();
        URI whoopSimulator = Place.LOOPBACK.forPrograms(ports.whoopSimulator());
        return write(name, """
                profile: sandbox
                drain: 0s
                public: {host: 127.0.0.1, port: %d}
                internal: {host: 127.0.0.1, port: %d}
                management: {host: 127.0.0.1, port: %d}
                %s
                whoop:
                  api-base-url: %s/developer
                  authorize-url: %s/oauth/oauth2/auth
                  token-url: %s/oauth/oauth2/token
                  client-id: %s
                  client-secret-file: %s
                  redirect-uri: %s
                crypto: {keyset-file: %s}
                callers: {keys-file: %s}
                # Work that a killed process held comes back soon; nobody here waits for a slow WHOOP.
                webhook: {claim: 20s}
                %s
                """.formatted(
                        listeners.webhooks(),
                        listeners.internal(),
                        listeners.management(),
                        database("whoop", database),
                        whoopSimulator,
                        Place.LOOPBACK.forBrowsers(ports.whoopSimulator()),
                        whoopSimulator,
                        WHOOP_CLIENT_ID,
                        quoted(shared.whoopClientSecret()),
                        settings.addresses().whoopRedirectUri(),
                        quoted(secrets.keyset("whoop-tokens-keyset.json")),
                        quoted(secrets.publicKeys("callers.jwks.json", signingKey)),
                        present ? audit() : ""));
    }

    Path healthApi(SandboxDatabase database) {
        return write("health-api", """
                profile: sandbox
                drain: 0s
                public-url: %s
                public: {host: 127.0.0.1, port: %d}
                management: {host: 127.0.0.1, port: %d}
                %s
                oidc:
                  issuer: %s
                  client-id: vitals-web
                  client-secret-file: %s
                  audience: vitals-api
                session: {keyset-file: %s}
                # One person with many windows, and a bench, come from one machine here.
                limits: {per-minute: 6000000, per-hour: 60000000, per-day: 600000000, failed-per-minute: 6000}
                whoop:
                  internal-url: %s
                  signing-key-file: %s
                sahha:
                  api-base-url: %s
                  client-id: %s
                  client-secret-file: %s
                  webhook-secret-file: %s
                %s
                """.formatted(
                        settings.addresses().page(),
                        ports.healthPublic(),
                        ports.healthManagement(),
                        database("health", database),
                        Place.LOOPBACK.forBrowsers(ports.issuer()),
                        quoted(shared.oidcClientSecret()),
                        quoted(secrets.keyset("session-keyset.json")),
                        Place.LOOPBACK.forPrograms(ports.whoopInternal()),
                        quoted(signingKey()),
                        Place.LOOPBACK.forPrograms(ports.sahhaSimulator()),
                        SAHHA_CLIENT_ID,
                        quoted(shared.sahhaClientSecret()),
                        quoted(shared.sahhaWebhookSecret()),
                        audit()));
    }

    /** All services sign with one key here and share the folder, where each process has a file of its own. */
    private String audit() {
        Path key = secrets.signingKey("audit-signing-key.json", "audit");
        secrets.publicKeys("audit.jwks.json", key);
        return "audit: {checkpoint-directory: %s, signing-key-file: %s}"
                .formatted(quoted(settings.directory().resolve("audit")), quoted(key));
    }

    private Path signingKey() {
        return secrets.signingKey("health-api-signing-key.json", "health-api");
    }

    private String database(String name, SandboxDatabase database) {
        Path app = secrets.value(name + "-app-password", database.app().password());
        Path owner = secrets.value(name + "-migrator-password", database.owner().password());
        return """
                db: {url: "%s", user: %s, password-file: %s}
                migrator: {user: %s, password-file: %s}""".formatted(
                        database.url(),
                        database.app().user(),
                        quoted(app),
                        database.owner().user(),
                        quoted(owner));
    }

    /** A path as a YAML string: it may hold spaces. */
    private static String quoted(Path path) {
        return "\"" + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private Path write(String service, String content) {
        try {
            Path directory = Files.createDirectories(settings.directory().resolve("config"));
            return Files.writeString(directory.resolve(service + ".yaml"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
