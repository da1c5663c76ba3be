package io.vitals.health.audit;

import com.google.crypto.tink.subtle.Ed25519Sign;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.MovableClock;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.audit.AuditSettings;
import io.vitals.kit.audit.AuditVerifyCommand;
import io.vitals.kit.audit.ChainWatch;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.lifecycle.Options;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The chains on the real table: what the trigger links, the verifier believes, and nothing else. */
class AuditChainTest {
    private static final int TAMPERINGS = 300;

    private static final String REHASH = """
            ; DO $$ DECLARE e audit_event; p bytea; s smallint := -1; n bigint; BEGIN
                FOR e IN SELECT * FROM audit_event ORDER BY shard, seq LOOP
                  IF e.shard <> s THEN p := NULL; s := e.shard; n := 0; END IF;
                  n := n + 1; e.seq := n; p := audit_hash(p, e);
                  UPDATE audit_event SET seq = n, hash = p WHERE id = e.id;
                END LOOP; END $$""";

    @TempDir
    private Path directory;

    private HealthDatabase health;
    private AuditLog log;
    private final MovableClock clock = new MovableClock();

    @BeforeEach
    void start() {
        health = HealthDatabase.start();
        log = new AuditLog(new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        health.close();
    }

    @Test
    void writers_at_once_share_no_chain_and_everything_verifies() throws Exception {
        int writers = 6;
        CountDownLatch all = new CountDownLatch(writers);
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            threads.add(Thread.ofVirtual().start(() -> {
                health.database().transaction(tx -> {
                    log.append(tx, event(1));
                    all.countDown();
                    // All hold their chain until all have one: nobody waited for another.
                    await(all);
                    log.append(tx, List.of(event(2), event(3)));
                    return true;
                });
            }));
        }
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(20));
        }
        assertThat(count("SELECT count(*) FROM audit_event")).isEqualTo(writers * 3L);
        assertThat(count("SELECT count(DISTINCT shard) FROM audit_event")).isGreaterThanOrEqualTo(writers);
        assertThat(verify()).contains("18 entries").endsWith("sound");
    }

    @Test
    void the_application_can_add_and_nothing_else() {
        log.append(health.database(), event(1));
        for (String statement : List.of(
                "SELECT count(*) FROM audit_event",
                "UPDATE audit_event SET actor = 'x'",
                "DELETE FROM audit_event",
                "TRUNCATE audit_event",
                "INSERT INTO audit_event (at, action, actor, outcome, shard, seq, hash) VALUES (now(), 'a', 'b', 'c', 1, 1, '')",
                "ALTER TABLE audit_event DISABLE TRIGGER audit_event_link")) {
            assertThatThrownBy(() -> health.database().execute(Sql.named("forbidden", statement), Params.none()))
                    .as(statement)
                    .isInstanceOf(DatabaseException.class);
        }
        assertThat(health.database()
                        .first(
                                Sql.named(
                                        "expire",
                                        "SELECT sum(audit_expire(s, 1000, now())) AS gone FROM generate_series(0, 63) s"),
                                Params.none(),
                                row -> row.longValue("gone")))
                .as("young entries stay whoever asks")
                .contains(0L);
    }

    @Test
    void random_tampering_with_the_table_is_found_once_it_is_signed() throws Exception {
        for (int i = 0; i < 40; i++) {
            log.append(health.database(), event(i));
        }
        ChainWatch watch = watch();
        watch.checkpoint();
        assertThat(verify("--max-age", "60")).contains("1 checkpoints").endsWith("sound");
        Random random = new Random(5);
        List<String> unseen = new ArrayList<>();
        try (Connection owner = health.connectAsOwner()) {
            for (int i = 0; i < TAMPERINGS; i++) {
                String tampering = tampering(random);
                execute(owner, "ALTER TABLE audit_event DISABLE TRIGGER audit_event_link");
                execute(owner, "CREATE TABLE kept AS SELECT * FROM audit_event");
                execute(owner, tampering);
                try {
                    verify();
                    unseen.add(tampering);
                } catch (AuditVerifyCommand.BrokenException e) {
                    assertThat(e).hasMessageContaining("NOT sound");
                }
                execute(owner, "TRUNCATE audit_event");
                execute(owner, "INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT * FROM kept");
                execute(owner, "DROP TABLE kept");
            }
        }
        assertThat(unseen).isEmpty();
        assertThat(verify()).endsWith("sound");
    }

    @Test
    void what_retention_removes_is_vouched_for_by_what_was_signed_before() throws Exception {
        for (int i = 0; i < 20; i++) {
            log.append(health.database(), event(i));
        }
        try (Connection owner = health.connectAsOwner()) {
            execute(owner, "UPDATE audit_event SET at = at - INTERVAL '1200 days'" + REHASH);
        }
        ChainWatch watch = watch();
        clock.move(Duration.ofDays(-1200));
        watch.checkpoint();
        clock.move(Duration.ofDays(1200));
        for (int i = 0; i < 20; i++) {
            log.append(health.database(), event(i));
        }
        watch.checkpoint();
        assertThat(verify()).contains("40 entries").endsWith("sound");
        assertThat(watch.expire()).isPositive();
        long left = count("SELECT count(*) FROM audit_event");
        assertThat(left).isBetween(20L, 39L);
        assertThat(verify()).contains(left + " entries").endsWith("sound");
        assertThat(watch.expire()).isZero();
        try (Connection owner = health.connectAsOwner()) {
            execute(owner, "DELETE FROM audit_event WHERE id = (SELECT min(id) FROM audit_event WHERE seq > 1)");
        }
        assertThatThrownBy(this::verify).hasMessageContaining("NOT sound");
    }

    /** Half of them done by somebody who can compute hashes. */
    private static String tampering(Random random) {
        int at = random.nextInt(40);
        String victim = "(SELECT id FROM audit_event ORDER BY id OFFSET " + at + " LIMIT 1)";
        return switch (random.nextInt(8)) {
            case 0 -> "UPDATE audit_event SET actor_id = 'nobody' WHERE id = " + victim;
            case 1 -> "UPDATE audit_event SET at = at - interval '1 microsecond' WHERE id = " + victim + REHASH;
            case 2 -> "DELETE FROM audit_event WHERE id = " + victim;
            case 3 -> "DELETE FROM audit_event WHERE id = " + victim + REHASH;
            case 4 ->
                "UPDATE audit_event SET seq = seq + 1000 WHERE id = " + victim + REHASH
                        + "; UPDATE audit_event SET outcome = 'refused' WHERE id = " + victim;
            case 5 ->
                "INSERT INTO audit_event (at, action, actor, outcome, shard, seq, hash)"
                        + " SELECT at, action, actor, 'forged', shard, seq + 1, hash FROM audit_event e WHERE id = "
                        + victim
                        + " AND NOT EXISTS (SELECT FROM audit_event n WHERE n.shard = e.shard AND n.seq = e.seq + 1);"
                        + " UPDATE audit_event SET reason = 'forged' WHERE id = " + victim;
            case 6 -> "DELETE FROM audit_event WHERE id >= " + victim;
            default -> "UPDATE audit_event SET shard = 64 + " + at + " WHERE id = " + victim;
        };
    }

    private String verify(String... arguments) throws Exception {
        return AuditVerifyCommand.run(
                "health-api",
                new DatabaseSettings(
                        health.sandbox().url(),
                        health.sandbox().app().user(),
                        Secret.of(health.sandbox().app().password()),
                        1),
                settings(),
                Options.parse(AuditVerifyCommand.SYNTAX, List.of(arguments)),
                clock.instant());
    }

    private ChainWatch watch() {
        return new ChainWatch(health.database(), "health-api", "test", settings(), clock, new SimpleMeterRegistry());
    }

    private AuditSettings settings() {
        return new AuditSettings(
                Duration.ofSeconds(30), Optional.of(directory), Optional.of(KEY), Duration.ofDays(1100));
    }

    private static final Secret KEY = key();

    private static Secret key() {
        try {
            String seed = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Ed25519Sign.KeyPair.newKeyPair().getPrivateKey());
            return Secret.of("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"audit\",\"d\":\"" + seed + "\"}");
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AuditEvent event(int number) {
        return AuditEvent.of("day.read", "member", new UUID(1, number % 5))
                .withActorId("actor-" + number)
                .withPurpose("own_access")
                .withObject("2026-11-22");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long count(String query) throws SQLException {
        try (Connection owner = health.connectAsOwner();
                Statement statement = owner.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
