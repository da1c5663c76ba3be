package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The scenarios are worth something: each rule is changed in every way that would make it useless, and one of them notices. The rules of all
 * promises are made by one piece of code, so of those one is enough here; {@code -Dvitals.mutants.all=true} takes all.
 */
class MutationTest {
    private static final boolean ALL = Boolean.getBoolean("vitals.mutants.all");
    private static final String PROMISE = "slo-webhook-intake";
    private static final Pattern FAILED = Pattern.compile("alertname: (\\S+), time:");

    @TempDir
    Path folder;

    static Stream<Arguments> alerts() {
        return AlertRule.alerts().stream()
                .filter(alert -> tried(alert.area()) && !Mutant.of(alert).isEmpty())
                .map(alert -> List.of(alert.area(), alert.name()))
                .distinct()
                .map(names -> Arguments.of(names.toArray()));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void noMutantOfAnAlertLives(String area, String alert) {
        assertThat(survivors(area, alert, Scenarios.of(area).about(alert))).isEmpty();
    }

    /** Each mutation in all of a promise's recordings at once: they differ by their windows alone. */
    @ParameterizedTest
    @MethodSource("recordings")
    void noMutantOfTheRecordingsLives(String area, int which) {
        List<AlertRule> rules = AlertRule.of(area).stream()
                .map(rule -> {
                    List<Mutant> mutants = rule.alerting() ? List.of() : Mutant.ofComparisons(rule);
                    return which < mutants.size() ? mutants.get(which).rule() : rule;
                })
                .toList();
        assertThat(rules).isNotEqualTo(AlertRule.of(area));
        var answer = Scenarios.of(area).run(folder, rules);
        assertThat(answer.out() + answer.err()).contains("FAILED:", "got:");
    }

    static Stream<Arguments> recordings() {
        return AlertRule.areas().stream()
                .filter(MutationTest::tried)
                .flatMap(area -> IntStream.range(
                                0,
                                AlertRule.of(area).stream()
                                        .filter(rule -> !rule.alerting())
                                        .mapToInt(rule ->
                                                Mutant.ofComparisons(rule).size())
                                        .max()
                                        .orElse(0))
                        .mapToObj(which -> Arguments.of(area, which)));
    }

    private static boolean tried(String area) {
        return ALL || !area.startsWith("slo-") || area.equals(PROMISE);
    }

    /** Without the scenario that goes just over the threshold, nothing tells that it is there. */
    @Test
    void aMutantThatNothingNoticesIsFound() {
        Scenarios little = Scenarios.of("sync").named("SyncStalled: none since the start of the process");
        assertThat(survivors("sync", "SyncStalled", little))
                .extracting(mutant -> mutant.rule().expr())
                .hasSize(6)
                .contains("time() - max by (namespace) (whoop_sync_last_success_timestamp_seconds > 0) > 3960");
    }

    @Test
    void everythingThatCanBeWrongIsTried() {
        JsonNode rule = Yaml.parse("""
                alert: A
                expr: rate(a{b!="c"}[5m]) > 0.2 and b < 3
                for: 5m
                """).getFirst();
        assertThat(Mutant.of(new AlertRule("area", rule)))
                .extracting(mutant -> mutant.rule().expr() + " for "
                        + mutant.rule().json().path("for").asText("nothing"))
                .containsExactly(
                        "rate(a{b!=\"c\"}[5m]) <= 0.2 and b < 3 for 5m",
                        "rate(a{b!=\"c\"}[5m]) > 0.2 and b >= 3 for 5m",
                        "rate(a{b!=\"c\"}[5m]) > 0.22 and b < 3 for 5m",
                        "rate(a{b!=\"c\"}[5m]) > 0.18 and b < 3 for 5m",
                        "rate(a{b!=\"c\"}[5m]) > 0.2 and b < 4 for 5m",
                        "rate(a{b!=\"c\"}[5m]) > 0.2 and b < 2 for 5m",
                        "rate(a{b=\"c\"}[5m]) > 0.2 and b < 3 for 5m",
                        "rate(a{b!=\"c\"}[5m]) > 0.2 and b < 3 for nothing",
                        "rate(a{b!=\"c\"}[5m]) > 0.2 and b < 3 for 900s");
    }

    /** All mutants of an alert run side by side under names of their own: starting promtool takes longer than what it does. */
    private List<Mutant> survivors(String area, String alert, Scenarios scenarios) {
        Map<String, Mutant> mutants = new LinkedHashMap<>();
        Map<String, AlertRule> renamed = new LinkedHashMap<>();
        List<AlertRule> rules = new ArrayList<>();
        for (AlertRule rule : AlertRule.of(area)) {
            if (!rule.alerting()) {
                rules.add(rule);
            } else if (rule.name().equals(alert)) {
                add(renamed, rule, "Unchanged");
                Mutant.of(rule).forEach(mutant -> mutants.put(add(renamed, mutant.rule(), "Mutant"), mutant));
            }
        }
        rules.addAll(renamed.values());
        var answer = scenarios.insteadOf(alert, renamed).run(folder, rules);
        Set<String> noticed = noticed(answer);
        assertThat(mutants.keySet()).as(answer.out() + answer.err()).containsAll(noticed);
        return mutants.entrySet().stream()
                .filter(mutant -> !noticed.contains(mutant.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The rules that did something else than expected. If there is none, promtool read nothing that it knows. */
    private static Set<String> noticed(Program.Answer answer) {
        Set<String> names = FAILED.matcher(answer.out() + answer.err())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(names).as(answer.out() + answer.err()).isNotEmpty();
        return names;
    }

    private static String add(Map<String, AlertRule> renamed, AlertRule rule, String kind) {
        String name = rule.name() + kind + renamed.size();
        renamed.put(name, rule.with("alert", TextNode.valueOf(name)));
        return name;
    }
}
