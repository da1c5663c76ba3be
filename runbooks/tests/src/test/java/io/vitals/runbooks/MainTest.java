package io.vitals.runbooks;

import io.vitals.runbooks.page.Pages;
import io.vitals.runbooks.run.Console;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/** What the program takes and what it refuses. */
class MainTest {
    private static final Clock NOW = Clock.fixed(Instant.parse("2026-12-01T10:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path tree;

    private final List<String> said = new ArrayList<>();
    private final Console console = new Console() {
        @Override
        public void say(String text) {
            said.add(text);
        }

        @Override
        public Optional<String> ask(String question) {
            said.add(question);
            return Optional.empty();
        }
    };

    @BeforeEach
    void pages() throws IOException {
        Path pages = Files.createDirectories(tree.resolve("runbooks/alerts"));
        Files.writeString(pages.resolve("Example.md"), Pages.example());
        Files.writeString(
                pages.resolve("Wrong.md"),
                Pages.example("id=now", "id=now often=yes").replace("Example", "Wrong"));
        Files.writeString(
                Files.createDirectories(tree.resolve("runbooks/procedures")).resolve("example.md"), Pages.procedure());
    }

    private int run(String command, Map<String, String> environment) throws InterruptedException {
        return Main.run(tree, List.of(command.split(" ", -1)), environment, NOW, console);
    }

    @Test
    void aDryWalkGoesThroughThePage() throws InterruptedException {
        assertThat(run("walk Example", Map.of("DRY", "1"))).isZero();
        assertThat(said)
                .contains("\n# Example", "→ now: would be skipped: there is no prometheus here")
                .endsWith("0 passed, 0 failed, 7 skipped");
    }

    @Test
    void aProcedureIsFoundByItsName() throws InterruptedException {
        assertThat(run("walk example", Map.of("DRY", "1"))).isZero();
        assertThat(said)
                .contains("\n# example", "→ runs: would be skipped: there is no prometheus here")
                .endsWith("0 passed, 0 failed, 4 skipped");
    }

    @Test
    void withoutATargetItIsProduction() throws InterruptedException {
        assertThat(run("walk Example", Map.of("DRY", "1"))).isZero();
        assertThat(said).noneMatch(line -> line.contains("begin, inject"));
        assertThat(run("walk Example", Map.of("DRY", "1", "TARGET", "local"))).isZero();
        assertThat(said).anyMatch(line -> line.contains("begin, inject"));
    }

    @Test
    void settingsAreThoseOfTheEnvironment() throws IOException, InterruptedException {
        Path password = Files.writeString(tree.resolve("password"), "not-shown");
        var environment = new HashMap<>(Map.of(
                "DRY", "1",
                "PID", "7",
                "VITALS_JDK", "/opt/jdk",
                "VITALS_PROMETHEUS", "http://127.0.0.1:1",
                "VITALS_POSTGRES_HEALTH_URL", "jdbc:postgresql://127.0.0.1:1/health",
                "VITALS_POSTGRES_HEALTH_USER", "reader",
                "VITALS_POSTGRES_HEALTH_PASSWORD_FILE", password.toString()));
        assertThat(run("walk Example", environment)).isZero();
        assertThat(said)
                .contains("→ now: would run", "→ who-waits: would run", "→ end: would run when yes is typed")
                .noneMatch(line -> line.contains("not-shown"));
        environment.put("VITALS_PROMETHEUS_URL", "x");
        environment.put("VITALS_POSTGRES_HEALTH_URL", "postgresql://127.0.0.1:1/health");
        assertThat(run("walk Example", environment)).isEqualTo(78);
        assertThat(said.getLast())
                .contains("VITALS_PROMETHEUS_URL: no such setting", "postgres.health: url is no jdbc:postgresql: one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "walk | '' | 64 | 'vitals: runbooks walk ALERT|PROCEDURE, drill ALERT, incidents, incident FILE or on-call'",
                "run Example | '' | 64 | 'vitals: runbooks walk ALERT|PROCEDURE, drill ALERT, incidents, incident FILE or on-call'",
                "walk Nothing | '' | 66 | vitals: there is no runbooks/alerts/Nothing.md",
                "walk ../Example | '' | 66 | vitals: there is no runbooks/alerts/../Example.md",
                "walk nothing-known | '' | 66 | vitals: there is no runbooks/procedures/nothing-known.md",
                "drill example | local | 65 | 'vitals: example has no step of the phase inject, so there is nothing to drill'",
                "walk Example | prod | 64 | 'vitals: TARGET: there are local, dev, staging, production'",
                "drill Example | '' | 64 | 'vitals: TARGET: a drill has to be told where it may break something: local, dev or staging'",
                "drill Example | production | 64 | 'vitals: TARGET: a drill breaks something and asks nobody, so never in production'",
                "drill Example | local | 65 | 'vitals: neither Prometheus nor Alertmanager is given, so the alert can not be seen'",
                "walk Wrong | '' | 65 | 'vitals: Wrong.md:26: often: no such key; there are: id, phase, when, only, risk, confirm, timeout, retry, set, expect.exit, expect.stdout, expect.num, expect.rows, needs, env, database'",
            })
    void whatCanNotBeIsRefused(String command, String target, int code, String message) throws InterruptedException {
        assertThat(run(command, Map.of("TARGET", target))).isEqualTo(code);
        assertThat(said).containsExactly(message);
    }

    @Test
    void anUnknownDatabaseIsRefused() throws InterruptedException {
        assertThat(run("walk Example", Map.of("DATABASE", "audit"))).isEqualTo(64);
        assertThat(said).containsExactly("vitals: DATABASE: there are health, whoop");
    }

    @Test
    void whoIsOnCallIsSaid() throws IOException, InterruptedException {
        Path rota = tree.resolve("runbooks/on-call/rota.yaml");
        Files.createDirectories(rota.getParent());
        Files.copy(Path.of("../on-call/rota.yaml"), rota);
        assertThat(run("on-call", Map.of())).isZero();
        assertThat(said)
                .contains("primary: engineer-a", "secondary: engineer-b", "manager: manager-a")
                .endsWith("until 2026-12-07T09:00 in Europe/Berlin");
        String early = Files.readString(rota).replaceFirst("(?s)  - from: 2026-12-21T09:00.*timeZone", "timeZone");
        Files.writeString(rota, early.replaceFirst("until: [^\n]+\n$", "until: 2026-12-21T09:00\n"));
        assertThat(run("on-call", Map.of())).isEqualTo(1);
        assertThat(said).endsWith("the rota ends at 2026-12-21T09:00: make it longer");
        Files.writeString(rota, early);
        assertThat(run("on-call", Map.of())).isEqualTo(1);
        assertThat(said.getLast()).startsWith("rota.yaml: until: the last shift ends at 2026-12-21T09:00");
    }

    @Test
    void anIncidentIsBegunOnceAndListed() throws IOException, InterruptedException {
        var git = new ProcessBuilder("git", "init", "--quiet", tree.toString()).start();
        assertThat(git.waitFor()).isZero();
        var commit = new ProcessBuilder(
                        "git",
                        "-c",
                        "user.name=x",
                        "-c",
                        "user.email=x@users.noreply.github.com",
                        "commit",
                        "--quiet",
                        "--allow-empty",
                        "--message=begin")
                .directory(tree.toFile())
                .start();
        assertThat(commit.waitFor()).isZero();
        Files.copy(Path.of("src/test/resources/incident.json"), tree.resolve("kept.json"));
        Files.writeString(tree.resolve("runbooks/alerts/ServiceDown.md"), "");
        assertThat(run("incident gone.json", Map.of())).isEqualTo(66);
        assertThat(run("incident kept.json", Map.of())).isZero();
        assertThat(said).endsWith("begun: runbooks/incidents/records/20261128-1409-3f9a1c22b0.md");
        assertThat(run("incident kept.json", Map.of())).isEqualTo(73);
        assertThat(run("incidents", Map.of())).isZero();
        assertThat(said).endsWith("nothing is wrong or late");
        assertThat(tree.resolve("runbooks/incidents/index.md")).content().contains("20261128-1409-3f9a1c22b0");
        Files.delete(tree.resolve("runbooks/alerts/ServiceDown.md"));
        assertThat(run("incidents", Map.of())).isEqualTo(1);
        assertThat(said).endsWith("1 are wrong or late");
        Files.writeString(tree.resolve("kept.json"), "{}");
        assertThat(run("incident kept.json", Map.of())).isEqualTo(65);
        assertThat(said).endsWith("vitals: id is missing: it is no file of on-call");
    }
}
