package io.vitals.health.privacy;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.audit.AuditTrail;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.postgres.CanaryRows;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import static org.assertj.core.api.Assertions.assertThat;

class ErasureTest {
    private static final Erasures.Removed THREE_CYCLES = new Erasures.Removed(true, Map.of("cycle", 3L));

    private static final List<String> NOT_PLANTED = List.of("audit_event", "erasure", "member", "session");

    @TempDir
    private Path directory;

    private Door door;
    private Browser mira;
    private UUID member;

    @BeforeEach
    void open() {
        door = Door.open();
        mira = door.browser();
        mira.signIn("mira");
        member = UUID.fromString(json(mira.get("/api/v1/me")).path("member").asText());
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void nothing_of_the_member_is_left_in_any_table_and_everything_of_others_is() throws Exception {
        Browser jonas = door.browser();
        jonas.signIn("jonas");
        String other = json(jonas.get("/api/v1/me")).path("member").asText();
        List<String> planted = plant(member.toString());
        assertThat(planted).contains("daily_record", "sahha_inbox", "sahha_score", "whoop_day", "consent");
        execute("UPDATE member SET subject = 'canary' WHERE id = '" + member + "'");
        assertThat(found()).contains("member", "daily_record", "sahha_inbox", "sahha_score", "whoop_day", "consent");
        mira.get("/api/v1/users/me/sources");

        HttpResponse<String> answer = mira.page("DELETE", "/api/v1/users/me", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode certificate = json(answer);
        assertThat(certificate.path("state").asText()).isEqualTo("completed");
        assertThat(certificate.path("member").asText()).isEqualTo(member.toString());
        assertThat(certificate.path("removed").path("health_api.daily_record").asInt())
                .isEqualTo(1);
        assertThat(certificate.path("removed").path("whoop_service.cycle").asInt())
                .isEqualTo(3);
        assertThat(found()).isEmpty();
        for (String table : planted) {
            assertThat(strings("SELECT count(*) FROM " + table + " WHERE member = '" + member + "'"))
                    .as(table)
                    .containsExactly("0");
        }
        assertThat(door.forgetting().asked()).containsExactly("sahha " + member, "whoop " + member);
        assertThat(mira.get("/api/v1/me").statusCode())
                .as("the session is over")
                .isEqualTo(401);
        assertThat(jonas.get("/api/v1/me").statusCode()).isEqualTo(200);
        assertThat(strings("SELECT count(*) FROM member WHERE id = '" + other + "'"))
                .containsExactly("1");
        // The log keeps the pseudonym, and its chains are whole.
        assertThat(strings(
                        "SELECT action FROM audit_event WHERE member_id = '" + member + "' ORDER BY id DESC LIMIT 1"))
                .containsExactly("member.erased");
        door.chain().verify();
        assertThat(door.chain().status().orElseThrow().findings()).isZero();
        assertThat(door.registry().counter("data.deletions").count()).isEqualTo(1);
        Browser again = door.browser();
        again.signIn("mira");
        assertThat(json(again.get("/api/v1/me")).path("member").asText())
                .as("a new member who is nobody's successor")
                .isNotEqualTo(member.toString());
    }

    @Test
    void an_erasure_that_has_to_wait_for_whoop_goes_on_until_it_is_done() throws SQLException {
        plant(member.toString());
        door.forgetting().whoopDone(false);
        HttpResponse<String> answer = mira.page("DELETE", "/api/v1/users/me", "");
        assertThat(answer.statusCode()).isEqualTo(202);
        String certificate = answer.headers().firstValue("Location").orElseThrow();
        assertThat(json(mira.get(certificate)).path("state").asText()).isEqualTo("running");
        assertThat(found()).as("own rows do not wait").isEmpty();
        assertThat(door.erasures().step()).as("not at once again").isFalse();
        door.clock().move(Duration.ofSeconds(6));
        door.forgetting().whoopDone(true);
        assertThat(door.erasures().step()).isTrue();
        JsonNode done = json(door.browser().get(certificate));
        assertThat(done.path("state").asText()).isEqualTo("completed");
        assertThat(done.path("removed").path("whoop_service.cycle").asLong())
                .as("said twice, removed once")
                .isEqualTo(3);
        assertThat(door.erasures().step()).isFalse();
        assertThat(door.erasures().request(member).erasure().toString())
                .as("asking again is the same erasure")
                .isEqualTo(done.path("erasure").asText());
        for (String id : List.of("x", UUID.randomUUID().toString())) {
            assertThat(mira.get("/api/v1/erasures/" + id).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void a_step_that_fails_is_done_again_by_whoever_comes_next() throws SQLException {
        plant(member.toString());
        boolean[] failing = {true};
        List<UUID> receipts = new ArrayList<>();
        Erasures.Sources sources = whoopAnswers(receipt -> {
            receipts.add(receipt);
            if (failing[0]) {
                throw new IllegalStateException("whoop-service is away");
            }
            return new Erasures.Removed(true, Map.of());
        });
        Erasures first = erasures(sources);
        UUID id = first.request(member).erasure();
        assertThat(first.step()).isTrue();
        assertThat(first.find(id).orElseThrow().state()).isEqualTo("running");
        failing[0] = false;
        door.clock().move(Duration.ofSeconds(6));
        Erasures second = erasures(sources);
        assertThat(second.step()).isTrue();
        assertThat(second.find(id).orElseThrow().state()).isEqualTo("completed");
        assertThat(receipts).hasSize(2).containsOnly(receipts.getFirst()).doesNotContain(id);
        assertThat(found()).isEmpty();
    }

    @Test
    void while_a_step_waits_for_whoop_nobody_else_begins_it() {
        Erasures other = erasures(whoopAnswers(_ -> THREE_CYCLES));
        Erasures first = erasures(whoopAnswers(_ -> {
            door.clock().move(Duration.ofSeconds(6));
            assertThat(other.step()).isFalse();
            return THREE_CYCLES;
        }));
        UUID id = first.request(member).erasure();
        assertThat(first.step()).isTrue();
        assertThat(first.find(id).orElseThrow().removed()).containsEntry("whoop_service.cycle", 3L);
    }

    @Test
    void who_comes_back_after_another_has_taken_over_changes_nothing() {
        Erasures other = erasures(whoopAnswers(_ -> THREE_CYCLES));
        Erasures first = erasures(whoopAnswers(_ -> {
            door.clock().move(Duration.ofSeconds(31));
            assertThat(other.step()).isTrue();
            return new Erasures.Removed(true, Map.of());
        }));
        UUID id = first.request(member).erasure();
        assertThat(first.step()).isTrue();
        Certificate done = first.find(id).orElseThrow();
        assertThat(done.state()).isEqualTo("completed");
        assertThat(done.removed()).containsEntry("whoop_service.cycle", 3L).containsKey("health_api.session");
    }

    /** Sources of which WHOOP's answers a receipt like this. */
    private static Erasures.Sources whoopAnswers(Function<UUID, Erasures.Removed> answer) {
        return new Erasures.Sources() {
            @Override
            public void endSahha(UUID gone) {}

            @Override
            public Erasures.Removed eraseWhoop(UUID gone, UUID receipt) {
                return answer.apply(receipt);
            }

            @Override
            public void forgotten(UUID gone) {}
        };
    }

    @Test
    void who_writes_meanwhile_writes_into_the_void_and_who_began_before_is_waited_for() throws Exception {
        door.forgetting().whoopDone(true);
        try (Connection early = door.database().connectAsOwner()) {
            early.setAutoCommit(false);
            put(early, "2026-11-20");
            UUID id = door.erasures().request(member).erasure();
            door.erasures().step();
            assertThat(door.erasures().find(id).orElseThrow().state()).isEqualTo("running");
            early.commit();
            door.clock().move(Duration.ofSeconds(6));
            door.erasures().step();
            assertThat(door.erasures().find(id).orElseThrow().state()).isEqualTo("completed");
            put(early, "2026-11-21");
            early.commit();
            assertThat(strings("SELECT count(*) FROM whoop_day")).containsExactly("0");
        }
        assertThat(door.database().database().execute(Sql.named("late", """
                        INSERT INTO rebuild_request (member, local_date, requested_at) VALUES (:member, '2026-11-22', now())
                        """), Params.of("member", member)))
                .isZero();
    }

    private void put(Connection connection, String date) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO whoop_day (member, local_date, version, document, stored_at) VALUES ('"
                    + member + "', '" + date + "', 1, '{}', now())");
        }
    }

    @Test
    void the_ledger_makes_a_restored_backup_forget_again() throws Exception {
        Erasures erasures = new Erasures(
                door.database().database(),
                door.forgetting(),
                door.trail(),
                Optional.of(directory),
                "replica",
                Optional.empty(),
                door.clock(),
                new SecureRandom(),
                new SimpleMeterRegistry());
        erasures.request(member);
        assertThat(erasures.step()).isTrue();
        Path ledger;
        try (var files = Files.list(directory)) {
            ledger = files.toList().getFirst();
        }
        assertThat(Files.readString(ledger)).contains(member.toString()).endsWith("}\n");

        // The backup is from before: it knows the member, and not that they are to be forgotten.
        execute("DELETE FROM erasure");
        execute("INSERT INTO member (id, issuer, subject, created_at) VALUES ('" + member + "', 'i', 'canary', now())");
        plant(member.toString());
        assertThat(found()).contains("member", "daily_record", "sahha_inbox", "whoop_day");
        Files.writeString(ledger, Files.readString(ledger) + "{\"erasure\":\"");
        Database database = door.database().database();
        assertThat(Erasures.replay(database, List.of(ledger), door.clock().instant()))
                .isEqualTo(1);
        assertThat(found()).isEmpty();
        int asked = door.forgetting().asked().size();
        assertThat(erasures.step()).isTrue();
        assertThat(door.forgetting().asked()).hasSize(asked + 2);
        assertThat(strings("SELECT count(*) FROM erasure WHERE completed_at IS NOT NULL"))
                .containsExactly("1");
    }

    @Test
    void every_table_about_persons_is_found_and_guarded() throws SQLException {
        assertThat(strings("""
                        SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
                           AND col_description(c.oid, a.attnum) ~ '^(personal|health):'
                           AND c.relname NOT IN ('audit_event', 'erasure', 'rate_bucket')
                           AND c.relname NOT IN (SELECT name FROM personal_tables())"""))
                .as("a table about persons says whose a row is in a column named member")
                .isEmpty();
        assertThat(strings("""
                        SELECT t.name FROM personal_tables() t
                         WHERE t.name <> 'member'
                           AND NOT EXISTS (SELECT FROM pg_trigger g
                                            WHERE g.tgrelid = quote_ident(t.name)::regclass AND g.tgname = 'forget_erased')
                           AND NOT EXISTS (SELECT FROM pg_constraint f
                                            WHERE f.conrelid = quote_ident(t.name)::regclass AND f.contype = 'f'
                                              AND f.confrelid = 'member'::regclass)"""))
                .as("its migration calls guard_against_erased, or refers to member")
                .isEmpty();
    }

    private Erasures erasures(Erasures.Sources sources) {
        return new Erasures(
                door.database().database(),
                sources,
                new AuditTrail(door.database().database(), new SimpleMeterRegistry()),
                Optional.empty(),
                "replica",
                Optional.empty(),
                door.clock(),
                new SecureRandom(),
                new SimpleMeterRegistry());
    }

    private List<String> plant(String of) throws SQLException {
        try (Connection owner = door.database().connectAsOwner()) {
            return CanaryRows.plant(owner, Map.of("member", "'" + of + "'", "formula_version", "'1'"), NOT_PLANTED);
        }
    }

    private List<String> found() throws SQLException {
        try (Connection owner = door.database().connectAsOwner()) {
            return CanaryRows.found(owner);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection owner = door.database().connectAsOwner();
                Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> strings(String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection owner = door.database().connectAsOwner();
                Statement statement = owner.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    }
}
