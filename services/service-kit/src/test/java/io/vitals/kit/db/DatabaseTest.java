package io.vitals.kit.db;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.deadline.Deadline;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DatabaseTest {
    private static final Sql CREATE = Sql.named(
            "create",
            "CREATE TABLE IF NOT EXISTS thing (id uuid PRIMARY KEY, at timestamptz, day date, doc jsonb, raw bytea,"
                    + " score double precision, tags text[])");
    private static final Sql INSERT = Sql.named(
            "insert-thing",
            "INSERT INTO thing (id, at, day, doc, raw, score, tags)"
                    + " VALUES (:id, :at, :day, CAST(:doc AS jsonb), :raw, :score, :tags)");
    private static final Sql SELECT = Sql.named("select-thing", "SELECT * FROM thing WHERE id = :id");
    private static final Sql SELECT_ANY = Sql.named("select-things", "SELECT id FROM thing WHERE id = ANY(:ids)");
    private static final Sql COUNT = Sql.named("count", "SELECT count(*) AS n FROM thing WHERE id = :id");

    private static final String SAID = """
            SELECT coalesce(current_setting('vitals.member', true), '') || '|'
                || coalesce(current_setting('vitals.worker', true), '')""";
    private static final Sql WHO = Sql.named("who", SAID + " AS who");

    private static EmbeddedPostgres postgres;
    private static final SimpleMeterRegistry REGISTRY = new SimpleMeterRegistry();
    private static Database database;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        database = Database.open(
                new DatabaseSettings(postgres.getJdbcUrl("postgres", "postgres"), "postgres", Secret.of("postgres"), 3),
                "test",
                REGISTRY);
        database.execute(CREATE, Params.none());
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    @Test
    void everyTypeSurvivesTheRoundTrip() {
        UUID id = UUID.randomUUID();
        Instant at = Instant.parse("2026-11-22T05:06:07.123456Z");
        database.execute(
                INSERT,
                Params.of(
                        "id",
                        id,
                        "at",
                        at,
                        "day",
                        LocalDate.of(2026, 11, 22),
                        "doc",
                        "{\"a\": 1}",
                        "raw",
                        new byte[] {1, 2},
                        "score",
                        0.0,
                        "tags",
                        new String[] {"x", "y"}));
        Row row = database.first(SELECT, Params.of("id", id), r -> r).orElseThrow();
        assertThat(row.uuid("id")).isEqualTo(id);
        assertThat(row.instant("at")).isEqualTo(at);
        assertThat(row.localDate("day")).isEqualTo(LocalDate.of(2026, 11, 22));
        assertThat(row.string("doc")).isEqualTo("{\"a\": 1}");
        assertThat(row.bytes("raw")).containsExactly(1, 2);
        assertThat(row.doubleValue("score")).isZero();
        assertThat(row.strings("tags")).containsExactly("x", "y");
    }

    @Test
    void aStatementEndsWithTheRequestItServes() {
        Sql sleep = Sql.named("sleep", "SELECT 1 AS one FROM pg_sleep(CAST(:seconds AS double precision))");
        Deadline.within(
                Duration.ofMillis(300),
                () -> assertThatThrownBy(() -> database.first(sleep, Params.of("seconds", 8.0), r -> r))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(DatabaseException.Kind.TIMEOUT)));
        Deadline.within(
                Duration.ZERO,
                () -> assertThatThrownBy(() -> database.first(sleep, Params.of("seconds", 0.0), r -> r))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(DatabaseException.Kind.TIMEOUT)));
        // The control: within its time, and afterwards on the same connection, it is left alone.
        Deadline.within(
                Duration.ofMinutes(1),
                () -> assertThat(database.first(sleep, Params.of("seconds", 0.01), r -> r))
                        .isPresent());
        assertThat(database.first(sleep, Params.of("seconds", 0.5), r -> r)).isPresent();
    }

    @Test
    void nullIsNotZero() {
        UUID id = UUID.randomUUID();
        insertEmpty(database, id);
        Row row = database.first(SELECT, Params.of("id", id), r -> r).orElseThrow();
        assertThat(row.doubleOrNull("score")).isNull();
        assertThat(row.instantOrNull("at")).isNull();
        assertThatThrownBy(() -> row.doubleValue("score")).hasMessageContaining("score");
    }

    @Test
    void arraysOfIdsWork() {
        UUID a = UUID.randomUUID();
        UUID b = UUID.randomUUID();
        insertEmpty(database, a);
        insertEmpty(database, b);
        assertThat(database.list(SELECT_ANY, Params.of("ids", new UUID[] {a, b, UUID.randomUUID()}), r -> r.uuid("id")))
                .containsExactlyInAnyOrder(a, b);
    }

    @Test
    void aTransactionThatThrowsLeavesNothing() {
        UUID id = UUID.randomUUID();
        assertThatThrownBy(() -> database.transaction(tx -> {
                    insertEmpty(tx, id);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(count(id)).isZero();
        database.transaction(tx -> {
            insertEmpty(tx, id);
            return true;
        });
        assertThat(count(id)).isEqualTo(1);
    }

    @Test
    void transactionsAndFailuresGiveTheirConnectionsBack() {
        UUID id = UUID.randomUUID();
        insertEmpty(database, id);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> insertEmpty(database, id)).isInstanceOfSatisfying(DatabaseException.class, e -> {
                assertThat(e.kind()).isEqualTo(DatabaseException.Kind.CONSTRAINT);
                assertThat(e.constraint()).isEqualTo("thing_pkey");
                assertThat(e.getMessage()).contains("insert-thing").doesNotContain(id.toString());
            });
            assertThatThrownBy(() -> database.transaction(tx -> {
                        insertEmpty(tx, id);
                        return true;
                    }))
                    .isInstanceOf(DatabaseException.class);
            database.transaction(tx -> tx.list(SELECT, Params.of("id", id), r -> r.uuid("id")));
        }
        assertThat(database.ping(Duration.ofSeconds(1))).isTrue();
        assertThat(REGISTRY.get("db.query")
                        .tag("statement", "insert-thing")
                        .tag("outcome", "constraint")
                        .timer()
                        .count())
                .isGreaterThanOrEqualTo(10);
    }

    private static void insertEmpty(SqlExecutor executor, UUID id) {
        executor.execute(
                INSERT,
                Params.of("id", id, "at", null, "day", null, "doc", null, "raw", null, "score", null, "tags", null));
    }

    private static long count(UUID id) {
        return database.first(COUNT, Params.of("id", id), r -> r.longValue("n")).orElseThrow();
    }

    @Test
    void onlyWhatIsAParameterIsReadAsOne() {
        Sql sql = Sql.named("test-parameters", """
                SELECT ':no' || CAST(:a AS text) || '12:30' AS one, -- not :this either
                       'it''s :not' AS ":column", /* nor
                       :that */ CAST(:b AS text) || CAST(:a AS text) AS two, '5'::text AS three, CAST(:c AS text) AS four""");

        Row row = database.first(sql, Params.of("a", "x", "b", "y", "c", null, "unused", 1), r -> r)
                .orElseThrow();

        assertThat(row.string("one")).isEqualTo(":nox12:30");
        assertThat(row.string(":column")).isEqualTo("it's :not");
        assertThat(row.string("two")).isEqualTo("yx");
        assertThat(row.string("three")).isEqualTo("5");
        assertThat(row.stringOrNull("four")).isNull();
    }

    @Test
    void aStatementWithoutAValueForAParameterIsRefused() {
        assertThatThrownBy(() -> database.execute(INSERT, Params.of("id", UUID.randomUUID())))
                .hasMessageContaining("insert-thing");
    }

    @Test
    void anIdentityHoldsForItsTransactionAndNoLonger() {
        UUID mira = UUID.randomUUID();
        UUID jonas = UUID.randomUUID();
        Database working = database.as(Identity.worker("projector"));
        assertThat(who(database)).isEqualTo("|");
        assertThat(who(working)).isEqualTo("|projector");
        Identity.member(mira).call(() -> {
            assertThat(who(database)).isEqualTo(mira + "|");
            assertThat(who(working)).as("the request's member goes first").isEqualTo(mira + "|");
            String twice = database.transaction(tx -> who(tx) + who(tx));
            assertThat(twice).isEqualTo((mira + "|").repeat(2));
            Identity.member(jonas).call(() -> assertThat(who(database)).isEqualTo(jonas + "|"));
            return assertThat(who(database)).isEqualTo(mira + "|");
        });
        // More often than the pool has connections: each has served somebody by now.
        for (int i = 0; i < 10; i++) {
            assertThat(who(database)).isEqualTo("|");
        }
    }

    @Test
    void anIdentityIsAValueAndNeverPartOfAStatement() {
        String hostile = "x', true), set_config('vitals.member', 'y";
        assertThat(who(database.as(Identity.worker(hostile)))).isEqualTo("|" + hostile);
    }

    /** The driver sends the parts of a statement in one go or in several, by what it knows of their parameters and answers. */
    @Test
    void anIdentityHoldsWhateverTheDriverKnowsOfTheStatement() {
        UUID mira = UUID.randomUUID();
        Sql text = Sql.named("who-text", SAID + " || CAST(:more AS text) AS who -- and no more");
        Sql uuid = Sql.named("who-uuid", SAID + " || CAST(CAST(:more AS uuid) AS text) AS who");
        Sql many = Sql.named("who-many", SAID + " || repeat('x', 200000) AS who FROM generate_series(1, 3)");
        // More often than it takes the driver to keep a statement and what it was told of it.
        for (int i = 0; i < 12; i++) {
            Identity.member(mira).call(() -> {
                assertThat(database.first(text, Params.of("more", "a"), row -> row.string("who")))
                        .contains(mira + "|a");
                assertThat(database.first(uuid, Params.of("more", mira), row -> row.string("who")))
                        .contains(mira + "|" + mira);
                assertThat(database.first(uuid, Params.of("more", null), row -> row.stringOrNull("who") == null))
                        .contains(true);
                return assertThat(database.list(many, Params.none(), row -> row.string("who")))
                        .hasSize(3)
                        .allMatch(answer -> answer.startsWith(mira + "|x") && answer.length() == 200_037);
            });
            assertThat(who(database)).isEqualTo("|");
        }
    }

    @Test
    void whatSomebodyWritesIsCommittedAndItsFailureLeavesNothing() {
        UUID id = UUID.randomUUID();
        Sql returning = Sql.named("returning", "INSERT INTO thing (id) VALUES (:id) RETURNING id");
        Sql late = Sql.named(
                "late",
                "CREATE TABLE IF NOT EXISTS late (id uuid CONSTRAINT late_once UNIQUE DEFERRABLE INITIALLY DEFERRED)");
        Sql putLate = Sql.named("put-late", "INSERT INTO late VALUES (:id)");
        database.execute(late, Params.none());
        for (int i = 0; i < 8; i++) {
            UUID fresh = UUID.randomUUID();
            Identity.member(id).call(() -> {
                insertEmpty(database, fresh);
                assertThat(database.execute(
                                Sql.named("touch", "UPDATE thing SET score = 1 WHERE id = :id"),
                                Params.of("id", fresh)))
                        .isOne();
                assertThat(database.first(returning, Params.of("id", UUID.randomUUID()), row -> row.uuid("id")))
                        .isPresent();
                assertThatThrownBy(() -> insertEmpty(database, fresh))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(DatabaseException.Kind.CONSTRAINT));
                database.execute(putLate, Params.of("id", fresh));
                // Refused by the commit and not by the statement.
                return assertThatThrownBy(() -> database.execute(putLate, Params.of("id", fresh)))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.constraint()).isEqualTo("late_once"));
            });
            assertThat(who(database)).isEqualTo("|");
            assertThat(count(fresh)).isOne();
        }
    }

    @Test
    void aPartForNobodySaysNothingOfWhoIsSet() {
        Database nobody = database.as(Identity.worker("projector")).forNobody();
        Identity.member(UUID.randomUUID()).call(() -> {
            assertThat(who(nobody)).isEqualTo("|");
            return assertThat(nobody.<String>transaction(DatabaseTest::who)).isEqualTo("|");
        });
    }

    private static String who(SqlExecutor executor) {
        return executor.first(WHO, Params.none(), row -> row.string("who")).orElseThrow();
    }
}
