package io.vitals.health;

import com.nimbusds.jose.jwk.Curve;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.Keysets;
import io.vitals.health.testing.WhoopServer;
import io.vitals.kit.config.Secret;
import io.vitals.kit.config.Settings;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.crypto.Tokens;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.json.Json;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.management.Probes;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.issuer.IssuerConfig;
import io.vitals.sandbox.issuer.OidcIssuer;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.sahha.SahhaConfig;
import io.vitals.sandbox.sahha.SahhaSimulator;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The whole service as {@code Main} starts it, with the sandbox's issuer and Sahha and a {@link WhoopServer}. */
final class RunningHealth implements AutoCloseable {
    static final String ORIGIN = "http://localhost:18080";

    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final Clock clock = Clock.systemUTC();
    private final HealthDatabase database = HealthDatabase.start();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Lifecycle lifecycle = new Lifecycle(new Probes(clock), Duration.ZERO);
    private final WhoopServer whoop = WhoopServer.start();
    private final Secret keyset = Keysets.fresh();
    private final OidcIssuer issuer;
    private final SahhaSimulator sahha;
    private final HttpServer server;

    /**
     * Starts it.
     *
     * @param folder for files with its secrets, each of them fresh
     */
    RunningHealth(Path folder, Tracer tracer, List<Account> accounts) throws IOException {
        this(folder, tracer, accounts, Map.of());
    }

    /** As above, with further settings as environment variables. */
    RunningHealth(Path folder, Tracer tracer, List<Account> accounts, Map<String, String> further) throws IOException {
        SecureRandom random = new SecureRandom();
        for (String name :
                List.of("OIDC_CLIENT_SECRET", "SAHHA_CLIENT_SECRET", "SAHHA_WEBHOOK_SECRET", "DB_PASSWORD")) {
            secrets.put(name, Tokens.random(random, 24));
        }
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        secrets.put("WHOOP_SIGNING_KEY", Base64.getUrlEncoder().withoutPadding().encodeToString(seed));
        issuer = OidcIssuer.start(IssuerConfig.forVitals(ORIGIN, secret("OIDC_CLIENT_SECRET"), clock)
                .withAccounts(accounts));
        sahha = SahhaSimulator.start(SahhaConfig.of(
                "vitals",
                secret("SAHHA_CLIENT_SECRET"),
                Population.of(7, 3, clock).people(),
                clock));
        HealthApiSettings settings = Settings.load(HealthApiSettings.class, environment(folder, further));
        server = new HealthApi(settings, database.raw(), registry, tracer, lifecycle, clock, random).start();
    }

    private Map<String, String> environment(Path folder, Map<String, String> further) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("VITALS_PROFILE", "sandbox");
        environment.put("VITALS_PUBLIC_URL", ORIGIN);
        environment.put("VITALS_PUBLIC_PORT", "0");
        environment.put("VITALS_DB_URL", "jdbc:postgresql://127.0.0.1:1/none");
        environment.put("VITALS_DB_USER", "health_app");
        environment.put("VITALS_OIDC_ISSUER", issuer.url());
        environment.put("VITALS_WHOOP_INTERNAL_URL", whoop.url());
        environment.put("VITALS_SAHHA_API_BASE_URL", sahha.url());
        environment.put("VITALS_SAHHA_CLIENT_ID", "vitals");
        for (String name :
                List.of("OIDC_CLIENT_SECRET", "SAHHA_CLIENT_SECRET", "SAHHA_WEBHOOK_SECRET", "DB_PASSWORD")) {
            environment.put("VITALS_" + name + "_FILE", file(folder, name, secret(name)));
        }
        environment.put("VITALS_SESSION_KEYSET_FILE", file(folder, "keyset", keyset.reveal()));
        String key = new String(
                Json.write(Map.of(
                        "kty",
                        "OKP",
                        "crv",
                        Curve.Ed25519.getName(),
                        "kid",
                        "health-api",
                        "d",
                        secret("WHOOP_SIGNING_KEY"))),
                StandardCharsets.UTF_8);
        environment.put("VITALS_WHOOP_SIGNING_KEY_FILE", file(folder, "key", key));
        for (String limit : List.of("PER_MINUTE", "PER_HOUR", "PER_DAY", "FAILED_PER_MINUTE")) {
            environment.put("VITALS_LIMITS_" + limit, "1000000");
        }
        environment.putAll(further);
        return environment;
    }

    private static String file(Path folder, String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    /** What it was given in files, by name. */
    Map<String, String> secrets() {
        return Map.copyOf(secrets);
    }

    private String secret(String name) {
        return secrets.getOrDefault(name, "");
    }

    Secret keyset() {
        return keyset;
    }

    Browser browser() {
        return new Browser(url(), ORIGIN);
    }

    String url() {
        return "http://localhost:" + server.port("public");
    }

    /** An event as Sahha sends it, signed with what it says is the secret. */
    HttpResponse<String> webhook(String type, String externalId, String body, String key) {
        return browser()
                .send(
                        "POST",
                        "/api/v1/webhooks/sahha",
                        body,
                        "Content-Type",
                        "application/json",
                        "X-Signature",
                        signature(body, key),
                        "X-External-Id",
                        externalId,
                        "X-Event-Type",
                        type);
    }

    static String signature(String body, String key) {
        return HexFormat.of().formatHex(Digests.hmacSha256(Secret.of(key), body.getBytes(StandardCharsets.UTF_8)));
    }

    OidcIssuer issuer() {
        return issuer;
    }

    WhoopServer whoop() {
        return whoop;
    }

    SahhaSimulator sahha() {
        return sahha;
    }

    HealthDatabase database() {
        return database;
    }

    SimpleMeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        lifecycle.close();
        sahha.close();
        issuer.close();
        whoop.close();
        database.close();
    }
}
