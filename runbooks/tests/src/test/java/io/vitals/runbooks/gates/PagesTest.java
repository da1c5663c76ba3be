package io.vitals.runbooks.gates;

import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Pages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Every page of runbooks/alerts, and for each rule a page that it refuses. */
class PagesTest {
    /** It is what a page says to do, with all that belongs to it. */
    private static final List<Page> ALL = all();

    private static final Page EXAMPLE = Page.parse("Example", Pages.example());

    @TempDir
    Path folder;

    /** A page that can not be read, or names an unknown key, ends all tests here. */
    private static List<Page> all() {
        try (Stream<Path> files = Files.list(PageGates.ROOT.resolve("runbooks/alerts"))) {
            return files.sorted().map(Page::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> findings(Stream<Page> pages, Function<Page, List<String>> gate) {
        return pages.flatMap(page -> gate.apply(page).stream()).toList();
    }

    @Test
    void allHoldForEachPage() {
        assertThat(ALL).hasSizeGreaterThan(100);
        assertThat(findings(ALL.stream(), PageGates::hides)).isEmpty();
        assertThat(findings(ALL.stream(), PageGates::related)).isEmpty();
        assertThat(findings(ALL.stream(), PageGates::needs)).isEmpty();
        assertThat(findings(ALL.stream(), PageGates::sections)).isEmpty();
        assertThat(findings(ALL.stream(), PageGates::phases)).isEmpty();
        assertThat(findings(ALL.stream(), PageGates::dashboard)).isEmpty();
    }

    @Test
    void theExampleIsAsItShouldBe() throws Exception {
        Stream<Function<Page, List<String>>> gates = Stream.of(
                PageGates::hides,
                PageGates::related,
                PageGates::dashboard,
                PageGates::needs,
                PageGates::sections,
                PageGates::phases);
        assertThat(gates.flatMap(gate -> gate.apply(EXAMPLE).stream())).isEmpty();
        assertThat(ShellGate.syntax(folder, List.of(EXAMPLE))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "## Meaning | ## What it means | Example: ## What it means: no such section",
                "'## Impact\nMembers wait too.\n' | '' | Example: ## Impact: is missing",
                "## Verify | ## Drill | Example: ## Verify: is missing",
                "'## History\nNothing yet.\n' | '## History\nNothing yet.\n## History\n' | 'Example: the sections are not in their order, or one is there twice: In one minute, Meaning, Impact, First checks (read only, under 5 minutes), Decision table, Mitigation, Verify, If that did not help, Drill, Silence and false alarms, History, History'",
            })
    void sectionsAreRefused(String from, String to, String finding) {
        assertThat(PageGates.sections(Page.parse("Example", Pages.example(from, to))))
                .contains(finding);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phase=mitigate risk=write confirm=yes env=PID | phase=diagnose env=PID | mitigate",
                "phase=verify retry=20x15s | phase=diagnose | verify",
                "phase=assert when=broken | phase=diagnose | assert",
                "id=is-over phase=verify retry=20x15s | id=is-over phase=verify only=drill | verify",
            })
    void whatWakesSomebodyAndDoesNotHelpIsRefused(String from, String to, String phase) {
        String page = Pages.example(from, to);
        assertThat(PageGates.phases(Page.parse("Example", page)))
                .containsExactly("Example: wakes somebody and has no step of the phase " + phase);
        assertThat(PageGates.phases(Page.parse("Example", page.replace("critical", "warning"))))
                .isEmpty();
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThat(PageGates.needs(
                        Page.parse("Example", Pages.example("needs: [app, loki, postgres,", "needs: [app, postgres,"))))
                .containsExactly("Example.md:35: lines needs loki, which the front matter does not name");
        assertThat(PageGates.dashboard(
                        Page.parse("Example", Pages.example("dashboard: postgresql", "dashboard: postgres"))))
                .containsExactly("Example.md: dashboard: there is no monitoring/dashboards/postgres.json");
        assertThat(PageGates.related(
                        Page.parse("Example", Pages.example("related: [PoolTimeouts]", "related: [PoolTimeout]"))))
                .containsExactly("Example.md: related: there is no page PoolTimeout");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "kubectl get pods 2>/dev/null; throws away what is said: 2>/dev/null",
                "kubectl get pods &> /dev/null; throws away what is said: &> /dev/null",
                "kubectl get pods || true; goes on after a mistake: || true",
                "kubectl get pods || :; goes on after a mistake: || :",
                "set +e; goes on after a mistake: set +e",
                "set +ue; goes on after a mistake: set +ue",
                "set +o pipefail; goes on after a mistake: set +o pipefail",
            })
    void aStepThatHidesItsMistakesIsRefused(String commands, String finding) {
        assertThat(PageGates.hides(Pages.of("```sh rb id=a phase=diagnose\n" + commands + "\n```\n")))
                .containsExactly("Example.md:26: a " + finding);
    }

    @Test
    void theShellCanReadEachStep() throws Exception {
        assertThat(ShellGate.syntax(folder, ALL)).isEmpty();
        var wrong = Pages.of("```sh rb id=a phase=diagnose\nif true; then\n```\n");
        assertThat(ShellGate.syntax(folder, List.of(wrong)))
                .isNotEmpty()
                .first()
                .asString()
                .startsWith("Example.a: line 2: syntax error");
    }

    @Test
    void theLinterFindsNothing() throws Exception {
        assumeTrue(ShellGate.canLint(), "shellcheck is not there; Debian's package of that name brings it");
        assertThat(ShellGate.lint(folder, ALL)).isEmpty();
        var wrong = Pages.of("```sh rb id=a phase=diagnose env=POD\nkubectl get pod $POD\n```\n");
        assertThat(ShellGate.lint(folder, List.of(wrong)))
                .singleElement()
                .asString()
                .startsWith("Example.a:1:17: note: Double quote to prevent globbing");
    }

    @Test
    void theDatabasesCanPrepareEachStatement() {
        try (var gate = new SqlGate()) {
            assertThat(findings(ALL.stream(), gate::judge)).isEmpty();
            assertThat(gate.judge(EXAMPLE)).isEmpty();
            assertThat(gate.judge(Pages.of("```sql rb id=a phase=diagnose\nselect * from webhook_inbox\n```\n")))
                    .containsExactly(
                            "Example.md:26: a is refused by health: ERROR: relation \"webhook_inbox\" does not exist");
            assertThat(gate.judge(Pages.of(
                            "```sql rb id=a phase=diagnose database=whoop\nselect * from webhook_inbox\n```\n")))
                    .isEmpty();
            assertThat(gate.judge(Pages.of("```sql rb id=a phase=diagnose\nselect 1; select 2\n```\n")))
                    .containsExactly("Example.md:26: a is refused by health: is more than one statement");
            assertThat(gate.judge(Pages.of("```sql rb id=a phase=diagnose\nselect 'a;b' -- and no more;\n```\n")))
                    .isEmpty();
        }
    }
}
