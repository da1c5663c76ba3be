package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Every alert fires when it should, not just below, and clears again; promtool evaluates the rules as Prometheus does. */
class AlertRulesTest {
    @TempDir
    Path folder;

    static Collection<String> areas() {
        return AlertRule.areas();
    }

    static Stream<AlertRule> alerts() {
        return AlertRule.alerts().stream();
    }

    @ParameterizedTest
    @MethodSource("areas")
    void theyDoWhatTheirTestsSay(String area) {
        List<AlertRule> rules = AlertRule.of(area);
        Promtool.write(folder.resolve("rules.yaml"), rules);
        var check = Promtool.run(folder, "check", "rules", "--lint=all", "--lint-fatal", "rules.yaml");
        assertThat(check.code()).as(check.out() + check.err()).isZero();
        var test = Scenarios.of(area).run(folder, rules);
        assertThat(test.code()).as(test.out() + test.err()).isZero();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void everyOneIsSeenSilentThenFiringThenOver(AlertRule alert) {
        List<List<Scenarios.Look>> scenarios = Scenarios.of(alert.area()).looksAt(alert.name());
        assertThat(scenarios)
                .as("a scenario in which it is silent, fires with its text, and is over")
                .anySatisfy(looks -> {
                    int fires = first(looks, 0, true);
                    assertThat(fires).isNotNegative();
                    looks.get(fires)
                            .expected()
                            .forEach(expected ->
                                    assertThat(expected.path("exp_annotations")).isNotEmpty());
                    // The heartbeat is never silent.
                    if (!alert.label("severity").equals("none")) {
                        assertThat(first(looks, 0, false)).isBetween(0, fires);
                        assertThat(first(looks, fires, false)).isGreaterThan(fires);
                    }
                });
    }

    private static int first(List<Scenarios.Look> looks, int from, boolean fires) {
        for (int i = from; i < looks.size(); i++) {
            if (looks.get(i).fires() == fires) {
                return i;
            }
        }
        return -1;
    }

    /** Without any data only those fire that say so: a fault of the measuring is not taken for one of what is measured. */
    @Test
    void withoutDataOnlyThoseFireThatSayThatThereIsNone() {
        List<AlertRule> all = AlertRule.all();
        Promtool.write(folder.resolve("all.yaml"), all);
        ObjectNode tests = JsonNodeFactory.instance.objectNode();
        tests.putArray("rule_files").add("all.yaml");
        tests.put("evaluation_interval", "5m");
        var looks = tests.putArray("tests").addObject().put("interval", "5m").putArray("promql_expr_test");
        var silent = new ArrayList<String>();
        for (AlertRule alert : AlertRule.alerts()) {
            var look = looks.addObject()
                    .put("expr", "count(ALERTS{alertname=\"" + alert.name() + "\",alertstate=\"firing\"}) > bool 0")
                    .put("eval_time", "12h");
            var expected = look.putArray("exp_samples");
            if (alert.firesOnNothing()) {
                expected.addObject().put("labels", "{}").put("value", 1);
            } else {
                silent.add(alert.name());
            }
        }
        Promtool.write(folder.resolve("tests.yaml"), tests);
        var answer = Promtool.run(folder, "test", "rules", "tests.yaml");
        assertThat(answer.code()).as(answer.out() + answer.err()).isZero();
        assertThat(silent).hasSizeGreaterThan(60);
    }
}
