package io.vitals.health;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.Keysets;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.audit.AuditSettings;
import io.vitals.kit.audit.ChainWatch;
import io.vitals.kit.config.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** The commands in docs/privacy.md and docs/security.md do what they say. */
class DocumentedCommandsTest {
    @TempDir
    private Path folder;

    @Test
    void every_command_on_the_pages_runs() throws Exception {
        try (HealthDatabase health = HealthDatabase.start()) {
            OctetKeyPair key =
                    new OctetKeyPairGenerator(Curve.Ed25519).keyID("audit-1").generate();
            Map<String, String> environment = environment(health, key, folder);
            new AuditLog(new SimpleMeterRegistry())
                    .append(health.database(), AuditEvent.of("days.read", "member", new UUID(1, 2)));
            try (ChainWatch watch = new ChainWatch(
                    health.database(),
                    "health-api",
                    "test",
                    new AuditSettings(
                            Duration.ofSeconds(30),
                            Optional.of(folder),
                            Optional.of(Secret.of(key.toJSONString())),
                            Duration.ofDays(1100)),
                    Clock.systemUTC(),
                    new SimpleMeterRegistry())) {
                watch.checkpoint();
            }
            Map<String, String> variables = Map.of(
                    "$LEDGER",
                    file(
                            folder,
                            "ledger",
                            "{\"erasure\":\"" + new UUID(1, 1) + "\",\"member\":\"" + new UUID(1, 2)
                                    + "\",\"requested_at\":\"2026-11-22T05:06:07Z\"}\n"),
                    "$CHECKPOINTS",
                    folder.toString(),
                    "$KEYS",
                    file(folder, "keys", new JWKSet(key.toPublicJWK()).toString()));
            List<String> commands = commands();
            assertThat(commands).hasSize(4);
            for (String command : commands) {
                List<String> words = new ArrayList<>();
                for (String word : command.split(" ", -1)) {
                    words.add(variables.getOrDefault(word, word));
                }
                String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
                // The report of a sandbox says what a sandbox lacks, and ends with 1 for it.
                assertThat(Main.run(environment, arguments)).as(command).isEqualTo(command.contains("report") ? 1 : 0);
            }
            assertThat(Main.run(environment, "erasure", "replay")).isEqualTo(2);
            assertThat(Main.run(environment, "audit", "verify", "--max-age", "soon"))
                    .isEqualTo(2);
            try (var owner = health.connectAsOwner();
                    var statement = owner.createStatement()) {
                statement.execute("UPDATE audit_event SET outcome = 'refused'");
            }
            assertThat(Main.run(environment, "audit", "verify")).isEqualTo(1);
        }
    }

    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        for (String page : List.of("privacy.md", "security.md")) {
            Files.readAllLines(Path.of("..", "..", "docs", page)).stream()
                    .filter(line -> line.startsWith("health-api "))
                    .forEach(commands::add);
        }
        return commands;
    }

    /** All that health-api needs; its secrets are files of the folder. */
    static Map<String, String> environment(HealthDatabase health, OctetKeyPair key, Path folder) throws IOException {
        Map<String, String> environment = new HashMap<>();
        String nowhere = "http://127.0.0.1:1";
        environment.put("VITALS_PROFILE", "sandbox");
        environment.put("VITALS_PUBLIC_URL", "http://localhost:8080");
        environment.put("VITALS_DB_URL", health.sandbox().url());
        environment.put("VITALS_DB_USER", health.sandbox().app().user());
        environment.put(
                "VITALS_DB_PASSWORD_FILE",
                file(folder, "db", health.sandbox().app().password()));
        environment.put("VITALS_OIDC_ISSUER", nowhere);
        environment.put("VITALS_WHOOP_INTERNAL_URL", nowhere);
        environment.put("VITALS_SAHHA_API_BASE_URL", nowhere);
        environment.put("VITALS_SAHHA_CLIENT_ID", "vitals");
        for (String secret : List.of("OIDC_CLIENT_SECRET", "SAHHA_CLIENT_SECRET", "SAHHA_WEBHOOK_SECRET")) {
            environment.put("VITALS_" + secret + "_FILE", file(folder, secret, "not-a-real-secret"));
        }
        environment.put(
                "VITALS_SESSION_KEYSET_FILE",
                file(folder, "keyset", Keysets.fresh().reveal()));
        environment.put("VITALS_WHOOP_SIGNING_KEY_FILE", file(folder, "signing", key.toJSONString()));
        environment.put("VITALS_AUDIT_SIGNING_KEY_FILE", file(folder, "audit", key.toJSONString()));
        environment.put("VITALS_AUDIT_CHECKPOINT_DIRECTORY", folder.toString());
        return environment;
    }

    private static String file(Path folder, String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }
}
