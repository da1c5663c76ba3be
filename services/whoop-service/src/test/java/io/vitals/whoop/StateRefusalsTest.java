package io.vitals.whoop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.lifecycle.UsageException;
import io.vitals.kit.state.StateException;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.support.Keys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.HexFormat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What an import does not take, each named, and no row of it gets into the store. */
class StateRefusalsTest {
    @TempDir
    private static Path root;

    private static StateScene scene;
    private static SandboxDatabase source;
    private static SandboxDatabase target;
    private static Path export;

    @BeforeAll
    static void start() throws Exception {
        scene = new StateScene(root);
        source = StateRoundTripTest.planted();
        target = StateRoundTripTest.withoutRules();
        export = scene.export(source);
    }

    private static void refused(Path directory, String why) throws Exception {
        assertThatThrownBy(() -> scene.importInto(target, directory))
                .isInstanceOf(StateException.class)
                .hasMessage(why);
        assertThat(StateScene.rows(target, export)).isZero();
    }

    @Test
    void a_copy_that_nobody_has_touched_is_taken() throws Exception {
        Path copy = scene.rewritten(export, manifest -> {});
        assertThat(scene.importInto(StateRoundTripTest.withoutRules(), copy)).contains("rows of 19 tables");
    }

    @Test
    void a_file_in_which_one_bit_is_another() throws Exception {
        for (int place : new int[] {0, 100, -1}) {
            Path copy = scene.copy(export);
            Path file = copy.resolve("sleep.ndjson.sealed");
            byte[] bytes = Files.readAllBytes(file);
            bytes[place < 0 ? bytes.length - 1 : place] ^= 1;
            Files.write(file, bytes);
            refused(copy, "sleep.ndjson.sealed: was changed, its SHA-256 is not that of the manifest");
        }
    }

    @Test
    void a_file_that_was_cut_off_even_if_the_manifest_is_signed_again() throws Exception {
        byte[] bytes = Files.readAllBytes(export.resolve("cycle.ndjson.sealed"));
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 20);
        Path copy = scene.rewritten(
                export,
                manifest -> file(manifest, "cycle")
                        .put("sealed_sha256", HexFormat.of().formatHex(Digests.sha256(shorter))));
        Files.write(copy.resolve("cycle.ndjson.sealed"), shorter);
        refused(copy, "cycle.ndjson.sealed: does not open with the data key of the manifest");
    }

    @Test
    void a_file_in_the_place_of_another() throws Exception {
        Path copy = scene.rewritten(export, manifest -> {
            ObjectNode cycle = file(manifest, "cycle");
            cycle.put(
                    "sealed_sha256",
                    file(manifest, "workout").path("sealed_sha256").asText());
        });
        Files.write(copy.resolve("cycle.ndjson.sealed"), Files.readAllBytes(copy.resolve("workout.ndjson.sealed")));
        refused(copy, "cycle.ndjson.sealed: does not open with the data key of the manifest");
    }

    @Test
    void a_missing_file_and_one_too_many() throws Exception {
        Path without = scene.copy(export);
        Files.delete(without.resolve("body.ndjson.sealed"));
        refused(without, "body.ndjson.sealed: is missing");
        Path more = scene.copy(export);
        Files.writeString(more.resolve("notes.txt"), "x");
        refused(more, "notes.txt: is no file of this export");
        Path unsigned = scene.copy(export);
        Files.delete(unsigned.resolve("manifest.sig"));
        refused(unsigned, "manifest.sig: is missing, so this is no complete export");
        Path nothing = Files.createDirectory(root.resolve("nothing"));
        refused(nothing, "manifest.json: is missing, so this is no complete export");
    }

    @Test
    void a_manifest_that_was_changed_or_signed_by_somebody_else() throws Exception {
        Path copy = scene.copy(export);
        Path manifest = copy.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"rows\":8", "\"rows\":9"));
        refused(copy, "manifest.json: was changed, the signature does not fit");
        Path garbled = scene.copy(export);
        Files.writeString(garbled.resolve("manifest.sig"), "{\"key\":\"health-api-1\"}");
        refused(garbled, "manifest.sig: lacks key or signature");

        Secret other = Keys.caller().privateJwk();
        assertThatThrownBy(() -> StateScene.importWith(
                        scene.commands(target, WhoopState.TABLES, scene.keyset, other), export, "--no-ledger"))
                .hasMessage("manifest.json: was changed, the signature does not fit");
        Secret named = Secret.of(other.reveal().replace("health-api-1", "health-api-2"));
        assertThatThrownBy(() -> StateScene.importWith(
                        scene.commands(target, WhoopState.TABLES, scene.keyset, named), export, "--no-ledger"))
                .hasMessage("manifest.sig: key: is none of those that are trusted");
    }

    @Test
    void counts_and_digests_that_are_not_those_of_the_lines() throws Exception {
        refused(
                scene.rewritten(export, manifest -> file(manifest, "link").put("rows", 7)),
                "link.ndjson.sealed: rows: has 8, and the manifest says 7");
        refused(
                scene.rewritten(export, manifest -> file(manifest, "link").put("sha256", "0".repeat(64))),
                "link.ndjson.sealed: sha256: its lines are not those of the manifest");
    }

    @Test
    void another_service_a_newer_format_and_a_newer_schema() throws Exception {
        refused(
                scene.rewritten(export, manifest -> manifest.put("service", "health-api")),
                "manifest.json: service: is health-api, and this is whoop-service");
        refused(
                scene.rewritten(export, manifest -> manifest.put("format", 2)),
                "manifest.json: format: is 2, and this release reads 1: a newer release wrote it");
        refused(
                scene.rewritten(export, manifest -> manifest.put("schema", "027")),
                "manifest.json: schema: is 027, newer than that of this store, 026: import with the release that wrote"
                        + " it, unknown (unknown)");
    }

    @Test
    void tables_columns_and_sequences_that_do_not_fit() throws Exception {
        refused(
                scene.rewritten(export, manifest -> file(manifest, "link").put("table", "quota")),
                "manifest.json: files: names quota, which is no table that this release imports, or names it twice");
        refused(
                scene.rewritten(export, manifest -> file(manifest, "link").put("table", "../link")),
                "manifest.json: files: names ../link, which is no table that this release imports, or names it twice");
        refused(
                scene.rewritten(export, manifest -> manifest.withArray("files").remove(0)),
                "manifest.json: files: table audit_event is missing");
        refused(
                scene.rewritten(
                        export,
                        manifest -> file(manifest, "link").withArray("columns").remove(0)),
                "link.ndjson.sealed: field access_expires_at is missing");
        refused(
                scene.rewritten(
                        export,
                        manifest -> file(manifest, "link").withArray("columns").add("extra")),
                "link.ndjson.sealed: field extra is no column of this store");
        refused(
                scene.rewritten(
                        export,
                        manifest -> manifest.withObject("/sequences")
                                .putObject("x")
                                .put("value", 1)
                                .put("called", true)),
                "manifest.json: sequences: x is no sequence of this store");
    }

    @Test
    void a_keyset_that_does_not_open_it() {
        assertThatThrownBy(() -> StateScene.importWith(
                        scene.commands(target, WhoopState.TABLES, Keys.keyset(), scene.signing), export, "--no-ledger"))
                .hasMessage("manifest.json: key: state.keyset-file does not open it");
    }

    @Test
    void a_store_that_has_rows_of_its_own() throws Exception {
        SandboxDatabase used = StateRoundTripTest.withoutRules();
        StateScene.execute(used, "INSERT INTO tombstone VALUES (gen_random_uuid(), 1, 'sleep', 'k', now())");
        assertThatThrownBy(() -> scene.importInto(used, export))
                .hasMessage("the store is not empty: table tombstone has rows that are not of this export");
        assertThat(StateScene.rows(used, export)).isEqualTo(1);
    }

    @Test
    void a_store_that_is_in_use() throws Exception {
        SandboxDatabase used = StateRoundTripTest.withoutRules();
        try (Connection writer = used.connectAsApp();
                var statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO tombstone VALUES (gen_random_uuid(), 1, 'sleep', 'k', now())");
            assertThatThrownBy(() -> scene.importInto(used, export))
                    .hasMessage("the store is in use: stop the service first");
            writer.rollback();
        }
    }

    @Test
    void twice_is_once_and_another_export_is_not_put_on_top() throws Exception {
        SandboxDatabase store = StateRoundTripTest.withoutRules();
        scene.importInto(store, export);
        assertThat(scene.importInto(store, export)).endsWith("was imported before: nothing to do");
        assertThat(StateScene.content(scene.export(store))).isEqualTo(StateScene.content(export));
        Path other = scene.export(source);
        assertThatThrownBy(() -> scene.importInto(store, other))
                .hasMessageStartingWith("the store is not empty: table ")
                .hasMessageEndingWith(" has rows that are not of this export");
    }

    @Test
    void the_ledger_is_named_or_said_to_be_absent() throws Exception {
        Path empty = Files.createDirectory(root.resolve("empty-ledger"));
        for (String[] options : new String[][] {
            {}, {"--ledger", "x", "--no-ledger"}, {"--ledger", empty.toString()}, {"--ledger", empty + "/none"}
        }) {
            assertThatThrownBy(() -> StateScene.importWith(scene.commands(target), export, options))
                    .isInstanceOf(UsageException.class);
        }
    }

    @Test
    void an_export_writes_over_nothing_and_leaves_nothing_behind_when_it_fails() throws Exception {
        Path taken = Files.createDirectory(root.resolve("export-taken"));
        Files.writeString(taken.resolve("mine"), "x");
        StateScene into = new StateScene(taken);
        Files.createDirectory(taken.resolve("export-1"));
        Files.writeString(taken.resolve("export-1").resolve("mine"), "x");
        assertThatThrownBy(() -> into.export(source)).hasMessage("--to: the directory is not empty");
        assertThat(taken.resolve("export-1").resolve("mine")).hasContent("x");

        SandboxDatabase broken = StateRoundTripTest.planted();
        // All tables before it are written by then.
        StateScene.execute(
                broken,
                "ALTER TABLE workout ENABLE ROW LEVEL SECURITY; ALTER TABLE workout FORCE ROW LEVEL SECURITY;"
                        + " CREATE POLICY broken ON workout USING (1 / (whoop_user_id - whoop_user_id) = 1)");
        Path left = Files.createDirectory(root.resolve("left"));
        assertThatThrownBy(() -> new StateScene(left).export(broken)).isInstanceOf(StateException.class);
        assertThat(left.resolve("export-1")).isEmptyDirectory();
    }

    private static ObjectNode file(ObjectNode manifest, String table) {
        for (var file : manifest.withArray("files")) {
            if (file.path("table").asText().equals(table)) {
                return (ObjectNode) file;
            }
        }
        throw new AssertionError("no file of " + table);
    }
}
