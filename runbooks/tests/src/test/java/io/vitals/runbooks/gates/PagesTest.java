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
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Every page of runbooks/alerts and runbooks/procedures, and for each rule a page that it refuses. */
class PagesTest {
    private static final List<Page> ALERTS = all("alerts");
    private static final List<Page> PROCEDURES = all("procedures");
    private static final List<Page> ALL =
            Stream.of(ALERTS, PROCEDURES).flatMap(List::stream).toList();

    private static final Page EXAMPLE = Page.parse("Example", Pages.example());

    @TempDir
    Path folder;

    /** A page that can not be read, or names an unknown key, ends all tests here. */
    private static List<Page> all(String kind) {
        try (Stream<Path> files = Files.list(PageGates.ROOT.resolve("runbooks").resolve(kind))) {
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
        assertThat(ALERTS).hasSizeGreaterThan(100);
        assertThat(findings(ALL.stream(), PageGates::hides)).isEmpty();
        assertThat(findings(ALL.stream(), PageGates::related)).isEmpty();
        assertThat(findings(ALL.stream(), PageGates::needs)).isEmpty();
        assertThat(findings(ALL.stream(), PageGates::calls)).isEmpty();
        assertThat(findings(ALERTS.stream(), PageGates::sections)).isEmpty();
        assertThat(findings(ALERTS.stream(), PageGates::phases)).isEmpty();
        assertThat(findings(ALERTS.stream(), PageGates::dashboard)).isEmpty();
    }

    @Test
    void allHoldForEachProcedure() throws IOException {
        assertThat(PROCEDURES).hasSizeGreaterThan(20);
        assertThat(findings(PROCEDURES.stream(), ProcedureGates::sections)).isEmpty();
        assertThat(findings(PROCEDURES.stream(), ProcedureGates::places)).isEmpty();
        assertThat(findings(PROCEDURES.stream(), ProcedureGates::proof)).isEmpty();
        assertThat(findings(PROCEDURES.stream(), ProcedureGates::people)).isEmpty();
        String index = Files.readString(PageGates.ROOT.resolve("runbooks/README.md"));
        assertThat(unlisted(index)).isEmpty();
        assertThat(unlisted(index.replace("(procedures/rollback.md)", ""))).containsExactly("rollback");
    }

    @Test
    void everyKindOfSecretHasItsRotation() throws IOException {
        String inventory = Files.readString(PageGates.ROOT.resolve("sealed-secrets/inventory.yaml"));
        assertThat(withoutRotation(inventory)).isEmpty();
        assertThat(withoutRotation(inventory.replace("rotation: slack", "rotation: telegraph")))
                .containsExactly("telegraph");
    }

    private static List<String> withoutRotation(String inventory) {
        List<String> sections = PROCEDURES.stream()
                .filter(page -> page.name().equals("secret-rotation"))
                .flatMap(page -> page.headings(3).stream())
                .toList();
        return Pattern.compile("(?m)^    rotation: (.+)$")
                .matcher(inventory)
                .results()
                .map(rotation -> rotation.group(1))
                .distinct()
                .filter(rotation -> !sections.contains(rotation))
                .toList();
    }

    /** Nobody is led to a procedure by an alert alone: the index has each. */
    private static List<String> unlisted(String index) {
        return PROCEDURES.stream()
                .map(Page::name)
                .filter(name -> !index.contains("(procedures/" + name + ".md)"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "## Undo | ## Going back | 'example: the sections are When, Before you begin, Steps, Verify, If it goes wrong, Going back, Drill, History; they have to be When, Before you begin, Steps, Verify, If it goes wrong, Undo, Drill, History'",
                "id=runs phase=healthy | id=runs phase=verify | example.md:18: runs (verify) does not belong to ## Before you begin",
                "id=is-there phase=verify | id=is-there phase=diagnose | 'example: has no step of the phase verify, so nobody knows whether it is done'",
                "id=change phase=mitigate risk=write | id=change phase=mitigate risk=destructive | 'example.md:26: change destroys something, and people is 1'",
                "make drift | make drifts | example.md:23: versions calls what is not there: make drifts",
                "make drift | 'LOCK=1 tools/drifts' | example.md:23: versions calls what is not there: tools/drifts",
                "2>&1 | 2>/dev/null | 'example.md:23: versions throws away what is said: 2>/dev/null'",
                "related: [PoolTimeouts, rollback] | related: [PoolTimeouts, rollbacks] | example.md: related: there is no page rollbacks",
                "needs: [kubectl, | needs: [ | example.md:26: change needs kubectl, which the front matter does not name",
            })
    void aProcedureIsRefused(String from, String to, String finding) {
        Stream<Function<Page, List<String>>> gates = Stream.of(
                PageGates::hides,
                PageGates::related,
                PageGates::needs,
                PageGates::calls,
                ProcedureGates::sections,
                ProcedureGates::places,
                ProcedureGates::proof,
                ProcedureGates::people);
        Page wrong = Page.parse("example", Pages.procedure(from, to));
        assertThat(gates.flatMap(gate -> gate.apply(wrong).stream())).containsExactly(finding);
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
