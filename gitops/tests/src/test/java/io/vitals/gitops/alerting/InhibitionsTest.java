package io.vitals.gitops.alerting;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** What keeps what silent, held against the rules that there are: a label that both lack would count as equal. */
class InhibitionsTest {
    private static final Path RULES = Program.ROOT.resolve("monitoring/rules");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"?([^\"]*)\"?");
    private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    /**
     * @param labels those that it always has
     * @param kept those that its series have, or all that a target has
     */
    record Alert(Map<String, String> labels, Set<String> kept) {
        boolean has(String label) {
            return labels.containsKey(label) || kept.contains(label) || label.equals("cluster");
        }

        boolean fits(JsonNode matchers) {
            for (JsonNode matcher : matchers) {
                var parts = MATCHER.matcher(matcher.asText());
                assertThat(parts.matches()).as(matcher.asText()).isTrue();
                String value = labels.getOrDefault(parts.group(1), "");
                boolean equal =
                        value.matches(parts.group(2).endsWith("~") ? parts.group(3) : Pattern.quote(parts.group(3)));
                // What a series fills in may be anything.
                if (!value.startsWith("{{") && equal == parts.group(2).startsWith("!")) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return labels.get("alertname") + " " + labels.getOrDefault("severity", "");
        }
    }

    @BeforeEach
    void rules() {
        assumeThat(RULES).isDirectory();
    }

    @Test
    void everyLabelThatMustBeEqualIsOnBothSides() throws IOException {
        List<Alert> alerts = alerts();
        for (JsonNode rule : Alertmanager.ours().path("inhibit_rules")) {
            List<String> pairs = new ArrayList<>();
            for (Alert source : alerts) {
                for (Alert target : alerts) {
                    if (source.fits(rule.path("source_matchers"))
                            && target.fits(rule.path("target_matchers"))
                            && couldBeEqual(rule, source, target)) {
                        pairs.add(source + " keeps " + target + " silent");
                        rule.path("equal")
                                .forEach(label -> assertThat(source.has(label.asText()) && target.has(label.asText()))
                                        .as("%s have %s", pairs.getLast(), label.asText())
                                        .isTrue());
                        assertThat(target.labels().get("severity")).isNotEqualTo("critical");
                    }
                }
            }
            assertThat(pairs).as(rule.toString()).isNotEmpty();
        }
        // A label that one of them lacks is noticed.
        assertThat(new Alert(Map.of("alertname", "A"), Set.of("name")).has("namespace"))
                .isFalse();
        assertThat(read("absent(up{app=\"x\",namespace=~\"y\"})")).isEqualTo(Set.of("app"));
    }

    private static boolean couldBeEqual(JsonNode rule, Alert source, Alert target) {
        for (JsonNode label : rule.path("equal")) {
            String one = source.labels().getOrDefault(label.asText(), "{{");
            String other = target.labels().getOrDefault(label.asText(), "{{");
            if (!one.startsWith("{{") && !other.startsWith("{{") && !one.equals(other)) {
                return false;
            }
        }
        return true;
    }

    /** A renamed alert would be kept silent no more, or keep nothing silent. */
    @Test
    void everyAlertThatIsNamedIsThere() throws IOException {
        var there = new TreeSet<>(alerts().stream()
                .map(alert -> alert.labels().getOrDefault("alertname", ""))
                .toList());
        for (JsonNode rule : Alertmanager.ours().path("inhibit_rules")) {
            Stream.of("source_matchers", "target_matchers")
                    .flatMap(side -> rule.path(side).valueStream())
                    .map(matcher -> MATCHER.matcher(matcher.asText())
                            .results()
                            .findFirst()
                            .orElseThrow())
                    .filter(matcher -> matcher.group(1).equals("alertname"))
                    .flatMap(matcher -> Stream.of(matcher.group(3).split("\\|", -1)))
                    .forEach(name -> assertThat(there).anyMatch(alert -> alert.matches(name), name));
        }
    }

    private static List<Alert> alerts() throws IOException {
        var all = new ArrayList<Alert>();
        try (Stream<Path> files = Files.list(RULES)) {
            for (Path file :
                    files.filter(file -> !file.endsWith("kustomization.yaml")).toList()) {
                for (JsonNode group : Yaml.read(file).getFirst().at("/spec/groups")) {
                    for (JsonNode rule : group.path("rules")) {
                        if (rule.has("alert")) {
                            var labels = new TreeMap<String, String>();
                            rule.path("labels")
                                    .properties()
                                    .forEach(label -> labels.put(
                                            label.getKey(), label.getValue().asText()));
                            labels.put("alertname", rule.path("alert").asText());
                            all.add(new Alert(labels, read(rule.path("expr").asText())));
                        }
                    }
                }
            }
        }
        assertThat(all).isNotEmpty();
        return all;
    }

    /** Which labels the series of an expression have. One that nothing is summed over has those of a target. */
    private static Set<String> read(String expr) {
        var kept = new TreeSet<String>();
        if (expr.startsWith("absent(")) {
            LABEL.matcher(expr).results().forEach(label -> kept.add(label.group(1)));
        } else if (BY.matcher(expr).find()) {
            var by = BY.matcher(expr);
            if (by.find()) {
                kept.addAll(List.of(by.group(1).split(", ", -1)));
            }
        } else if (!expr.startsWith("vector(")) {
            kept.addAll(Set.of("namespace", "pod"));
        }
        return kept;
    }
}
