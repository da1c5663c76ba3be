package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** The commands of docs/monitoring.md do what the page says; what a person types between them is typed by a program. */
class DocumentedCommandsTest {
    private static final Pattern BLOCK = Pattern.compile("(?m)^```sh (\\w+)\\n(?s)(.*?)^```$");
    private static final Map<String, String> BLOCKS = blocks();

    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws IOException {
        for (String part : List.of("monitoring", "runbooks", "tools")) {
            Tree.copy(folder, part);
        }
        Files.copy(Program.ROOT.resolve("Makefile"), folder.resolve("Makefile"));
    }

    @Test
    void eachBlockIsRunHereAndHasThreeCommands() {
        assertThat(BLOCKS)
                .containsOnlyKeys("alert", "dashboard", "metric")
                .allSatisfy((_, commands) -> assertThat(commands.lines()).hasSize(3));
        assertThat(Tree.OURS.read("docs/monitoring.md")).doesNotContain("```sh\n", "```bash");
    }

    @Test
    void alert() throws IOException {
        var answer = run("alert", "sed -i 's/a_metric/whoop_webhook_queue_depth/' \"$@\"");
        assertThat(answer.orThrow()).isEqualTo("""
                        monitoring/rules/webhooks.yaml
                        monitoring/tests/webhooks.yaml
                        runbooks/alerts/WebhookQueueLong.md
                        webhooks: as its tests say
                        """);
        // All that is missing is that the page lies in another tree.
        assertThat(RulePolicy.findings(added()))
                .allSatisfy(finding -> assertThat(finding).startsWith("has no page of its name: "));
        assertThat(folder.resolve("runbooks/alerts/WebhookQueueLong.md"))
                .content()
                .contains("alert: WebhookQueueLong\n", "whoop_webhook_queue_depth");
    }

    @Test
    void whatNobodyHasFilledInIsRefused() throws IOException {
        run("alert", "true").orThrow();
        assertThat(RulePolicy.findings(added())).contains("uses a metric that is not in the catalogue: a_metric");
    }

    @Test
    void anAlertThatDoesOtherwiseThanItsScenarioIsRefused() {
        var answer = run("alert", "sed -i 's/(a_metric) > 10/(a_metric) > 11/' \"$1\"");
        assertThat(answer.code()).isEqualTo(65);
        assertThat(answer.err()).contains("alertname: WebhookQueueLong, time: 15m", "got:[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tools/alert webhooks | 64 | tools/alert AREA NAME",
                "tools/alert slo-api-latency New | 66 | no area is called slo-api-latency",
                "tools/alert nothing New | 66 | no area is called nothing",
                "tools/alert webhooks too_many | 65 | not CamelCase: too_many",
                "tools/alert webhooks WebhookSilence | 73 | there is already runbooks/alerts/WebhookSilence.md",
                "tools/rules ../tests | 66 | there is no monitoring/tests/../tests.yaml",
            })
    void whatCanNotBeIsRefused(String command, int code, String message) {
        var answer = Program.run(folder, "bash", "-c", command);
        assertThat(answer.err()).isEqualTo("vitals: " + message + "\n");
        assertThat(answer.code()).isEqualTo(code);
    }

    /** What is built and started for it is what its own test starts, so it is looked at what make would do. */
    @Test
    void metric() {
        String did = run("metric", "echo typed into \"$@\"").orThrow();
        assertThat(did)
                .containsOnlyOnce("typed into monitoring/catalogue.yaml\n")
                .contains(
                        "package -pl services/sandbox,services/whoop-service,services/health-api,services/on-call -am\n");
        assertThat(did.split("test -pl services/journey -am [^\n]* -Dtest=CatalogueTest ", -1))
                .hasSize(3);
        assertThat(Program.ROOT.resolve("services/journey/src/test/java/io/vitals/journey/metrics/CatalogueTest.java"))
                .isRegularFile();
    }

    /** The test that it starts writes and judges; what it would start beside a run is started by a test of its own. */
    @Test
    void dashboard() {
        String did = run("dashboard", "echo typed into \"$@\"").orThrow();
        assertThat(did)
                .contains(
                        "typed into gitops/tests/src/test/java/io/vitals/gitops/dashboards/ServiceDashboards.java\n",
                        " test -pl gitops/tests ",
                        " -Dtest=DashboardsTest -Dvitals.write=true\n",
                        "tools/observe \n");
        assertThat(Program.ROOT.resolve(
                        "gitops/tests/src/test/java/io/vitals/gitops/dashboards/ServiceDashboards.java"))
                .isRegularFile();
        assertThat(Program.ROOT.resolve("tools/observe")).isExecutable();
    }

    private AlertRule added() throws IOException {
        JsonNode rules = Yaml.parse(Files.readString(folder.resolve("monitoring/rules/webhooks.yaml")))
                .getFirst()
                .at("/spec/groups/0/rules");
        return new AlertRule("webhooks", rules.get(rules.size() - 1));
    }

    private Program.Answer run(String block, String editor) {
        Path program = folder.resolve("editor");
        try {
            Files.writeString(program, "#!/usr/bin/env bash\n" + editor + "\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return Program.run(
                folder,
                Map.of("EDITOR", program.toString(), "MAKEFLAGS", "n"),
                "bash",
                "-c",
                "set -eu\n" + BLOCKS.getOrDefault(block, "echo there is no such block; false"));
    }

    private static Map<String, String> blocks() {
        var blocks = new TreeMap<String, String>();
        var matcher = BLOCK.matcher(Tree.OURS.read("docs/monitoring.md"));
        while (matcher.find()) {
            blocks.put(matcher.group(1), matcher.group(2));
        }
        return blocks;
    }
}
