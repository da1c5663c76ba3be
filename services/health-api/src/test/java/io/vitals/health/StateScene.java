package io.vitals.health;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.Keysets;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.postgres.AnyRows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Stores of health-api, and its commands as they are called, with keys of their own. */
final class StateScene implements AutoCloseable {
    static final List<UUID> MEMBERS =
            IntStream.rangeClosed(1, 6).mapToObj(i -> new UUID(0x4000L, i)).toList();
    private static final Set<String> NOT_PLANTED = Set.of("flyway_schema_history", "state_import", "audit_event");

    private final Path root;
    private final List<HealthDatabase> opened = new ArrayList<>();
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final OctetKeyPair key;
    private String keyset;
    private int exports;

    StateScene(Path root) throws JOSEException, IOException {
        this.root = root;
        key = new OctetKeyPairGenerator(Curve.Ed25519).keyID("audit-1").generate();
        keyset = Files.writeString(root.resolve("state-keyset"), Keysets.fresh().reveal())
                .toString();
    }

    @Override
    public void close() {
        opened.forEach(HealthDatabase::close);
    }

    void forgetKeyset() {
        keyset = "";
    }

    /** All that was printed so far. */
    String told() {
        return told.toString(StandardCharsets.UTF_8);
    }

    HealthDatabase opened() {
        HealthDatabase health = HealthDatabase.start();
        opened.add(health);
        return health;
    }

    HealthDatabase withoutRules() throws SQLException {
        HealthDatabase health = opened();
        try (Connection owner = health.connectAsOwner()) {
            AnyRows.dropRules(owner);
        }
        return health;
    }

    /** Hard values in every table, and a log that the trigger has linked. */
    HealthDatabase planted() throws SQLException {
        HealthDatabase health = opened();
        List<String> members =
                MEMBERS.stream().map(member -> "'" + member + "'").toList();
        try (Connection owner = health.connectAsOwner()) {
            AnyRows.plant(
                    owner,
                    MEMBERS.size(),
                    Map.of("member.id", members, "member", members, "formula_version", List.of("'1'", "'2'")),
                    NOT_PLANTED);
        }
        audited(health);
        return health;
    }

    static void audited(HealthDatabase health) {
        AuditLog log = new AuditLog(new SimpleMeterRegistry());
        for (UUID member : MEMBERS) {
            log.append(
                    health.raw(), AuditEvent.of("days.read", "member", member).withPurpose("own_access"));
        }
    }

    Path export(HealthDatabase health) throws Exception {
        Path directory = root.resolve("export-" + ++exports);
        assertThat(run(health, "export", "--to", directory.toString())).isZero();
        return directory;
    }

    /** The exit code; what was printed is kept. */
    int run(HealthDatabase health, String... arguments) throws IOException {
        Path folder = Files.createTempDirectory(root, "settings");
        Map<String, String> environment = DocumentedCommandsTest.environment(health, key, folder);
        environment.put("VITALS_MIGRATOR_USER", health.sandbox().owner().user());
        environment.put(
                "VITALS_MIGRATOR_PASSWORD_FILE",
                Files.writeString(
                                folder.resolve("migrator"),
                                health.sandbox().owner().password())
                        .toString());
        if (!keyset.isEmpty()) {
            environment.put("VITALS_STATE_KEYSET_FILE", keyset);
        }
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream kept = new PrintStream(told, true, StandardCharsets.UTF_8)) {
            System.setOut(kept);
            System.setErr(kept);
            return Main.run(environment, arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    static Map<String, String> content(Path directory) throws IOException {
        JsonNode manifest = Json.tree(Files.readAllBytes(directory.resolve("manifest.json")));
        Map<String, String> content = new TreeMap<>();
        for (JsonNode file : manifest.path("files")) {
            content.put(
                    file.path("table").asText(),
                    file.path("rows") + " " + file.path("columns") + " " + file.path("sha256"));
        }
        content.put("sequences", manifest.path("sequences").toString());
        return content;
    }

    static String one(HealthDatabase health, String query) throws SQLException {
        try (Connection owner = health.connectAsOwner();
                var statement = owner.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    static String left(HealthDatabase health, UUID member) throws SQLException {
        return one(health, "SELECT personal_left('" + member + "')");
    }
}
