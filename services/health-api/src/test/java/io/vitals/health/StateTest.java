package io.vitals.health;

import io.vitals.health.testing.HealthDatabase;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.Identity;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The store of health-api, exported, lost and imported, by the commands as they are called. */
class StateTest {
    @TempDir
    private Path root;

    private StateScene scene;

    @BeforeEach
    void start() throws Exception {
        scene = new StateScene(root);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void what_keeps_every_rule_of_the_schema_comes_back_byte_for_byte() throws Exception {
        HealthDatabase old = scene.opened();
        for (UUID member : StateScene.MEMBERS) {
            for (String row : RowLevelSecurityTest.ROWS) {
                old.database().execute(Sql.named("row", row), Params.of("member", member));
            }
        }
        StateScene.audited(old);
        Path first = scene.export(old);
        HealthDatabase fresh = scene.opened();
        assertThat(scene.run(fresh, "import", "--from", first.toString(), "--no-ledger"))
                .isZero();

        assertThat(StateScene.content(scene.export(fresh))).isEqualTo(StateScene.content(first));
        assertThat(scene.run(fresh, "audit", "verify")).isZero();
        assertThat(StateScene.one(fresh, "SELECT count(*) FROM daily_record")).isEqualTo("6");
        assertThat(StateScene.one(fresh, "SELECT count(*) FROM session"))
                .as("members sign in again")
                .isEqualTo("0");
        assertThat(StateScene.one(fresh, "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'"))
                .isEqualTo("0");
        assertThat(StateScene.one(fresh, "SELECT nextval('daily_change') > (SELECT max(version) FROM daily_record)"))
                .isEqualTo("t");
    }

    @Test
    void any_value_of_any_column_of_every_table_comes_back_byte_for_byte() throws Exception {
        HealthDatabase old = scene.planted();
        Path first = scene.export(old);
        Map<String, String> content = StateScene.content(first);
        content.forEach((table, what) -> assertThat(what).as(table).doesNotStartWith("0 "));
        assertThat(content).hasSize(HEALTH_TABLES + 1);
        HealthDatabase fresh = scene.withoutRules();
        assertThat(scene.run(fresh, "import", "--from", first.toString(), "--no-ledger"))
                .isZero();

        assertThat(StateScene.content(scene.export(fresh))).isEqualTo(content);
        for (String left : List.of("session", "login_attempt", "feed_cursor", "sahha_token", "rate_bucket")) {
            assertThat(StateScene.one(old, "SELECT count(*) FROM " + left))
                    .as(left)
                    .isEqualTo("6");
            assertThat(StateScene.one(fresh, "SELECT count(*) FROM " + left))
                    .as(left)
                    .isEqualTo("0");
        }
        assertThat(StateScene.one(old, "SELECT count(barrier) > 0 FROM erasure"))
                .isEqualTo("t");
        assertThat(StateScene.one(fresh, "SELECT count(barrier) FROM erasure")).isEqualTo("0");
        assertThat(scene.run(fresh, "import", "--from", first.toString(), "--no-ledger"))
                .as("twice is once")
                .isZero();
        Map<String, String> again = StateScene.content(scene.export(fresh));
        // The export before has made an entry.
        for (String log : List.of("audit_event", "sequences")) {
            again.put(log, String.valueOf(content.get(log)));
        }
        assertThat(again).isEqualTo(content);
        // The control: one that is not empty, and that this export has not filled.
        assertThat(scene.run(old, "import", "--from", first.toString(), "--no-ledger"))
                .isEqualTo(1);
        assertThat(scene.told()).contains("health-api: the store is not empty: table ");
    }

    /** Tables of an export: what {@link HealthState} has in it. */
    private static final int HEALTH_TABLES = 14;

    @Test
    void whom_the_ledger_or_the_store_knows_as_erased_does_not_come_back() throws Exception {
        Path export = scene.export(scene.planted());
        UUID byLedger = StateScene.MEMBERS.get(0);
        UUID byStore = StateScene.MEMBERS.get(1);
        Path ledger = Files.createDirectory(root.resolve("ledger"));
        Files.writeString(
                ledger.resolve("health-api-run.erasures.jsonl"),
                "{\"erasure\":\"" + UUID.randomUUID() + "\",\"member\":\"" + byLedger
                        + "\",\"requested_at\":\"2026-11-22T05:06:07Z\"}\n");
        HealthDatabase fresh = scene.withoutRules();
        fresh.asOwner("INSERT INTO erasure (id, pseudonym, requested_at, due_at) VALUES (gen_random_uuid(), '" + byStore
                + "', now(), now())");
        assertThat(scene.run(fresh, "import", "--from", export.toString(), "--ledger", ledger.toString()))
                .isZero();
        assertThat(scene.told()).contains("; 2 members of the ledger forgotten again");

        assertThat(StateScene.left(fresh, byLedger)).isEqualTo("0");
        assertThat(StateScene.left(fresh, byStore)).isEqualTo("0");
        assertThat(StateScene.left(fresh, StateScene.MEMBERS.get(2)))
                .as("the others are there")
                .isNotEqualTo("0");
        assertThat(StateScene.one(fresh, "SELECT count(*) FROM erasure"))
                .as("of the export and its own")
                .isEqualTo("7");
        assertThat(StateScene.one(
                        fresh, "SELECT completed_at IS NULL FROM erasure WHERE pseudonym = '" + byStore + "'"))
                .as("its own, which is still to be done, holds")
                .isEqualTo("t");
        assertThat(scene.run(fresh, "audit", "verify")).isZero();
        // The control: without either they would be back.
        HealthDatabase remembering = scene.withoutRules();
        assertThat(scene.run(remembering, "import", "--from", export.toString(), "--no-ledger"))
                .isZero();
        assertThat(StateScene.left(remembering, byLedger)).isNotEqualTo("0");
        assertThat(StateScene.left(remembering, byStore)).isNotEqualTo("0");
    }

    @Test
    void the_worker_transfer_gets_the_application_nothing() throws Exception {
        HealthDatabase health = scene.planted();
        for (String table : List.of("member", "daily_record", "sahha_score", "consent", "api_key")) {
            assertThat(StateScene.one(health, "SELECT count(*) FROM " + table))
                    .as(table)
                    .isEqualTo("6");
            assertThat(Identity.worker("transfer")
                            .call(() -> health.raw()
                                    .first(
                                            Sql.named("seen", "SELECT count(*) AS n FROM " + table),
                                            Params.none(),
                                            row -> row.longValue("n"))))
                    .as(table)
                    .contains(0L);
        }
        for (String statement : List.of(
                "SELECT count(*) FROM state_import",
                "INSERT INTO state_import (export) VALUES (gen_random_uuid())",
                "ALTER TABLE audit_event DISABLE TRIGGER audit_event_link",
                "INSERT INTO whoop_day VALUES ('" + StateScene.MEMBERS.get(0) + "', '2020-01-01', 1, '{}', now())")) {
            assertThatThrownBy(() -> Identity.worker("transfer")
                            .call(() -> health.raw().execute(Sql.named("forbidden", statement), Params.none())))
                    .as(statement)
                    .isInstanceOf(DatabaseException.class);
        }
    }

    @Test
    void a_later_table_is_seen_by_the_commands_and_has_to_be_decided() throws Exception {
        HealthDatabase health = scene.opened();
        health.asOwner("CREATE TABLE added_later (member uuid PRIMARY KEY); CALL protect_rows('added_later')");
        assertThat(StateScene.one(
                        health,
                        "SELECT count(*) FROM pg_policy WHERE polname = 'worker_transfer'"
                                + " AND polrelid = CAST('added_later' AS regclass)"))
                .isEqualTo("1");
        assertThat(scene.run(health, "export", "--to", root.resolve("undecided").toString()))
                .isEqualTo(1);
        assertThat(scene.told()).contains("table added_later is neither in an export nor left out of it");
    }

    @Test
    void nothing_of_the_rows_is_told_and_what_is_missing_is_named() throws Exception {
        HealthDatabase health = scene.planted();
        Path export = scene.export(health);
        HealthDatabase strict = scene.opened();
        assertThat(scene.run(strict, "import", "--from", export.toString(), "--no-ledger"))
                .as("rules that the made-up values do not keep")
                .isEqualTo(1);
        String all = scene.told();
        assertThat(all)
                .contains(".ndjson.sealed: a row is refused by the database (23514)")
                .doesNotContain("spaces around", "double", "00000000-0000-4000-8000");
        assertThat(scene.run(health, "export")).isEqualTo(2);
        assertThat(scene.run(health, "import", "--from", export.toString())).isEqualTo(2);
        scene.forgetKeyset();
        assertThat(scene.run(health, "export", "--to", root.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(scene.told())
                .contains(
                        "export: --to is missing",
                        "import: one of --ledger and --no-ledger is needed",
                        "state.keyset-file: is missing");
    }
}
