package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.kit.audit.AuditSettings;
import io.vitals.kit.audit.AuditVerifyCommand;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.SignatureKey;
import io.vitals.kit.json.Json;
import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.state.StateCommands;
import io.vitals.kit.state.StateSettings;
import io.vitals.kit.state.StateTables;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.support.Keys;
import io.vitals.whoop.support.TestDatabases;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Exports and imports with keys of their own, and what can be done to the files in between. */
final class StateScene {
    static final Instant NOW = Instant.parse("2026-11-22T05:06:07Z");

    final Secret signing = Keys.caller().privateJwk();
    final Secret keyset = Keys.keyset();
    private final Path root;
    private int exports;

    StateScene(Path root) {
        this.root = root;
    }

    StateCommands commands(SandboxDatabase database) {
        return commands(database, WhoopState.TABLES, keyset, signing);
    }

    StateCommands commands(SandboxDatabase database, StateTables tables, Secret sealing, Secret signer) {
        return new StateCommands(
                Main.NAME,
                Main.class,
                tables,
                TestDatabases.settings(database),
                Optional.of(new MigratorSettings(
                        database.owner().user(), Secret.of(database.owner().password()))),
                new AuditSettings(Duration.ofSeconds(30), Optional.of(root), Optional.of(signer), Duration.ofDays(400)),
                new StateSettings(Optional.of(sealing)));
    }

    Path export(SandboxDatabase database) throws Exception {
        return export(commands(database));
    }

    Path export(StateCommands commands) throws Exception {
        Path directory = root.resolve("export-" + ++exports);
        commands.export(
                Options.parse(StateCommands.EXPORT, List.of("--to", directory.toString())), UUID.randomUUID(), NOW);
        return directory;
    }

    String importInto(SandboxDatabase database, Path directory, String... more) throws Exception {
        return importWith(commands(database), directory, more.length == 0 ? new String[] {"--no-ledger"} : more);
    }

    static String importWith(StateCommands commands, Path directory, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--from", directory.toString()));
        arguments.addAll(List.of(more));
        return commands.importFrom(Options.parse(StateCommands.IMPORT, arguments));
    }

    static JsonNode manifest(Path directory) throws IOException {
        return Json.tree(Files.readAllBytes(directory.resolve("manifest.json")));
    }

    /** What is the same in two exports of the same state: rows, columns and digests of all lines by table, and the sequences. */
    static Map<String, String> content(Path directory) throws IOException {
        JsonNode manifest = manifest(directory);
        Map<String, String> content = new TreeMap<>();
        for (JsonNode file : manifest.path("files")) {
            content.put(
                    file.path("table").asText(),
                    file.path("rows") + " " + file.path("columns") + " " + file.path("sha256"));
        }
        content.put("sequences", manifest.path("sequences").toString());
        return content;
    }

    /** A copy of an export, to be spoiled. */
    Path copy(Path directory) throws IOException {
        Path copy = Files.createDirectory(root.resolve("copy-" + ++exports));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    /** A copy whose manifest says something else, rightly signed. */
    Path rewritten(Path directory, Consumer<ObjectNode> change) throws IOException {
        Path copy = copy(directory);
        ObjectNode manifest = (ObjectNode) manifest(copy);
        change.accept(manifest);
        byte[] document = Json.write(manifest);
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.writeBytes("vitals state export\n".getBytes(StandardCharsets.UTF_8));
        signed.writeBytes(document);
        SignatureKey key = SignatureKey.fromJwk(signing);
        Files.write(copy.resolve("manifest.json"), document);
        Files.write(
                copy.resolve("manifest.sig"),
                Json.write(Map.of("key", key.id(), "signature", key.sign(signed.toByteArray()))));
        return copy;
    }

    /** What the verifier of the audit log says; the exported log has no checkpoints beside it. */
    static String verifyAudit(SandboxDatabase database) throws Exception {
        return AuditVerifyCommand.run(
                Main.NAME,
                TestDatabases.settings(database),
                new AuditSettings(Duration.ofSeconds(30), Optional.empty(), Optional.empty(), Duration.ofDays(400)),
                Options.parse(AuditVerifyCommand.SYNTAX, List.of()),
                NOW);
    }

    static void execute(SandboxDatabase database, String sql) throws SQLException {
        try (Connection owner = database.connectAsOwner();
                Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    static String one(SandboxDatabase database, String query) throws SQLException {
        try (Connection owner = database.connectAsOwner();
                Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /** How many rows a store has in all tables that an export holds. */
    static long rows(SandboxDatabase database, Path export) throws Exception {
        long rows = 0;
        for (JsonNode file : manifest(export).path("files")) {
            rows += Long.parseLong(
                    one(database, "SELECT count(*) FROM " + file.path("table").asText()));
        }
        return rows;
    }

    /** Triggers of any table that stand still. */
    static String disabledTriggers(SandboxDatabase database) throws SQLException {
        return one(database, "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'");
    }
}
