package io.vitals.runbooks.run;

import io.vitals.kit.config.Secret;
import io.vitals.runbooks.run.Result.Outcome;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.postgres.SandboxPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

import static io.vitals.runbooks.run.Setting.none;
import static io.vitals.runbooks.run.Setting.run;
import static io.vitals.runbooks.run.Setting.step;
import static org.assertj.core.api.Assertions.assertThat;

/** Statements on a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SqlStepsTest {
    private final SandboxPostgres postgres = SandboxPostgres.temporary();

    @TempDir
    Path folder;

    private Targets targets = none(Path.of("").toAbsolutePath());
    private String password = "";
    private String url = "";

    @BeforeAll
    void databases() throws Exception {
        SandboxDatabase health = postgres.createDatabase("health", "owner", "app");
        password = health.owner().password();
        url = health.url();
        try (var connection = health.connectAsOwner();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE thing (id int PRIMARY KEY, name text)");
            statement.execute("INSERT INTO thing VALUES (1, 'one'), (2, 'two')");
        }
        targets = Setting.with(
                none(Path.of("").toAbsolutePath(), "THING", "2", "NAME", "x'; DELETE FROM thing; --"),
                Map.of("health", new Login(health.url(), "owner", Secret.of(password))));
    }

    @AfterAll
    void end() {
        postgres.close();
    }

    @Test
    void rowsAndNumbers() throws InterruptedException {
        assertThat(run(targets, step("sql rb id=a phase=diagnose", "select id, name from thing order by 1;")))
                .returns(Outcome.PASSED, Result::outcome)
                .returns("id | name\n1 | one\n2 | two", Result::output);
        assertThat(run(targets, step("sql rb id=a phase=assert expect.num=>2", "select count(*) from thing")))
                .returns("2, expected >2", Result::detail);
        assertThat(run(targets, step("sql rb id=a phase=assert", "select 1 from thing where false")))
                .returns("0 rows, expected >=1", Result::detail);
    }

    @Test
    void aParameterIsAValueAndNeverAStatement() throws InterruptedException {
        String byId = "select name from thing where id = $1::int and name <> '$1'";
        assertThat(run(targets, step("sql rb id=a phase=diagnose env=THING expect.stdout=two", byId)))
                .returns(Outcome.PASSED, Result::outcome);
        assertThat(run(
                        targets,
                        step(
                                "sql rb id=a phase=diagnose env=NAME expect.rows==0",
                                "select 1 from thing where name = $1")))
                .returns(Outcome.PASSED, Result::outcome);
        assertThat(run(targets, step("sql rb id=a phase=diagnose", byId)))
                .returns(Outcome.SKIPPED, Result::outcome)
                .returns("$1 is not set", Result::detail);
        assertThat(run(
                        targets,
                        step(
                                "sql rb id=a phase=assert expect.num==1",
                                "select count(*) from (select '{\"a\":1}'::jsonb ? 'a' as has) x where has")))
                .returns(Outcome.PASSED, Result::outcome);
    }

    @Test
    void whatOnlyLooksCanNotWrite() throws InterruptedException {
        assertThat(run(targets, step("sql rb id=a phase=diagnose", "delete from thing")))
                .returns(Outcome.FAILED, Result::outcome)
                .extracting(Result::detail)
                .asString()
                .contains("cannot execute DELETE in a read-only transaction");
        String changes =
                step("sql rb id=a phase=mitigate risk=write confirm=yes", "insert into thing values (3, 'three')");
        assertThat(run(targets, changes))
                .returns(Outcome.PASSED, Result::outcome)
                .returns("1 rows changed", Result::output);
        assertThat(run(
                        targets,
                        step("sql rb id=a phase=mitigate risk=write confirm=yes", "delete from thing where id = 3")))
                .returns(Outcome.PASSED, Result::outcome);
    }

    @Test
    void aStatementEndsInTime() throws InterruptedException {
        assertThat(run(targets, step("sql rb id=a phase=diagnose timeout=1s", "select pg_sleep(30)")))
                .returns(Outcome.FAILED, Result::outcome)
                .extracting(Result::detail)
                .asString()
                .contains("canceling statement");
    }

    @Test
    void commandsGetTheAddressAndNobodyTheSecret() throws InterruptedException {
        Result result = run(
                targets,
                step("sh rb id=a phase=diagnose needs=postgres", "echo \"$DATABASE_URL as $PGUSER by $PGPASSWORD\""));
        assertThat(result.output())
                .startsWith("postgresql://127.0.0.1:")
                .endsWith("/health as owner by [redacted:token]")
                .doesNotContain(password);
        Targets wrong = Setting.with(targets, Map.of("health", new Login(url, "owner", Secret.of("a-wrong-one"))));
        assertThat(run(wrong, step("sql rb id=a phase=diagnose", "select 1")))
                .returns(Outcome.FAILED, Result::outcome)
                .extracting(Result::detail)
                .asString()
                .contains("password authentication failed")
                .doesNotContain("a-wrong-one");
    }

    @Test
    void theDatabaseIsTheOneThatIsMeant() throws InterruptedException {
        assertThat(run(targets, step("sql rb id=a phase=diagnose database=whoop", "select 1")))
                .returns(Outcome.SKIPPED, Result::outcome)
                .returns("there is no database whoop here", Result::detail);
        assertThat(run(none(folder), step("sql rb id=a phase=diagnose", "select 1")))
                .returns("there is no postgres here", Result::detail);
    }
}
