package io.vitals.runbooks.incident;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Records are as runbooks/incidents/README.md says, and a finished one has changed something. */
class IncidentTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final String ID = "20261128-1409-3f9a1c22b0";

    /** A record that is finished; made up for tests, as its paths are. */
    private static final String COMPLETE = """
            ---
            incident: 20261128-1409-3f9a1c22b0
            title: Members could not read their days
            sev: SEV2
            drill: true
            status: complete
            page: production/health-api/
            alerts: [ServiceDown]
            started_at: 2026-11-28T14:09:12Z
            notified_at: 2026-11-28T14:09:22Z
            acknowledged_at: 2026-11-28T14:12:40Z
            acknowledged_by: primary
            mitigated_at: 2026-11-28T14:30:00Z
            resolved_at: 2026-11-28T14:31:12Z
            reviewed: 2026-12-02
            impact: {members: 40, minutes: 21, data: none, budget: 0.04}
            changed:
              alerts: [monitoring/rules/http.yaml]
              runbooks: [runbooks/alerts/ServiceDown.md]
            actions:
              - {id: A1, what: the probe waits, type: prevent, owner: wellness, due: 2026-12-10, done: 2026-12-09, test: a/src/test/java/WaitTest.java}
              - {id: A2, what: ask WHOOP, type: detect, owner: platform, due: 2026-12-20, no_test: it is somebody else's word}
            ---
            # 20261128-1409-3f9a1c22b0

            """
            + String.join(
                    "",
                    RecordLint.SECTIONS.stream()
                            .map(title -> "## " + title + "\nWritten.\n\n")
                            .toList());

    @TempDir
    Path tree;

    @BeforeEach
    void tree() throws IOException {
        write("runbooks/alerts/ServiceDown.md", "# ServiceDown\n\n## History\n" + ID + "\n");
        write("runbooks/alerts/PoolTimeouts.md", "# PoolTimeouts\n\n## History\nNothing yet.\n");
        write("monitoring/rules/http.yaml", "");
        write("a/src/test/java/WaitTest.java", "");
        write("runbooks/incidents/index.md", "");
    }

    private void write(String path, String text) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String with(String from, String to) {
        if (COMPLETE.split(Pattern.quote(from), -1).length != 2) {
            throw new IllegalArgumentException("is not there once: " + from);
        }
        return COMPLETE.replace(from, to);
    }

    @Test
    void allRecordsHoldAndTheIndexIsTheirs() throws IOException {
        var folder = new IncidentFolder(ROOT);
        assertThat(folder.findings()).isEmpty();
        assertThat(folder.indexFile()).hasContent(folder.index());
    }

    @Test
    void everyFieldIsInThePage() throws IOException {
        String page = Files.readString(ROOT.resolve("runbooks/incidents/README.md"));
        assertThat(List.of(RecordReader.FIELDS)).allMatch(field -> page.contains("`" + field + "`"));
        assertThat(RecordLint.SECTIONS).allMatch(section -> page.contains("*" + section + "*"));
        assertThat(List.of(
                        RecordReader.SEVS,
                        RecordReader.DATA,
                        RecordReader.TYPES,
                        RecordReader.OWNERS,
                        RecordReader.CHANGES))
                .allSatisfy(words -> assertThat(words).allMatch(word -> page.contains("`" + word + "`")));
    }

    @Test
    void aFinishedRecordHolds() {
        assertThat(RecordLint.findings(tree, ID, COMPLETE)).isEmpty();
        assertThat(RecordLint.findings(
                        tree,
                        ID,
                        COMPLETE.replaceAll(
                                "(?s)changed:\n.*?actions:", "unchanged: the page was right in every step\nactions:")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sev: SEV2 | severity: SEV2 | sev: is missing",
                "sev: SEV2 | severity: SEV2 | severity: no such field; there are: acknowledged_at, acknowledged_by, actions, alerts, changed, drill, impact, incident, mitigated_at, notified_at, page, resolved_at, reviewed, sev, started_at, status, title, unchanged",
                "sev: SEV2 | sev: SEV4 | 'sev: \"SEV4\": there are SEV1, SEV2, SEV3'",
                "status: complete | status: done | 'status: \"done\": there are draft, complete'",
                "drill: true | drill: sure | drill: takes true or false",
                "incident: 20261128-1409-3f9a1c22b0 | incident: 20261128-1409 | incident: is 20261128-1409, and the file is called 20261128-1409-3f9a1c22b0",
                "alerts: [ServiceDown] | alerts: [] | alerts: is empty; an incident begins with one",
                "alerts: [ServiceDown] | alerts: [ServiceGone] | alerts: there is no page ServiceGone",
                "started_at: 2026-11-28T14:09:12Z | started_at: yesterday | 'started_at: \"yesterday\": takes a time such as 2026-11-28T14:09:12Z'",
                "started_at: 2026-11-28T14:09:12Z | started_at: 2026-11-28T15:09:12Z | notified_at: is before started_at",
                "'mitigated_at: 2026-11-28T14:30:00Z\n' | '' | mitigated_at: is missing",
                "mitigated_at: 2026-11-28T14:30:00Z | mitigated_at: 2026-11-28T13:30:00Z | mitigated_at: is before started_at",
                "acknowledged_at: 2026-11-28T14:12:40Z | acknowledged_at: 2026-11-28T14:09:13Z | acknowledged_at: is before notified_at",
                "acknowledged_by: primary | acknowledged_by: somebody | 'acknowledged_by: \"somebody\": there are primary, secondary, manager'",
                "'acknowledged_by: primary\n' | '' | acknowledged_by: goes with acknowledged_at",
                "'reviewed: 2026-12-02\n' | '' | reviewed: is missing: SEV2 is talked about before it is complete",
                "minutes: 21 | minutes: some | impact.minutes: takes a number from 0 on",
                "data: none | data: few | 'impact.data: \"few\": there are none, delayed, lost, exposed'",
                "'  alerts: [monitoring/rules/http.yaml]\n  runbooks: [runbooks/alerts/ServiceDown.md]' | '  alerts: []' | changed: a finished post-mortem has changed an alert, a test or a runbook, or says in unchanged why not",
                "actions: | 'unchanged: the page was right in every step\nactions:' | unchanged: contradicts changed",
                "monitoring/rules/http.yaml | monitoring/rules/https.yaml | changed.alerts: there is no monitoring/rules/https.yaml",
                "monitoring/rules/http.yaml | a/src/test/java/../java/WaitTest.java | changed.alerts: a/src/test/java/../java/WaitTest.java is none of them",
                "runbooks/alerts/ServiceDown.md | runbooks/alerts/PoolTimeouts.md | changed.runbooks: runbooks/alerts/PoolTimeouts.md does not name the incident under its History",
                "type: prevent | type: hope | 'actions[0].type: \"hope\": there are prevent, detect, mitigate'",
                "owner: wellness | owner: engineer-a | 'actions[0].owner: \"engineer-a\": there are wellness, platform, security, manager'",
                "due: 2026-12-10 | due: soon | 'actions[0].due: \"soon\": takes a day such as 2026-11-28'",
                "'due: 2026-12-10, ' | '' | actions[0].due: is missing",
                "due: 2026-12-10 | due: 2026-11-01 | actions.A1.due: 2026-11-01 is before the incident",
                "id: A2 | id: A1 | actions.A1: is there twice",
                "', no_test: it is somebody else''s word' | '' | 'actions.A2: has either test, which holds it, or no_test, with the reason'",
                "a/src/test/java/WaitTest.java | a/src/test/java/GoneTest.java | actions.A1.test: is done, and there is no a/src/test/java/GoneTest.java",
                "## Lessons | ## What we learned | 'the sections are Summary, Impact, Timeline, Detection, Contributing factors, What went well, What went badly, What we learned; they have to be Summary, Impact, Timeline, Detection, Contributing factors, What went well, What went badly, Lessons'",
                "'## Lessons\nWritten.' | '## Lessons\nTo be written.' | '## Lessons: is not written, and the record says complete'",
                "'## Lessons\nWritten.' | '## Lessons\nHuman error.' | 'blames: \"Human error\"; say what made it possible'",
                "'## Lessons\nWritten.' | '## Lessons\nAsk someone@vitals.example.' | names a person; a record has roles only",
            })
    void aRecordIsRefused(String from, String to, String finding) {
        assertThat(RecordLint.findings(tree, ID, with(from, to))).contains(ID + ".md: " + finding);
    }

    @Test
    void alertsOfADatabaseShareAPage() throws IOException {
        String record = with("alerts: [ServiceDown]", "alerts: [WhoopDatabaseBackupTooOld]");
        assertThat(RecordLint.findings(tree, ID, record))
                .containsExactly(ID + ".md: alerts: there is no page WhoopDatabaseBackupTooOld");
        write("runbooks/alerts/DatabaseBackupTooOld.md", "");
        assertThat(RecordLint.findings(tree, ID, record)).isEmpty();
    }

    @Test
    void aFinishedOneWithoutActionsIsRefused() {
        assertThat(RecordLint.findings(tree, ID, COMPLETE.replaceAll("(?s)actions:\n.*?---", "actions: []\n---")))
                .containsExactly(ID + ".md: actions: is empty: SEV2 leads to something");
        assertThat(RecordLint.findings(tree, ID, "# no fields\n"))
                .contains(ID + ".md: does not begin with fields between two lines ---");
    }

    @Test
    void whatIsLateIsNamed() throws IOException {
        write("runbooks/incidents/records/" + ID + ".md", COMPLETE);
        var folder = new IncidentFolder(tree);
        assertThat(folder.overdue(LocalDate.of(2026, 12, 20))).isEmpty();
        assertThat(folder.overdue(LocalDate.of(2026, 12, 21)))
                .containsExactly(ID + ".md: A2 was due on 2026-12-20: platform, ask WHOOP");
        write("runbooks/incidents/records/" + ID + ".md", with("status: complete", "status: draft"));
        // A Saturday: five working days are over on the next Friday.
        assertThat(folder.overdue(LocalDate.of(2026, 12, 4))).isEmpty();
        assertThat(folder.overdue(LocalDate.of(2026, 12, 5)))
                .containsExactly(ID + ".md: is a draft, and was to be complete by 2026-12-04");
        write(
                "runbooks/incidents/records/" + ID + ".md",
                with("status: complete", "status: draft").replace("SEV2", "SEV3"));
        assertThat(folder.overdue(LocalDate.of(2026, 12, 5))).isEmpty();
    }

    @Test
    void theIndexHasActions() throws IOException {
        assertThat(new IncidentFolder(tree).index()).contains("## Incidents\nNone yet.\n", "## Actions\nNone yet.\n");
        write("runbooks/incidents/records/" + ID + ".md", COMPLETE);
        assertThat(new IncidentFolder(tree).index())
                .contains("| [" + ID + "](records/" + ID
                        + ".md) | SEV2, drill | complete | Members could not read their days |")
                .contains(
                        "A1 | the probe waits | prevent | wellness | 2026-12-10 | 2026-12-09 | a/src/test/java/WaitTest.java |")
                .contains("A2 | ask WHOOP | detect | platform | 2026-12-20 | open | none |");
    }

    @Test
    void whatOnCallKeepsBeginsARecord() throws IOException {
        String kept = Files.readString(Path.of("src/test/resources/incident.json"));
        IncidentDraft.Draft draft = IncidentDraft.of(kept, List.of("abc1234 2026-11-28T14:00:00Z dev runs"));
        assertThat(draft.id()).isEqualTo(ID);
        assertThat(RecordLint.findings(tree, draft.id(), draft.text())).isEmpty();
        assertThat(draft.text())
                .contains("acknowledged_by: primary", "resolved_at: 2026-11-28T14:31:12Z")
                .contains("| 2026-11-28T14:12:40Z | acknowledged by primary |", "| | merged: abc1234 ");
        assertThat(RecordLint.findings(tree, draft.id(), draft.text().replace("status: draft", "status: complete")))
                .contains(ID + ".md: ## Summary: is not written, and the record says complete")
                .contains(
                        ID
                                + ".md: changed: a finished post-mortem has changed an alert, a test or a runbook, or says in unchanged why not");
        assertThatThrownBy(() -> IncidentDraft.of(kept.replace("notified_at", "told_at"), List.of()))
                .hasMessage("notified_at is missing: it is no file of on-call");
    }
}
