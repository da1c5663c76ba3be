package io.vitals.runbooks.run;

import io.vitals.kit.config.Secret;
import io.vitals.runbooks.page.Pages;
import io.vitals.runbooks.run.Result.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import static io.vitals.runbooks.run.Setting.none;
import static io.vitals.runbooks.run.Setting.run;
import static io.vitals.runbooks.run.Setting.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Commands see what they name, stop at the first mistake, and end when they have to, with all that they began. */
class ShellStepsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | true | PASSED | ''",
                "'' | false | FAILED | 'ends with 1, expected 0'",
                "expect.exit=3 | exit 3 | PASSED | ''",
                "expect.exit=3 | true | FAILED | 'ends with 0, expected 3'",
                "'' | false | FAILED | 'ends with 1, expected 0'",
                "'' | 'false\necho went on' | FAILED | 'ends with 1, expected 0'",
                "'' | 'false | true' | FAILED | 'ends with 1, expected 0'",
                "'' | echo \"$NOT_GIVEN\" | FAILED | 'ends with 1, expected 0'",
                "expect.stdout=a.c | echo abc | PASSED | ''",
                "expect.stdout=^c | echo abc | FAILED | says nothing that matches ^c",
                "expect.stdout=abc | echo abc >&2 | FAILED | says nothing that matches abc",
                "expect.num=>=2 | echo 2 | PASSED | ''",
                "expect.num=>=2 | echo 1.5 | FAILED | '1.5, expected >=2'",
                "expect.num=>=2 | echo two | FAILED | 'answers no single number, expected >=2'",
                "expect.num==0 | true | FAILED | 'answers no single number, expected =0'",
            })
    void whatIsExpected(String expect, String commands, Outcome outcome, String detail) throws InterruptedException {
        Result result = run(none(folder), step("sh rb id=a phase=assert " + expect, commands));
        assertThat(result.detail()).isEqualTo(detail);
        assertThat(result.outcome()).isEqualTo(outcome);
    }

    @Test
    void aProgramThatIsNotThereAnswersNothing() throws InterruptedException {
        Result result = run(none(folder), step("sh rb id=a phase=assert expect.exit=127", "no-such-program"));
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.detail()).startsWith("a program could not be run: ").contains("no-such-program");
    }

    @Test
    void aStepSeesWhatItNamesAndNothingElse() throws InterruptedException {
        Targets targets = none(folder, "HOME", "/home/x", "SERVICE", "health-api", "OTHER", "x", "KUBECONFIG", "k");
        Result result = run(targets, step("sh rb id=a phase=diagnose env=SERVICE", "env | cut -d= -f1 | sort"));
        assertThat(result.output().lines()).containsExactly("HOME", "LANG", "PATH", "PWD", "SERVICE", "SHLVL", "_");
    }

    @Test
    void whatAnEarlierStepSaidIsThereLater() throws InterruptedException {
        Result result = run(
                none(folder),
                step("sh rb id=a phase=diagnose set=POD", "echo ' pod-7 '"),
                step("sh rb id=b phase=assert expect.stdout='^\\[pod-7]$'", "printf '[%s]' \"$POD\""));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.PASSED);
    }

    @Test
    void aStepThatLacksAVariableIsSkippedAndNotRun() throws InterruptedException {
        Result result = run(none(folder), step("sh rb id=a phase=assert env=SERVICE,POD", "touch ran"));
        assertThat(result.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(result.detail()).isEqualTo("POD, SERVICE are not set");
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @Test
    void aStepThatLacksAProgramIsSkippedAndNotRun() throws InterruptedException {
        Result result = run(none(folder), step("sh rb id=a phase=assert needs=kubectl", "touch ran"));
        assertThat(result.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(result.detail()).isEqualTo("there is no kubectl here");
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @Test
    void theTimeoutEndsTheWholeGroup() throws InterruptedException, IOException {
        long begin = System.nanoTime();
        Result result = run(
                none(folder),
                step(
                        "sh rb id=a phase=assert timeout=1s",
                        "(trap '' TERM; echo $BASHPID >child; while true; do sleep 1; done) &\necho before\nsleep 60"));
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.detail()).isEqualTo("did not end within 1s; its processes were ended");
        assertThat(result.output()).isEqualTo("before");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertGone("child");
    }

    @Test
    void whatAStepLeavesRunningIsEndedWithIt() throws InterruptedException, IOException {
        Result result = run(none(folder), step("sh rb id=a phase=diagnose", "sleep 300 & echo $! >child"));
        assertThat(result.outcome()).isEqualTo(Outcome.PASSED);
        assertGone("child");
    }

    @Test
    void onlyAFaultStaysUntilTheRunIsOver() throws InterruptedException, IOException {
        var page = Pages.of(step("sh rb id=a phase=inject only=drill", "sleep 300 & echo $! >child"));
        try (var runner = new StepRunner(page, none(folder), Pace.REAL)) {
            assertThat(runner.run(page.steps().getFirst()).outcome()).isEqualTo(Outcome.PASSED);
            assertThat(isAlive("child")).isTrue();
        }
        assertGone("child");
    }

    @Test
    void itIsTriedAsOftenAsItMayBe() throws InterruptedException, IOException {
        String counts = "echo x >>tries; [ \"$(wc -l <tries)\" -ge 3 ]";
        Result result = run(none(folder), step("sh rb id=a phase=verify retry=5x10ms", counts));
        assertThat(result.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(Files.readAllLines(folder.resolve("tries"))).hasSize(3);

        Files.delete(folder.resolve("tries"));
        Result twice = run(none(folder), step("sh rb id=a phase=verify retry=2x10ms", counts));
        assertThat(twice.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(Files.readAllLines(folder.resolve("tries"))).hasSize(2);
    }

    @Test
    void secretsAreMaskedInWhatIsShownAndNotInWhatIsPassedOn() throws InterruptedException {
        Targets targets = Setting.with(
                none(folder, "ARGOCD_AUTH_TOKEN", "argo-secret-1"),
                Map.of("health", new Login("jdbc:postgresql://127.0.0.1:1/x", "u", Secret.of("pg-secret-2"))));
        Result result = run(
                targets,
                step("sh rb id=a phase=diagnose set=API_TOKEN", "echo captured-secret-3"),
                step(
                        "sh rb id=b phase=diagnose needs=postgres env=ARGOCD_AUTH_TOKEN",
                        "[ \"$API_TOKEN\" = captured-secret-3 ]\necho \"$ARGOCD_AUTH_TOKEN $PGPASSWORD $API_TOKEN\" >&2\n"
                                + "echo 'Authorization: Bearer abcdefgh12345678'"));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.PASSED);
        assertThat(result.output())
                .contains("[redacted:token] [redacted:token] [redacted:token]", "Bearer [redacted:token]")
                .doesNotContain("secret-1", "secret-2", "secret-3", "abcdefgh");
    }

    @Test
    void whatIsMuchIsCut() throws InterruptedException {
        Result result = run(none(folder), step("sh rb id=a phase=diagnose", "head -c 200000 /dev/zero | tr '\\0' x"));
        assertThat(result.output()).hasSizeLessThan(Shell.LONGEST + 100).endsWith("… (more was said)");
    }

    private boolean isAlive(String file) throws IOException {
        long pid = Long.parseLong(Files.readString(folder.resolve(file)).strip());
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private void assertGone(String file) {
        await().atMost(Duration.ofSeconds(10)).until(() -> !isAlive(file));
    }
}
