package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;
import io.vitals.runbooks.page.Language;
import io.vitals.runbooks.page.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The alerts on log lines are held to the policy of all alerts; that they fire is tried with a real Loki, in services/journey. */
class LogRulesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]+`|all others) \\| (\\d+) \\|$");

    static Stream<AlertRule> alerts() {
        return of(document("monitoring/logs/rules.yaml")).stream();
    }

    private static List<AlertRule> of(JsonNode file) {
        var rules = new ArrayList<AlertRule>();
        file.at("/groups/0/rules").forEach(rule -> rules.add(new AlertRule("logs", rule)));
        return rules;
    }

    private static JsonNode document(String file) {
        return Yaml.read(Program.ROOT.resolve(file)).getFirst();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void eachIsAsItShouldBe(AlertRule alert) {
        assertThat(RulePolicy.findingsOfLogs(alert)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void itsPageAsksWhatItAsks(AlertRule alert) {
        var queries = new TreeMap<String, String>();
        Page.read(Program.ROOT.resolve("runbooks/alerts/" + alert.name() + ".md")).steps().stream()
                .filter(step -> step.language() == Language.LOGQL)
                .forEach(step -> queries.put(step.id(), step.text()));
        for (String query : List.of("now", "is-firing", "is-over")) {
            assertThat(queries).containsEntry(query, alert.expr().stripTrailing());
        }
        assertThat(alert.expr()).contains(queries.getOrDefault("lines", "none").strip());
    }

    @Test
    void eachHasANameOfItsOwn() {
        var names = new ArrayList<>(AlertRule.alerts().stream()
                .filter(alert -> !alert.name().equals("SLOBudgetBurn"))
                .map(AlertRule::name)
                .toList());
        alerts().map(AlertRule::name).forEach(names::add);
        assertThat(names).doesNotHaveDuplicates();
        assertThat(alerts()).hasSizeGreaterThan(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sum by (a) (count_over_time({a=\"b\"}[5m])) | compares nothing, so it fires as soon as there is a line",
                "sum by (a) (count_over_time({a=\"b\"}[5m])) > 0 | its text uses the label event that its expression drops",
            })
    void anExpressionThatMisleadsIsRefused(String expr, String finding) {
        AlertRule good = alerts().filter(alert -> alert.name().equals("NewErrorKind"))
                .findAny()
                .orElseThrow();
        assertThat(RulePolicy.findingsOfLogs(good.with("expr", TextNode.valueOf(expr))))
                .contains(finding);
    }

    /** Loki forgets before its bucket does, and the page says after how many days. */
    @Test
    void thePageSaysHowLongLinesAreKept() {
        JsonNode limits = document("gitops/platform/loki/values.yaml").at("/loki/limits_config");
        var days = new TreeMap<String, Integer>();
        days.put("all others", days(limits.path("retention_period")));
        limits.path("retention_stream")
                .forEach(stream -> days.put(
                        stream.path("selector").asText().replaceAll("[{}]", "`"), days(stream.path("period"))));
        var page = new TreeMap<String, Integer>();
        ROW.matcher(Tree.OURS.read("docs/logs.md"))
                .results()
                .forEach(row -> page.put(row.group(1), Integer.parseInt(row.group(2))));
        assertThat(page).isEqualTo(days).hasSize(4);
        assertThat(new TreeSet<>(days.values()).last())
                .isLessThan(document("gitops/clusters/aws/logs-lifecycle.json")
                        .at("/Rules/0/Expiration/Days")
                        .asInt());
    }

    private static int days(JsonNode span) {
        return Integer.parseInt(span.asText().replace("h", "")) / 24;
    }

    /** As Loki mounts it. */
    @Test
    void theRulerFindsThem() {
        JsonNode values = document("gitops/platform/loki/values.yaml");
        JsonNode made = document("monitoring/logs/kustomization.yaml");
        assertThat(values.at("/singleBinary/extraVolumes/0/configMap/name"))
                .isEqualTo(made.at("/configMapGenerator/0/name"));
        assertThat(values.at("/singleBinary/extraVolumeMounts/0/mountPath").asText())
                .startsWith(
                        values.at("/loki/rulerConfig/storage/local/directory").asText());
        assertThat(Yaml.parse(Program.run(Program.ROOT, Program.tool("kustomize"), "build", "monitoring/logs")
                                .orThrow())
                        .getFirst()
                        .at("/data/rules.yaml")
                        .asText())
                .isEqualTo(Tree.OURS.read("monitoring/logs/rules.yaml"));
    }
}
