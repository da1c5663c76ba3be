package io.vitals.runbooks.run;

import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Pages;
import io.vitals.runbooks.run.Result.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static io.vitals.runbooks.run.Setting.none;
import static io.vitals.runbooks.run.Setting.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A drill goes its way in order, ends what it began, and can fail. The fault is a file, and the alert fires while it is there. */
class DrillTest {
    private static final Pace FAST = new Pace(query -> query, _ -> Duration.ofMillis(10));
    private static final String WELL = step("sh rb id=well phase=healthy", "[ ! -e fault ]; echo well >>order");
    private static final String LOOK = step("sh rb id=look phase=diagnose when=healthy,broken", "echo look >>order");
    private static final String BREAK =
            step("sh rb id=break phase=inject only=drill", "touch fault; echo break >>order");
    private static final String THERE = step("sh rb id=there phase=assert", "[ -e fault ]");
    private static final String WRONG =
            step("sh rb id=wrong-way phase=mitigate risk=write confirm=yes", "echo wrong >>order");
    private static final String REPAIR =
            step("sh rb id=repair phase=mitigate risk=write confirm=yes", "rm fault; echo repair >>order");
    private static final String OTHER =
            step("sh rb id=other phase=mitigate risk=write confirm=yes", "echo other >>order");
    private static final String OVER = step("sh rb id=over phase=verify retry=2x15s", "[ ! -e fault ]");
    private static final String UNDO = step("sh rb id=undo phase=cleanup only=drill", "rm -f fault; echo undo >>order");

    @TempDir
    Path folder;

    private final List<Result> told = new ArrayList<>();

    @Test
    void fromWellToWell() throws Exception {
        Tally tally = drill(WELL, LOOK, BREAK, THERE, WRONG, REPAIR, OTHER, OVER, UNDO);
        assertThat(tally.results())
                .extracting(Result::toString)
                .containsExactly(
                        "Example: well (healthy) passed",
                        "Example: look (diagnose) passed",
                        "Example: there while nothing is wrong (assert) passed",
                        "Example: break (inject) passed",
                        "Example: fires (inject) passed",
                        "Example: look (diagnose) passed",
                        "Example: there (assert) passed",
                        "Example: wrong-way (mitigate) passed",
                        "Example: repair (mitigate) passed",
                        "Example: over (verify) passed",
                        "Example: other (mitigate) skipped: another one helped before",
                        "Example: resolves (verify) passed",
                        "Example: undo (cleanup) passed");
        assertThat(tally).hasToString("12 passed, 0 failed, 1 skipped");
        assertThat(Files.readAllLines(folder.resolve("order")))
                .containsExactly("well", "look", "break", "look", "wrong", "repair", "undo");
    }

    @Test
    void anAssertThatIsAlwaysTrueIsFoundBeforeAnythingIsBroken() throws Exception {
        Tally tally = drill(BREAK, step("sh rb id=there phase=assert", "true"), OVER, UNDO);
        assertThat(tally.results())
                .extracting(Result::toString)
                .containsExactly(
                        "Example: there while nothing is wrong (assert) failed: is true although nothing is wrong, so it proves nothing");
        assertThat(folder.resolve("order")).doesNotExist();
    }

    @Test
    void anAssertThatCanNotBeAskedIsNotTakenForFalse() throws Exception {
        Tally tally = drill(BREAK, step("sh rb id=there phase=assert", "no-such-program"), OVER, UNDO);
        assertThat(tally).hasToString("0 passed, 1 failed, 0 skipped");
    }

    @Test
    void nothingIsBrokenWhereSomethingIsAlready() throws Exception {
        Files.createFile(folder.resolve("fault"));
        Tally tally = drill(WELL, BREAK, OVER, UNDO);
        assertThat(tally.results())
                .extracting(Result::toString)
                .containsExactly("Example: well (healthy) failed: ends with 1, expected 0");
    }

    @Test
    void anAlertThatDoesNotComeIsAFailureAndTheFaultIsEnded() throws Exception {
        Tally tally = drill(step("sh rb id=break phase=inject only=drill", "touch another"), THERE, REPAIR, OVER, UNDO);
        assertThat(tally.results())
                .extracting(Result::toString)
                .containsExactly(
                        "Example: there while nothing is wrong (assert) passed",
                        "Example: break (inject) passed",
                        "Example: fires (inject) failed: the alert does not fire after 2s",
                        "Example: undo (cleanup) passed");
    }

    @Test
    void aMitigationThatDoesNotHelpIsAFailure() throws Exception {
        Tally tally = drill(BREAK, THERE, WRONG, OVER, UNDO);
        assertThat(tally.results())
                .extracting(Result::toString)
                .contains(
                        "Example: over (verify) failed: ends with 1, expected 0",
                        "Example: resolves (verify) failed: the alert still fires after 2s")
                .endsWith("Example: undo (cleanup) passed");
        assertThat(folder.resolve("fault")).doesNotExist();
    }

    @Test
    void whatIsSkippedHasNotPassed() throws Exception {
        String cluster = step("sh rb id=pods phase=diagnose needs=kubectl", "kubectl get pods");
        Tally tally = drill(BREAK, THERE, cluster, REPAIR, OVER, UNDO);
        assertThat(tally.of(Outcome.SKIPPED)).isEqualTo(1);
        assertThat(tally.results())
                .extracting(Result::toString)
                .contains("Example: pods (diagnose) skipped: there is no kubectl here");
    }

    @Test
    void aFaultThatCanNotBeMadeIsNoDrill() throws Exception {
        Tally tally = drill(step("sh rb id=break phase=inject only=drill needs=kubectl", "true"), THERE, UNDO);
        assertThat(tally.results())
                .extracting(Result::toString)
                .containsExactly(
                        "Example: there while nothing is wrong (assert) passed",
                        "Example: break (inject) skipped: there is no kubectl here",
                        "Example: undo (cleanup) passed");
        assertThatThrownBy(() -> drill(THERE))
                .hasMessage("Example has no step of the phase inject, so there is nothing to drill");
        assertThatThrownBy(() -> new Drill(Pages.of(BREAK), none(folder), FAST, told::add).run())
                .hasMessage("neither Prometheus nor Alertmanager is given, so the alert can not be seen");
    }

    @Test
    void anInterruptionEndsTheFaultToo() throws Exception {
        try (var prometheus = new FakePrometheus(_ -> List.of(), () -> false)) {
            Page page = page(BREAK, UNDO);
            var interrupted = new ArrayList<Exception>();
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    new Drill(page, Setting.with(none(folder), prometheus.address()), FAST, told::add).run();
                } catch (InterruptedException e) {
                    interrupted.add(e);
                }
            });
            await().until(() -> Files.exists(folder.resolve("fault")));
            thread.interrupt();
            thread.join(Duration.ofSeconds(20));
            assertThat(interrupted).hasSize(1);
            assertThat(folder.resolve("fault")).doesNotExist();
        }
    }

    private Tally drill(String... steps) throws Exception {
        try (var prometheus = new FakePrometheus(_ -> List.of(), () -> Files.exists(folder.resolve("fault")))) {
            return new Drill(page(steps), Setting.with(none(folder), prometheus.address()), FAST, told::add).run();
        }
    }

    private static Page page(String... steps) {
        return Page.parse(
                "Example",
                Pages.example("deadline_fire: 240s, deadline_resolve: 300s", "deadline_fire: 2s, deadline_resolve: 2s")
                                .replaceAll("(?s)## First checks.*", "## First checks\n")
                        + String.join("", steps));
    }
}
