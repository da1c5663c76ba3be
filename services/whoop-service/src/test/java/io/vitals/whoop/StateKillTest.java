package io.vitals.whoop;

import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.support.TestDatabases;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** An import that dies anywhere leaves the store as it was, and is run again. */
class StateKillTest {
    /** So many that an import is at each of these tables for a while. */
    private static final int MANY = 20_000;

    /** In the order of an import: an early one, one in the middle, a late one. */
    private static final List<String> MOMENTS = List.of("coverage", "sync_listed", "tombstone");

    @TempDir
    private Path root;

    private StateScene scene;
    private SandboxDatabase target;
    private Path export;

    @BeforeEach
    void start() throws Exception {
        scene = new StateScene(root);
        export = scene.export(large());
        target = StateRoundTripTest.withoutRules();
    }

    @Test
    void a_process_that_is_killed_in_the_middle_leaves_nothing_and_the_next_one_completes_it() throws Exception {
        for (String moment : MOMENTS) {
            Process process = start(moment);
            awaitInsertInto(moment, process);
            process.destroyForcibly();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("killed in the middle, not done before")
                    .isEqualTo(137);
            assertUntouched();
        }
        complete();
    }

    @Test
    void an_import_whose_connection_is_lost_says_so_and_leaves_nothing() throws Exception {
        List<String> others = new CopyOnWriteArrayList<>();
        for (String moment : MOMENTS) {
            Thread killer = Thread.ofPlatform().start(() -> {
                awaitInsertInto(moment, null);
                others.add(anotherWriter());
                ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " + activity());
            });
            assertThatThrownBy(() -> scene.importInto(target, export))
                    .as(moment)
                    .isInstanceOf(Exception.class);
            killer.join(Duration.ofSeconds(30));
            assertUntouched();
        }
        assertThat(others)
                .as("meanwhile nobody sees a trigger stand still, and nobody writes past one")
                .containsExactly("0 triggers off, 55P03", "0 triggers off, 55P03", "0 triggers off, 55P03");
        complete();
        assertThat(anotherWriter())
                .as("the control: the same writer afterwards")
                .isEqualTo("0 triggers off, written");
    }

    private void complete() throws Exception {
        scene.importInto(target, export);
        assertThat(StateScene.content(scene.export(target))).isEqualTo(StateScene.content(export));
        assertThat(StateScene.verifyAudit(target)).endsWith("sound");
        assertThat(StateScene.disabledTriggers(target)).isEqualTo("0");
    }

    private void assertUntouched() throws Exception {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ask("SELECT count(*) FROM pg_stat_activity WHERE " + activity()) == 0);
        assertThat(StateScene.rows(target, export)).isZero();
        assertThat(StateScene.one(target, "SELECT count(*) FROM state_import")).isEqualTo("0");
        assertThat(StateScene.disabledTriggers(target)).isEqualTo("0");
    }

    private String activity() {
        return "datname = '" + target.name() + "' AND application_name = 'whoop-service-state'";
    }

    private void awaitInsertInto(String table, @Nullable Process process) {
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    assertThat(process == null || process.isAlive())
                            .as("still at it")
                            .isTrue();
                    return ask("SELECT count(*) FROM pg_stat_activity WHERE " + activity()
                                    + " AND query LIKE 'INSERT INTO public.\"" + table + "\"%'")
                            > 0;
                });
    }

    /** What the application meets that writes to the audit log now. */
    private String anotherWriter() {
        String off = ask("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'") + " triggers off, ";
        try (Connection app = target.connectAsApp();
                Statement statement = app.createStatement()) {
            statement.execute("SET lock_timeout = '100ms'");
            statement.execute(
                    "INSERT INTO audit_event (at, action, actor, outcome) VALUES (now(), 'link.checked', 'system', 'success')");
            return off + "written";
        } catch (SQLException e) {
            return off + e.getSQLState();
        }
    }

    private long ask(String query) {
        try (Connection connection = TestDatabases.superuser(target);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process start(String name) throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("VITALS_DB_URL", target.url());
        settings.put("VITALS_DB_USER", target.app().user());
        settings.put("VITALS_DB_PASSWORD_FILE", file("app", target.app().password()));
        settings.put("VITALS_MIGRATOR_USER", target.owner().user());
        settings.put(
                "VITALS_MIGRATOR_PASSWORD_FILE", file("owner", target.owner().password()));
        settings.put("VITALS_AUDIT_CHECKPOINT_DIRECTORY", root.toString());
        settings.put("VITALS_AUDIT_SIGNING_KEY_FILE", file("signing", scene.signing.reveal()));
        settings.put("VITALS_STATE_KEYSET_FILE", file("keyset", scene.keyset.reveal()));
        settings.put("VITALS_WHOOP_CLIENT_ID", "app");
        settings.put("VITALS_WHOOP_CLIENT_SECRET_FILE", file("secret", "not-a-real-secret"));
        settings.put("VITALS_WHOOP_REDIRECT_URI", "https://vitals.example/api/v1/links/whoop/callback");
        settings.put("VITALS_CRYPTO_KEYSET_FILE", file("secret", "not-a-real-secret"));
        settings.put("VITALS_CALLERS_KEYS_FILE", file("secret", "not-a-real-secret"));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "import",
                        "--from",
                        export.toString(),
                        "--no-ledger")
                .redirectErrorStream(true)
                .redirectOutput(root.resolve(name + ".log").toFile());
        builder.environment().putAll(settings);
        return builder.start();
    }

    private String file(String name, String content) throws Exception {
        return Files.writeString(root.resolve(name), content).toString();
    }

    private static SandboxDatabase large() throws Exception {
        SandboxDatabase store = StateRoundTripTest.planted();
        String rows = " FROM generate_series(1, " + MANY + ") AS n";
        StateScene.execute(
                store,
                "INSERT INTO coverage SELECT gen_random_uuid(), 'sleep', '2026-11-22', 'asked', NULL, now()" + rows);
        StateScene.execute(store, "INSERT INTO sync_listed SELECT gen_random_uuid(), 'sleep', 'key-' || n" + rows);
        StateScene.execute(
                store, "INSERT INTO tombstone SELECT gen_random_uuid(), n, 'sleep', 'key-' || n, now()" + rows);
        return store;
    }
}
