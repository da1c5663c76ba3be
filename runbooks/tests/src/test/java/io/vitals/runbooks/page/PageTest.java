package io.vitals.runbooks.page;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A page is read as runbooks/README.md says, and whatever is not so is refused with its place. */
class PageTest {
    @Test
    void whatAPageIsAbout() {
        AlertMatter about = Page.parse("Example", Pages.example()).alert();
        assertThat(about.alert()).isEqualTo("Example");
        assertThat(about.critical()).isTrue();
        assertThat(about.slo()).containsExactly("api-availability");
        assertThat(about.dashboard()).contains("postgresql");
        assertThat(about.drill())
                .isEqualTo(new FrontMatter.Exercise(
                        FrontMatter.Level.LOCAL, Duration.ofDays(30), Duration.ofMinutes(4), Duration.ofMinutes(5)));
        assertThat(about.needs())
                .containsExactlyInAnyOrder(Capability.APP, Capability.LOKI, Capability.POSTGRES, Capability.PROMETHEUS);
        assertThat(about.related()).containsExactly("PoolTimeouts");
        assertThat(about.reviewed()).isEqualTo(LocalDate.of(2026, 11, 22));
        assertThat(about.database()).contains("health");
    }

    @Test
    void whatAProcedureIsAbout() {
        Page page = Page.parse("example", Pages.procedure());
        assertThat(page.about())
                .isEqualTo(new ProcedureMatter(
                        "example",
                        "platform",
                        List.of("whoop-service"),
                        Duration.ofMinutes(20),
                        1,
                        new FrontMatter.Exercise(
                                FrontMatter.Level.CLUSTER,
                                Duration.ofDays(90),
                                Duration.ofMinutes(10),
                                Duration.ofMinutes(10)),
                        Set.of(Capability.KUBECTL, Capability.PROMETHEUS),
                        List.of("PoolTimeouts", "rollback"),
                        LocalDate.of(2026, 11, 22)));
        assertThat(page.about().database()).contains("whoop");
        assertThatThrownBy(page::alert).hasMessage("example is not the page of an alert");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "procedure: example | procedure: other | example.md: procedure: is other, and the page is called example",
                "procedure: example | alert: example | example.md: alert: is not CamelCase: example",
                "team: platform | severity: critical | example.md: severity: no such key; there are: drill, needs, owner_review, people, procedure, related, service, takes, team",
                "'team: platform\n' | '' | example.md: team: is missing",
                "takes: 20m | takes: an hour | 'example.md: takes: \"an hour\": takes a time such as 20m'",
                "'takes: 20m\n' | '' | 'example.md: takes: is missing'",
                "people: 1 | people: 0 | example.md: people: takes a number from 1 to 9",
                "people: 1 | people: two | example.md: people: takes a number from 1 to 9",
                "every: 90d | 'every: 90d, deadline_fire: 10m' | 'example.md: drill.deadline_fire: no such key; there are: every, level'",
                "related: [PoolTimeouts, rollback] | related: [Pool_Timeouts] | 'example.md: related: \"Pool_Timeouts\" is no name'",
                "# example | # An example | 'example.md:12: the one title of level 1 is the name of the page: # example'",
                "id=runs phase=healthy | id=runs phase=assert | 'example.md:18: phase: assert is for pages of alerts; a procedure has healthy, diagnose, mitigate, verify'",
                "id=versions phase=diagnose | id=versions phase=cleanup only=drill | 'example.md:23: phase: cleanup is for pages of alerts; a procedure has healthy, diagnose, mitigate, verify'",
                "id=change phase=mitigate risk=write confirm=yes | id=change phase=mitigate risk=write | 'example.md:26: confirm: risk=write is confirmed by a person: confirm=yes'",
            })
    void aProcedureIsRefused(String from, String to, String message) {
        assertThatThrownBy(() -> Page.parse("example", Pages.procedure(from, to)))
                .isInstanceOf(PageException.class)
                .message()
                .contains(message);
    }

    @Test
    void sectionsAndStepsInTheirOrder() {
        Page page = Page.parse("Example", Pages.example());
        assertThat(page.headings(2)).startsWith("In one minute", "Meaning").endsWith("History");
        assertThat(page.headings(3)).containsExactly("A. End it");
        assertThat(page.steps())
                .extracting(Step::id)
                .containsExactly(
                        "now", "is-firing", "who-waits", "lines", "ready", "end", "is-over", "begin", "finish");
        assertThat(page.blocks())
                .filteredOn(Block.Prose.class::isInstance)
                .extracting(block -> ((Block.Prose) block).text())
                .contains("```sh\necho \"this one is only to be read\"\n```");
    }

    @Test
    void aStepWithAllThatItSays() {
        Page page = Page.parse("Example", Pages.example());
        assertThat(page.step("now").orElseThrow())
                .returns(Phase.DIAGNOSE, Step::phase)
                .returns(26, Step::line)
                .returns(Set.of(When.HEALTHY, When.BROKEN), Step::when)
                .returns(Optional.of("WAITING"), Step::set)
                .returns(Set.of(Capability.PROMETHEUS), Step::needs)
                .returns(Risk.READ, Step::risk)
                .returns(Duration.ofSeconds(30), Step::timeout)
                .returns(Retry.NONE, Step::retry);
        assertThat(page.step("is-firing").orElseThrow().expect().num()).contains(new Comparison(">=", 1));
        assertThat(page.step("is-over").orElseThrow())
                .returns(new Retry(20, Duration.ofSeconds(15)), Step::retry)
                .returns(
                        Optional.of(new Comparison("=", 0)),
                        step -> step.expect().num());
        assertThat(page.step("end").orElseThrow())
                .returns(Risk.WRITE, Step::risk)
                .returns(true, Step::confirm)
                .returns(List.of("PID"), Step::env);
    }

    @Test
    void whatSomethingClaimsHasARowUnlessItSaysOtherwise() {
        Page page = Pages.of("""
                ```promql rb id=a phase=assert
                up
                ```
                ```promql rb id=b phase=diagnose
                up
                ```
                ```promql rb id=c phase=verify expect.rows==0
                up
                ```
                """);
        assertThat(page.step("a").orElseThrow().expect().rows()).contains(new Comparison(">=", 1));
        assertThat(page.step("b").orElseThrow().expect().rows()).isEmpty();
        assertThat(page.step("c").orElseThrow().expect().rows()).contains(new Comparison("=", 0));
    }

    @Test
    void valuesAreQuotedAsInAShell() {
        Page page = Pages.of("""
                ```sh rb id=a phase=assert expect.stdout='a b|"c"'
                true
                ```
                ```sh rb id=b phase=assert expect.stdout="\\d+ \\"x\\""
                true
                ```
                ```sh rb id=c phase=assert expect.stdout=a\\ b
                true
                ```
                """);
        assertThat(page.steps())
                .extracting(step -> step.expect().stdout().orElseThrow().pattern())
                .containsExactly("a b|\"c\"", "\\d+ \"x\"", "a b");
    }

    @Test
    void allFaultsAreToldAtOnce() {
        assertThatThrownBy(() -> Page.parse(
                        "Example",
                        Pages.example().replace("team: wellness", "team: us").replace("id=now", "id=Now")))
                .hasMessage("""
                        Example.md: team: "us": there are wellness, platform, security
                        Example.md:26: id: "Now": takes small letters, digits and hyphens""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alert: Example | alert: Other | Example.md: alert: is Other, and the page is called Example",
                "severity: critical | severity: high | Example.md: severity: \"high\": there are critical, warning, info",
                "severity: critical | level: high | Example.md: level: no such key; there are: alert, component, dashboard, drill, needs, owner_review, related, service, severity, slo, team",
                "'severity: critical\n' | '' | Example.md: severity: is missing",
                "team: wellness | 'team: wellness\nteam: security' | Example.md:5: the front matter is no YAML: Duplicate field 'team'",
                "service: health-api | service: health-api or both | Example.md: service: \"both\": there are health-api, whoop-service, postgres, platform, observability",
                "component: pool | component: pools | Example.md: component: \"pools\": there are http, jvm, oauth, webhook, sync, db, pool, rollout, network, capacity, meta",
                "slo: [api-availability] | slo: api-availability | 'Example.md: slo: takes a list such as [a, b]'",
                "level: local | level: laptop | Example.md: drill.level: \"laptop\": there are local, cluster, tabletop",
                "every: 30d | each: 30d | Example.md: drill.each: no such key; there are: deadline_fire, deadline_resolve, every, level",
                "every: 30d | every: monthly | Example.md: drill.every: \"monthly\": takes a time such as 240s or 90d",
                "'drill: {level: local, every: 30d, deadline_fire: 240s, deadline_resolve: 300s}' | drill: local | 'Example.md: drill: takes {level: local, every: 90d}'",
                "needs: [app, loki | needs: [app, loky | Example.md: needs: \"loky\": there are alertmanager, app, argocd, kubectl, loki, postgres, prometheus",
                "'related: [PoolTimeouts]\n' | '' | Example.md: related: is missing; [] says that there are none",
                "related: [PoolTimeouts] | related: [PoolTimeouts, PoolTimeouts] | Example.md: related: has PoolTimeouts twice",
                "2026-11-22 | last week | Example.md: owner_review: \"last week\": takes a day such as 2026-11-28",
                "# Example | # Examples | 'Example.md:14: the one title of level 1 is the name of the page: # Example'",
            })
    void frontMatterIsRefused(String from, String to, String message) {
        assertThatThrownBy(() -> Page.parse("Example", Pages.example(from, to)))
                .isInstanceOf(PageException.class)
                .message()
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sh rb id=a | phase: is missing",
                "sh rb phase=assert | id: is missing",
                "sh rb id=a phase=check | phase: \"check\": there are healthy, inject, diagnose, assert, mitigate, verify, cleanup",
                "sh rb id=a phase=assert expect.code=1 | expect.code: no such key; there are: id, phase, when, only, risk, confirm, timeout, retry, set, expect.exit, expect.stdout, expect.num, expect.rows, needs, env, database",
                "sh rb id=a id=b phase=assert | id: stands there twice",
                "sh rb id=a phase=assert quickly | quickly: is no key=value",
                "sh rb id=a phase=assert expect.stdout='x | a quotation mark is not closed",
                "python rb id=a phase=assert | 'python: nothing runs that; there are sh, promql, logql, sql, http'",
                "sh rb id=a phase=diagnose when=always | when: \"always\": there are healthy, broken",
                "sh rb id=a phase=verify when=broken | when: is for diagnose; the phase verify has its own time",
                "sh rb id=a phase=assert when=healthy,broken | when: is for diagnose; the phase assert has its own time",
                "sh rb id=a phase=diagnose only=prod | only: \"prod\": takes drill and nothing else",
                "sh rb id=a phase=diagnose risk=write confirm=yes | risk: the phase diagnose only looks, so it can not be write",
                "sh rb id=a phase=mitigate | risk: mitigate changes something: risk=write or risk=destructive",
                "sh rb id=a phase=mitigate risk=destructive | confirm: risk=destructive is confirmed by a person: confirm=yes",
                "sh rb id=a phase=mitigate risk=some confirm=yes | risk: \"some\": there are read, write, destructive",
                "sh rb id=a phase=diagnose confirm=yes | confirm: what only reads asks nobody",
                "sh rb id=a phase=mitigate risk=write confirm=no | confirm: \"no\": takes yes and nothing else",
                "sh rb id=a phase=inject | only: the phase inject is for drills alone: only=drill",
                "sh rb id=a phase=cleanup | only: the phase cleanup is for drills alone: only=drill",
                "sh rb id=a phase=assert timeout=soon | timeout: \"soon\": takes a time such as 30s",
                "sh rb id=a phase=assert retry=20 | retry: \"20\": takes times and a delay such as 20x15s",
                "sh rb id=a phase=mitigate risk=write confirm=yes retry=2x1s | retry: what changes something is not done again by itself",
                "sh rb id=a phase=diagnose set=pool | set: \"pool\": takes the name of a variable such as POOL, which none of the shell's is",
                "sh rb id=a phase=diagnose set=PATH | set: \"PATH\": takes the name of a variable such as POOL, which none of the shell's is",
                "sh rb id=a phase=diagnose env=BASH_ENV | env: \"BASH_ENV\": takes names of variables such as SERVICE,ENVIRONMENT",
                "sh rb id=a phase=assert expect.exit=fine | expect.exit: \"fine\": takes a code such as 0 or 404",
                "promql rb id=a phase=assert expect.exit=0 | expect.exit: a query does not end with a code",
                "sh rb id=a phase=assert expect.rows=>=1 | expect.rows: only promql, logql and sql have rows",
                "promql rb id=a phase=assert expect.num=1 | expect.num: \"1\": takes a comparison such as >=1, written expect.num=>=1 or expect.num==0",
                "promql rb id=a phase=assert expect.num=>=1 expect.rows==1 | expect.rows: contradicts expect.num, which is about one row",
                "http rb id=a phase=assert expect.num=>=1 | expect.num: an HTTP answer is no number; expect.exit takes its status",
                "sh rb id=a phase=assert expect.stdout=( | expect.stdout: \"(\": is no regular expression",
                "sh rb id=a phase=assert needs=helm | needs: \"helm\": there are alertmanager, app, argocd, kubectl, loki, postgres, prometheus",
                "sh rb id=a phase=assert database=health | database: nothing asks one here: needs=postgres",
                "sql rb id=a phase=assert database=audit | database: \"audit\": there are health, whoop",
            })
    void aStepIsRefused(String info, String message) {
        assertThatThrownBy(() -> Pages.of("```" + info + "\nselect 1\n```\n"))
                .isInstanceOf(PageException.class)
                .message()
                .contains("Example.md:26: " + message);
    }

    @Test
    void whatCanNotBeOfAPageAsAWholeIsRefused() {
        assertThatThrownBy(() -> Page.parse("Example", "# Example\n"))
                .hasMessageContaining("Example.md:1: does not begin with front matter between two lines ---");
        assertThatThrownBy(() -> Pages.of("```sh rb id=a phase=assert\ntrue\n"))
                .hasMessage("Example.md:26: the fence is not closed");
        assertThatThrownBy(() -> Pages.of("```sh rb id=a phase=assert\n\n```\n"))
                .hasMessage("Example.md:26: does nothing");
        String step = "```sh rb id=a phase=assert\ntrue\n```\n";
        assertThatThrownBy(() -> Pages.of(step + step))
                .hasMessage("Example.md:29: id: a is the step of line 26 already");
        assertThatThrownBy(() -> Pages.of("```promql rb id=a phase=assert\nup{pod=\"${POD}\"}\n```\n"))
                .hasMessage("Example.md:26: env: POD is neither named here nor set by a step before");
        assertThatThrownBy(() -> Pages.of("```sql rb id=a phase=diagnose env=POD\nselect '${POD}'\n```\n"))
                .hasMessage("Example.md:26: env: a statement takes $1, the first name of env, and no ${…}");
        assertThat(Pages.of("```promql rb id=a phase=assert env=POD\nup{pod=\"${POD}\"}\n```\n")
                        .steps())
                .hasSize(1);
    }
}
