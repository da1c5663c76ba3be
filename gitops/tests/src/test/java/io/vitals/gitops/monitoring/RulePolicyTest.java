package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The rules are held to the policy, and the policy refuses what it is there for. */
class RulePolicyTest {
    static Stream<AlertRule> alerts() {
        return AlertRule.alerts().stream();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void everyAlertIsAsItShouldBe(AlertRule alert) {
        assertThat(RulePolicy.findings(alert)).isEmpty();
    }

    @Test
    void everyAlertHasANameOfItsOwn() {
        assertThat(AlertRule.alerts().stream()
                        .filter(alert -> !alert.name().equals("SLOBudgetBurn"))
                        .map(AlertRule::name))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(60);
    }

    @Test
    void whatIsRecordedIsMadeOfWhatIsKnown() {
        var known = new TreeSet<>(Catalogue.series().keySet());
        AlertRule.all().stream().map(AlertRule::name).forEach(known::add);
        assertThat(AlertRule.all().stream().filter(rule -> !rule.alerting()))
                .hasSizeGreaterThan(20)
                .allSatisfy(rule -> assertThat(known).containsAll(Expr.metrics(rule.expr())));
    }

    @Test
    void everyForeignMetricIsUsed() {
        var unused = new TreeSet<>(Catalogue.foreign());
        AlertRule.all().forEach(rule -> unused.removeAll(Expr.metrics(rule.expr())));
        assertThat(unused).isEmpty();
    }

    @Test
    void everyObjectIsInTheKustomization() {
        assertThat(Yaml.read(Program.ROOT.resolve("monitoring/rules/kustomization.yaml"))
                        .getFirst()
                        .path("resources")
                        .valueStream()
                        .map(file -> file.asText().replace(".yaml", "")))
                .containsExactlyElementsOf(AlertRule.objects().keySet());
        AlertRule.objects().forEach((file, object) -> {
            assertThat(new Manifest(object).id()).isEqualTo("PrometheusRule/vitals-" + file);
            assertThat(new Manifest(object).namespace()).isEqualTo("monitoring");
            assertThat(object.at("/spec/groups").valueStream())
                    .allSatisfy(group -> assertThat(group.path("name").asText()).startsWith("vitals-" + file));
        });
    }

    /** What the linter refuses stays out of Prometheus. */
    @ParameterizedTest
    @ValueSource(strings = {"health-api", "whoop-service"})
    void whatIsDroppedIsDroppedAtTheScrape(String service) {
        var monitor = Yaml.read(Program.ROOT.resolve("gitops/apps/" + service + "/base/podmonitor.yaml"))
                .getFirst();
        List<String> dropped = monitor.at("/spec/podMetricsEndpoints/0/metricRelabelings")
                .valueStream()
                .map(Object::toString)
                .toList();
        assertThat(dropped)
                .isEqualTo(Catalogue.dropped()
                        .valueStream()
                        .map(drop -> drop.has("label")
                                ? "{\"action\":\"drop\",\"regex\":\".+\",\"sourceLabels\":[\""
                                        + drop.path("label").asText() + "\"]}"
                                : "{\"action\":\"drop\",\"regex\":\""
                                        + drop.path("name").asText() + "\",\"sourceLabels\":[\"__name__\"]}")
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up{a=\"b\"} | compares nothing, so it fires as soon as there is data",
                "topk(3, up) > 1 | uses topk, which is another series each time",
                "rate(whoop_webhook_replayed_total[30s]) > 1 | looks back over less than four samples: 30s",
                "nobody_knows_this > 1 | uses a metric that is not in the catalogue: nobody_knows_this",
                "rate(hikaricp_connections_pending[5m]) > 1 | rate of a gauge: hikaricp_connections_pending",
                "deriv(whoop_webhook_replayed_total[5m]) > 1 | deriv of a counter: whoop_webhook_replayed_total",
                "whoop_webhook_replayed_total > 1 | compares a counter itself, so it never clears: whoop_webhook_replayed_total",
            })
    void anExpressionThatMisleadsIsRefused(String expr, String finding) {
        assertThat(RulePolicy.findings(good().with("expr", TextNode.valueOf(expr))))
                .contains(finding);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "severity | page | its label severity is unknown: page",
                "team | nobody | its label team is unknown: nobody",
                "component | x | its label component is unknown: x",
                "service_id | x | its label service_id is unknown: x",
            })
    void aLabelThatNobodyRoutesIsRefused(String label, String value, String finding) {
        ObjectNode labels = good().json().path("labels").deepCopy();
        assertThat(RulePolicy.findings(good().with("labels", labels.put(label, value))))
                .contains(finding);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "summary | '' | has no summary",
                "description | {{ $value }}{{ $labels.pod }} | its text uses the label pod that its expression drops",
                "description | {{ printf $value }} | shows its value as nobody can read it",
                "runbook_url | https://github.com/vitals/vitals/blob/main/runbooks/alerts/ServiceDown.md | has no page of its name:"
                        + " https://github.com/vitals/vitals/blob/main/runbooks/alerts/ServiceDown.md",
            })
    void aTextThatHelpsNobodyIsRefused(String annotation, String value, String finding) {
        ObjectNode annotations = good().json().path("annotations").deepCopy();
        assertThat(RulePolicy.findings(good().with("annotations", annotations.put(annotation, value))))
                .contains(finding);
    }

    @Test
    void aDurationThatDoesNotFitIsRefused() {
        assertThat(RulePolicy.findings(good().with("for", TextNode.valueOf("1d"))))
                .contains("waits too long for its severity: 1d");
        assertThat(RulePolicy.findings(good().without("for")))
                .contains("fires at a single sample: it has neither a for nor a window");
    }

    private static AlertRule good() {
        AlertRule good = AlertRule.alerts().stream()
                .filter(alert -> alert.name().equals("WebhookOldestPending"))
                .findAny()
                .orElseThrow();
        assertThat(RulePolicy.findings(good)).isEmpty();
        return good;
    }
}
