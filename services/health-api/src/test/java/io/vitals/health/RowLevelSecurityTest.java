package io.vitals.health;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.audit.AuditTrail;
import io.vitals.health.daily.Daily;
import io.vitals.health.daily.DailyRecords;
import io.vitals.health.keys.ApiKeys;
import io.vitals.health.privacy.Consents;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.MovableClock;
import io.vitals.health.testing.StubWhoop;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.Identity;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the database shows to whom, whatever the code above it asks for. */
class RowLevelSecurityTest {
    private static final int CALLS = Integer.getInteger("vitals.cross-member.calls", 3000);
    private static final LocalDate DATE = LocalDate.of(2026, 11, 22);
    private static final List<UUID> MEMBERS =
            IntStream.rangeClosed(1, 8).mapToObj(i -> new UUID(0x4000L, i)).toList();
    private static final UUID MIRA = MEMBERS.getFirst();
    private static final UUID JONAS = MEMBERS.get(1);

    /** One row of a member in each table that has any. */
    static final List<String> ROWS = List.of(
            "INSERT INTO member VALUES (:member, 'issuer', CAST(:member AS text), now())",
            "INSERT INTO session VALUES (sha256(CAST(CAST(:member AS text) AS bytea)), :member, 'x', now(), now(), now(), now() + interval '1 day')",
            "INSERT INTO consent (member, purpose, granted, version, decided_at) VALUES (:member, 'health_data', true, '1', now())",
            "INSERT INTO api_key (id, member, name, hint, hash, scopes, lifetime_days, created_at, expires_at)"
                    + " VALUES (gen_random_uuid(), :member, 'k', 'vitals_ab', sha256(CAST(CAST(:member AS text) AS bytea)), '{days:read}', 1, now(), now() + interval '1 day')",
            "INSERT INTO sahha_profile (member, state, consented_at, due_at) VALUES (:member, 'active', now(), now())",
            "INSERT INTO sahha_inbox (dedupe_key, event_type, member, body, received_at, due_at)"
                    + " VALUES (sha256(CAST(CAST(:member AS text) AS bytea)), 't', :member, 'x', now(), now())",
            "INSERT INTO sahha_score VALUES (:member, '2026-11-22', 'readiness', 'r', 50, 'high', now(), '+00:00', now(), now(), '{}')",
            "INSERT INTO sahha_biomarker VALUES (:member, '2026-11-22', 'steps', 'r', 'activity', 1, '', now(), now(), '+00:00', now(), now(), '{}')",
            "INSERT INTO sahha_session VALUES (:member, now(), 'running', '2026-11-22', 'r', now(), '+00:00', now(), now(), '{}')",
            "INSERT INTO daily_record VALUES (:member, '2026-11-22', nextval('daily_change'), '{}', 'x', '1', 0, false, NULL, now())",
            "INSERT INTO whoop_day VALUES (:member, '2026-11-22', 1, '{}', now())",
            "INSERT INTO source_state VALUES (:member, 'whoop', 'active', true, false, NULL, nextval('daily_change'), now())",
            "INSERT INTO rebuild_request (member, local_date, requested_at) VALUES (:member, '2026-11-22', now())");

    private static final List<String> TABLES = List.of(
            "session",
            "consent",
            "api_key",
            "sahha_profile",
            "sahha_inbox",
            "sahha_score",
            "sahha_biomarker",
            "sahha_session",
            "daily_record",
            "whoop_day",
            "source_state",
            "rebuild_request");

    private static HealthDatabase health;
    private static Database raw;

    @BeforeAll
    static void start() {
        health = HealthDatabase.start();
        raw = health.raw();
        for (UUID member : MEMBERS) {
            for (String row : ROWS) {
                health.database().execute(Sql.named("row", row), Params.of("member", member));
            }
        }
    }

    @AfterAll
    static void stop() {
        health.close();
    }

    @Test
    void withoutAnybodySetNothingIsThere() {
        for (String table : TABLES) {
            assertThat(count(health.database(), table))
                    .as("the rows exist in %s", table)
                    .isEqualTo(MEMBERS.size());
            assertThat(count(raw, table)).as(table).isZero();
            assertThat(health.seenByOwner("SELECT count(*) FROM " + table))
                    .as("owner on %s", table)
                    .containsExactly("0");
        }
        assertThat(raw.list(Sql.named("members", "SELECT id FROM member"), Params.none(), row -> row.uuid("id")))
                .isEmpty();
    }

    @Test
    void aMemberSeesTheirOwnRowsAndNoOthers() {
        for (String table : TABLES) {
            List<UUID> seen = Identity.member(MIRA)
                    .call(() -> raw.list(
                            Sql.named("seen", "SELECT member FROM " + table),
                            Params.none(),
                            row -> row.uuid("member")));
            assertThat(seen).as(table).containsExactly(MIRA);
        }
    }

    @Test
    void aMemberCanNeitherChangeNorRemoveNorAddSomebodyElsesRows() {
        for (String table : TABLES) {
            Params jonas = Params.of("member", JONAS);
            if (!table.equals("api_key")) {
                assertThatThrownBy(() -> Identity.member(MIRA)
                                .call(() -> raw.execute(
                                        Sql.named("give", "UPDATE " + table + " SET member = :member"), jonas)))
                        .as(table)
                        .isInstanceOf(DatabaseException.class);
            }
            if (!table.equals("consent")) {
                assertThat(Identity.member(MIRA)
                                .<Long, RuntimeException>call(() -> raw.execute(
                                        Sql.named("remove", "DELETE FROM " + table + " WHERE member = :member"),
                                        jonas)))
                        .as(table)
                        .isZero();
            }
        }
        for (String row : ROWS) {
            assertThatThrownBy(() -> Identity.member(MIRA)
                            .call(() -> raw.execute(Sql.named("add", row), Params.of("member", new UUID(9, 9)))))
                    .as(row)
                    .isInstanceOf(DatabaseException.class);
        }
        assertThat(count(health.database(), "daily_record")).isEqualTo(MEMBERS.size());
    }

    @Test
    void aPooledConnectionCarriesNobody() throws Exception {
        for (int i = 0; i < 50; i++) {
            UUID member = MEMBERS.get(i % MEMBERS.size());
            assertThat(Identity.member(member).<Long, RuntimeException>call(() -> count(raw, "daily_record")))
                    .isOne();
            assertThat(count(raw, "daily_record")).isZero();
            assertThatThrownBy(() -> Identity.member(member)
                            .call(() -> raw.transaction(tx -> {
                                throw new IllegalStateException("broken off");
                            })))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(count(raw, "daily_record")).isZero();
        }
    }

    @Test
    void aWorkerSeesTheTablesThatNameItOnly() {
        Database consents = raw.as(Workers.CONSENTS);
        assertThat(count(consents, "consent")).isEqualTo(MEMBERS.size());
        for (String table : List.of("session", "api_key", "daily_record", "sahha_score", "whoop_day")) {
            assertThat(count(consents, table)).as(table).isZero();
        }
        assertThat(count(raw.as(Workers.PROJECTOR), "api_key")).isZero();
        assertThat(count(raw.as(Workers.DOOR), "daily_record")).isZero();
        assertThat(count(raw.as(Workers.SAHHA), "session")).isZero();
        assertThat(count(raw.as(Identity.worker("nobody")), "daily_record")).isZero();
        assertThat(count(raw.as(Identity.worker("")), "daily_record")).isZero();
    }

    /** What an admin may see stands in views; naming their worker opens no table, and the views name no health data. */
    @Test
    void adminsSeeTheirViewsAndNoTable() {
        Database admin = raw.as(Identity.worker("admin"));
        for (String table : TABLES) {
            assertThat(count(admin, table)).as(table).isZero();
        }
        assertThat(count(admin, "member")).isZero();
        assertThat(count(admin, "admin_member")).isEqualTo(MEMBERS.size());
        assertThat(count(raw, "admin_member")).isZero();
        assertThat(Identity.member(MIRA).<Long, RuntimeException>call(() -> count(raw, "admin_member")))
                .as("a member sees themselves at the most")
                .isEqualTo(1);
        assertThat(health.database().list(Sql.named("shown", """
                                SELECT column_name AS name FROM information_schema.columns
                                 WHERE table_schema = 'public' AND table_name IN ('admin_member', 'admin_dead_letter')
                                """), Params.none(), row -> row.string("name")))
                .containsExactlyInAnyOrder(
                        "member",
                        "created_at",
                        "whoop",
                        "sahha",
                        "id",
                        "event_type",
                        "outcome",
                        "attempts",
                        "received_at");
    }

    @Test
    void aRequestsMemberGoesBeforeTheWorkerOfThePartThatServesIt() {
        Database projector = raw.as(Workers.PROJECTOR);
        assertThat(count(projector, "daily_record")).isEqualTo(MEMBERS.size());
        assertThat(Identity.member(MIRA).<Long, RuntimeException>call(() -> count(projector, "daily_record")))
                .isOne();
    }

    @Test
    void repositoriesAskedForSomebodyElseGiveNothing() {
        MovableClock clock = new MovableClock();
        DailyRecords daily = new Daily(
                        raw.as(Workers.PROJECTOR),
                        new StubWhoop(),
                        clock,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(2),
                        new SimpleMeterRegistry(),
                        Tracer.noOp())
                .records();
        Consents consents = new Consents(
                raw.as(Workers.CONSENTS),
                new NoEffects(),
                new AuditTrail(raw, new SimpleMeterRegistry()),
                clock,
                new SimpleMeterRegistry());
        ApiKeys keys = new ApiKeys(raw.as(Workers.DOOR), clock, new SecureRandom());
        Random random = new Random(20_261_122);
        int own = 0;
        for (int i = 0; i < CALLS; i++) {
            UUID asker = MEMBERS.get(random.nextInt(MEMBERS.size()));
            UUID asked = MEMBERS.get(random.nextInt(MEMBERS.size()));
            int method = random.nextInt(7);
            boolean found = Identity.member(asker).<Boolean, RuntimeException>call(() -> switch (method) {
                case 0 -> daily.day(asked, DATE).isPresent();
                case 1 -> !daily.range(asked, DATE, DATE, 1).etag().equals("\"p0\"");
                case 2 -> daily.newestChange(asked) > 0;
                case 3 -> !daily.changesSince(asked, 0).isEmpty();
                case 4 -> consents.granted(asked, Consents.Purpose.HEALTH_DATA);
                case 5 -> !consents.history(asked).isEmpty();
                default -> !keys.of(asked).isEmpty();
            });
            assertThat(found).as("method %s", method).isEqualTo(asker.equals(asked));
            own += asker.equals(asked) ? 1 : 0;
        }
        assertThat(own).as("calls for oneself, which found what is there").isPositive();
    }

    private record NoEffects() implements Consents.Effects {
        @Override
        public void granted(UUID member) {}

        @Override
        public void withdrawn(UUID member) {}
    }

    private static long count(Database database, String table) {
        return database.first(
                        Sql.named("count", "SELECT count(*) AS n FROM " + table),
                        Params.none(),
                        row -> row.longValue("n"))
                .orElseThrow();
    }
}
