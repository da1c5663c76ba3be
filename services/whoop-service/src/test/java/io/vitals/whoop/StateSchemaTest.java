package io.vitals.whoop;

import io.vitals.kit.state.StateException;
import io.vitals.kit.state.StateTables;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.support.TestDatabases;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Exports and stores of different schemas, and tables that are not decided. */
class StateSchemaTest {
    @TempDir
    private Path root;

    @Test
    void anExportOfTheSchemaBeforeGoesIntoTheNextOneAndNotBack() throws Exception {
        StateScene scene = new StateScene(root);
        SandboxDatabase old = StateRoundTripTest.planted();
        Path export = scene.export(old);
        StateTables next = WhoopState.TABLES.in("added_later");
        SandboxDatabase fresh = StateRoundTripTest.withoutRules();
        migrateOn(fresh, """
                ALTER TABLE workout ADD COLUMN added_default integer NOT NULL DEFAULT 7, ADD COLUMN added_null text;
                CREATE TABLE added_later (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);""");
        StateScene.importWith(scene.commands(fresh, next, scene.keyset, scene.signing), export, "--no-ledger");
        assertThat(StateScene.one(
                        fresh,
                        "SELECT count(*) > 0 AND bool_and(added_default = 7 AND added_null IS NULL) FROM workout"))
                .isEqualTo("t");
        assertThat(StateScene.one(fresh, "SELECT count(*) FROM workout"))
                .isEqualTo(StateScene.one(old, "SELECT count(*) FROM workout"));

        Path newer = scene.export(scene.commands(fresh, next, scene.keyset, scene.signing));
        SandboxDatabase target = StateRoundTripTest.withoutRules();
        assertThatThrownBy(() -> scene.importInto(target, newer))
                .isInstanceOf(StateException.class)
                .hasMessage("manifest.json: schema: is 900, newer than that of this store, 026: import with the"
                        + " release that wrote it, unknown (unknown)");
        assertThat(StateScene.rows(target, export)).isZero();
    }

    @Test
    void aColumnThatARowNeedsIsNotMadeUp() throws Exception {
        StateScene scene = new StateScene(root);
        Path export = scene.export(StateRoundTripTest.planted());
        SandboxDatabase fresh = StateRoundTripTest.withoutRules();
        migrateOn(fresh, "ALTER TABLE workout ADD COLUMN needed integer NOT NULL;");
        assertThatThrownBy(() -> scene.importInto(fresh, export))
                .hasMessage("workout.ndjson.sealed: field needed is missing");
        SandboxDatabase other = StateRoundTripTest.withoutRules();
        migrateOn(other, "ALTER TABLE workout DROP COLUMN strain;");
        assertThatThrownBy(() -> scene.importInto(other, export))
                .hasMessage("workout.ndjson.sealed: field strain is no column of this store");
    }

    /** Every table is decided, or neither command runs. */
    @Test
    void aTableThatNobodyHasDecidedIsRefused() throws Exception {
        StateScene scene = new StateScene(root);
        SandboxDatabase store = TestDatabases.migrated();
        Path export = scene.export(store);
        StateScene.execute(store, "CREATE TABLE forgotten (id integer PRIMARY KEY)");
        String refusal = "table forgotten is neither in an export nor left out of it: decide";
        assertThatThrownBy(() -> scene.export(store))
                .isInstanceOf(StateException.class)
                .hasMessage(refusal);
        assertThatThrownBy(() -> scene.importInto(store, export))
                .isInstanceOf(StateException.class)
                .hasMessage(refusal);
        SandboxDatabase lacking = TestDatabases.migrated();
        StateScene.execute(lacking, "DROP TABLE sync_listed CASCADE");
        assertThatThrownBy(() -> scene.export(lacking)).hasMessageStartingWith("table sync_listed is not in the store");
    }

    private void migrateOn(SandboxDatabase database, String script) throws Exception {
        Path scripts = Files.createTempDirectory(root, "migration");
        Files.writeString(scripts.resolve("V900__next.sql"), script);
        Flyway.configure()
                .dataSource(
                        database.url(),
                        database.owner().user(),
                        database.owner().password())
                .locations("classpath:db/migration", "filesystem:" + scripts)
                .placeholders(Map.of("app_role", database.app().user()))
                .load()
                .migrate();
    }
}
