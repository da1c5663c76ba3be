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
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.Identity;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.postgres.AnyRows;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The store of health-api, exported, lost and imported, by the commands as they are called. */
class StateTest {
    private static final List<UUID> MEMBERS =
            IntStream.rangeClosed(1, 6).mapToObj(i -> new UUID(0x4000L, i)).toList();
    private static final Set<String> NOT_PLANTED = Set.of("flyway_schema_history", "state_import", "audit_event");

    @TempDir
    private Path root;

    private final List<HealthDatabase> opened = new ArrayList<>();
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private OctetKeyPair key;
    private String keyset;
    private int exports;

    @BeforeEach
    void keys() throws JOSEException, IOException {
        key = new OctetKeyPairGenerator(Curve.Ed25519).keyID("audit-1").generate();
        keyset = Files.writeString(root.resolve("state-keyset"), Keysets.fresh().reveal())
                .toString();
    }

    @AfterEach
    void close() {
        opened.forEach(HealthDatabase::close);
    }

    @Test
    void what_keeps_every_rule_of_the_schema_comes_back_byte_for_byte() throws Exception {
        HealthDatabase old = opened();
        for (UUID member : MEMBERS) {
            for (String row : RowLevelSecurityTest.ROWS) {
                old.database().execute(Sql.named("row", row), Params.of("member", member));
            }
        }
        audited(old);
        Path first = export(old);
        HealthDatabase fresh = opened();
        assertThat(run(fresh, "import", "--from", first.toString(), "--no-ledger"))
                .isZero();

        assertThat(content(export(fresh))).isEqualTo(content(first));
        assertThat(run(fresh, "audit", "verify")).isZero();
        assertThat(one(fresh, "SELECT count(*) FROM daily_record")).isEqualTo("6");
        assertThat(one(fresh, "SELECT count(*) FROM session"))
                .as("members sign in again")
                .isEqualTo("0");
        assertThat(one(fresh, "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'"))
                .isEqualTo("0");
        assertThat(one(fresh, "SELECT nextval('daily_change') > (SELECT max(version) FROM daily_record)"))
                .isEqualTo("t");
    }

    @Test
    void any_value_of_any_column_of_every_table_comes_back_byte_for_byte() throws Exception {
        HealthDatabase old = planted();
        Path first = export(old);
        Map<String, String> content = content(first);
        content.forEach((table, what) -> assertThat(what).as(table).doesNotStartWith("0 "));
        assertThat(content).hasSize(HEALTH_TABLES + 1);
        HealthDatabase fresh = withoutRules();
        assertThat(run(fresh, "import", "--from", first.toString(), "--no-ledger"))
                .isZero();

        assertThat(content(export(fresh))).isEqualTo(content);
        for (String left : List.of("session", "login_attempt", "feed_cursor", "sahha_token", "rate_bucket")) {
            assertThat(one(old, "SELECT count(*) FROM " + left)).as(left).isEqualTo("6");
            assertThat(one(fresh, "SELECT count(*) FROM " + left)).as(left).isEqualTo("0");
        }
        assertThat(one(old, "SELECT count(barrier) > 0 FROM erasure")).isEqualTo("t");
        assertThat(one(fresh, "SELECT count(barrier) FROM erasure")).isEqualTo("0");
        assertThat(run(fresh, "import", "--from", first.toString(), "--no-ledger"))
                .as("twice is once")
                .isZero();
        Map<String, String> again = content(export(fresh));
        // The export before has made an entry.
        for (String log : List.of("audit_event", "sequences")) {
            again.put(log, String.valueOf(content.get(log)));
        }
        assertThat(again).isEqualTo(content);
        // The control: one that is not empty, and that this export has not filled.
        assertThat(run(old, "import", "--from", first.toString(), "--no-ledger"))
                .isEqualTo(1);
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("health-api: the store is not empty: table ");
    }

    /** Tables of an export: what {@link HealthState} has in it. */
    private static final int HEALTH_TABLES = 14;

    @Test
    void whom_the_ledger_or_the_store_knows_as_erased_does_not_come_back() throws Exception {
        Path export = export(planted());
        UUID byLedger = MEMBERS.get(0);
        UUID byStore = MEMBERS.get(1);
        Path ledger = Files.createDirectory(root.resolve("ledger"));
        Files.writeString(
                ledger.resolve("health-api-run.erasures.jsonl"),
                "{\"erasure\":\"" + UUID.randomUUID() + "\",\"member\":\"" + byLedger
                        + "\",\"requested_at\":\"2026-11-22T05:06:07Z\"}\n");
        HealthDatabase fresh = withoutRules();
        fresh.asOwner("INSERT INTO erasure (id, pseudonym, requested_at, due_at) VALUES (gen_random_uuid(), '" + byStore
                + "', now(), now())");
        assertThat(run(fresh, "import", "--from", export.toString(), "--ledger", ledger.toString()))
                .isZero();
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("; 2 members of the ledger forgotten again");

        assertThat(left(fresh, byLedger)).isEqualTo("0");
        assertThat(left(fresh, byStore)).isEqualTo("0");
        assertThat(left(fresh, MEMBERS.get(2))).as("the others are there").isNotEqualTo("0");
        assertThat(one(fresh, "SELECT count(*) FROM erasure"))
                .as("of the export and its own")
                .isEqualTo("7");
        assertThat(one(fresh, "SELECT completed_at IS NULL FROM erasure WHERE pseudonym = '" + byStore + "'"))
                .as("its own, which is still to be done, holds")
                .isEqualTo("t");
        assertThat(run(fresh, "audit", "verify")).isZero();
        // The control: without either they would be back.
        HealthDatabase remembering = withoutRules();
        assertThat(run(remembering, "import", "--from", export.toString(), "--no-ledger"))
                .isZero();
        assertThat(left(remembering, byLedger)).isNotEqualTo("0");
        assertThat(left(remembering, byStore)).isNotEqualTo("0");
    }

    @Test
    void the_worker_transfer_gets_the_application_nothing() throws Exception {
        HealthDatabase health = planted();
        for (String table : List.of("member", "daily_record", "sahha_score", "consent", "api_key")) {
            assertThat(one(health, "SELECT count(*) FROM " + table)).as(table).isEqualTo("6");
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
                "INSERT INTO whoop_day VALUES ('" + MEMBERS.get(0) + "', '2020-01-01', 1, '{}', now())")) {
            assertThatThrownBy(() -> Identity.worker("transfer")
                            .call(() -> health.raw().execute(Sql.named("forbidden", statement), Params.none())))
                    .as(statement)
                    .isInstanceOf(DatabaseException.class);
        }
    }

    @Test
    void a_later_table_is_seen_by_the_commands_and_has_to_be_decided() throws Exception {
        HealthDatabase health = opened();
        health.asOwner("CREATE TABLE added_later (member uuid PRIMARY KEY); CALL protect_rows('added_later')");
        assertThat(one(
                        health,
                        "SELECT count(*) FROM pg_policy WHERE polname = 'worker_transfer'"
                                + " AND polrelid = CAST('added_later' AS regclass)"))
                .isEqualTo("1");
        assertThat(run(health, "export", "--to", root.resolve("undecided").toString()))
                .isEqualTo(1);
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("table added_later is neither in an export nor left out of it");
    }

    @Test
    void nothing_of_the_rows_is_told_and_what_is_missing_is_named() throws Exception {
        HealthDatabase health = planted();
        Path export = export(health);
        HealthDatabase strict = opened();
        assertThat(run(strict, "import", "--from", export.toString(), "--no-ledger"))
                .as("rules that the made-up values do not keep")
                .isEqualTo(1);
        String all = told.toString(StandardCharsets.UTF_8);
        assertThat(all)
                .contains(".ndjson.sealed: a row is refused by the database (23514)")
                .doesNotContain("spaces around", "double", "00000000-0000-4000-8000");
        assertThat(run(health, "export")).isEqualTo(2);
        assertThat(run(health, "import", "--from", export.toString())).isEqualTo(2);
        keyset = "";
        assertThat(run(health, "export", "--to", root.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains(
                        "export: --to is missing",
                        "import: one of --ledger and --no-ledger is needed",
                        "state.keyset-file: is missing");
    }

    private HealthDatabase opened() {
        HealthDatabase health = HealthDatabase.start();
        opened.add(health);
        return health;
    }

    private HealthDatabase withoutRules() throws SQLException {
        HealthDatabase health = opened();
        try (Connection owner = health.connectAsOwner()) {
            AnyRows.dropRules(owner);
        }
        return health;
    }

    /** Hard values in every table, and a log that the trigger has linked. */
    private HealthDatabase planted() throws SQLException {
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

    private static void audited(HealthDatabase health) {
        AuditLog log = new AuditLog(new SimpleMeterRegistry());
        for (UUID member : MEMBERS) {
            log.append(
                    health.raw(), AuditEvent.of("days.read", "member", member).withPurpose("own_access"));
        }
    }

    private Path export(HealthDatabase health) throws Exception {
        Path directory = root.resolve("export-" + ++exports);
        assertThat(run(health, "export", "--to", directory.toString())).isZero();
        return directory;
    }

    /** The exit code; what was printed is kept. */
    private int run(HealthDatabase health, String... arguments) throws IOException {
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

    private static Map<String, String> content(Path directory) throws IOException {
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

    private static String one(HealthDatabase health, String query) throws SQLException {
        try (Connection owner = health.connectAsOwner();
                var statement = owner.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private static String left(HealthDatabase health, UUID member) throws SQLException {
        return one(health, "SELECT personal_left('" + member + "')");
    }
}
