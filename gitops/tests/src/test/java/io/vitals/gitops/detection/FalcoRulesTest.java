package io.vitals.gitops.detection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Our rules for Falco fire at the events that they are for, and tell no more than who did it. */
class FalcoRulesTest {
    private static final JsonNode VALUES =
            Yaml.read(Program.ROOT.resolve("gitops/platform/falco/values.yaml")).getFirst();
    private static final Pattern FIELD = Pattern.compile("%([a-z0-9_.]+)");
    /** Between what is not in brackets. */
    private static final Pattern TERMS = Pattern.compile(" and (?![^(]*\\))");
    /** Neither arguments nor environment nor names of files: those may be about a member. */
    private static final Set<String> TOLD = Set.of("container.name", "k8s.ns.name", "k8s.pod.name", "proc.name");

    private final Map<String, List<String>> lists = new HashMap<>();
    private final Map<String, String> macros = new HashMap<>();
    private final Map<String, JsonNode> rules = new TreeMap<>();

    FalcoRulesTest() {
        for (JsonNode part :
                Yaml.parse(VALUES.at("/customRules/vitals.yaml").asText()).getFirst()) {
            if (part.has("list")) {
                var items = new ArrayList<String>();
                part.path("items").forEach(item -> items.add(item.asText()));
                lists.put(part.path("list").asText(), items);
            } else if (part.has("macro")) {
                macros.put(part.path("macro").asText(), part.path("condition").asText());
            } else {
                rules.put(part.path("rule").asText(), part);
            }
        }
    }

    @Test
    void eachFiresAtItsEventsAndAtNothingLikeThem() {
        var seen = new ArrayList<String>();
        for (JsonNode scenario : Yaml.read(Program.ROOT.resolve("monitoring/detection/events.yaml"))
                .getFirst()) {
            String rule = scenario.path("rule").asText();
            seen.add(rule);
            assertThat(scenario.path("fires"))
                    .as(rule)
                    .isNotEmpty()
                    .allSatisfy(event -> assertThat(holds(condition(rule), event))
                            .as(rule + " at " + event)
                            .isTrue());
            assertThat(scenario.path("silent"))
                    .as(rule)
                    .isNotEmpty()
                    .allSatisfy(event -> assertThat(holds(condition(rule), event))
                            .as(rule + " at " + event)
                            .isFalse());
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(rules.keySet()).hasSizeGreaterThan(4);
    }

    /** Without any of the terms that all have to hold, something harmless would fire; the kind of call aside, which is for speed. */
    @Test
    void eachTermIsForAnEvent() {
        for (JsonNode scenario : Yaml.read(Program.ROOT.resolve("monitoring/detection/events.yaml"))
                .getFirst()) {
            String rule = scenario.path("rule").asText();
            List<String> terms = TERMS.splitAsStream(condition(rule)).toList();
            assertThat(terms).hasSizeGreaterThan(2);
            for (String term : terms) {
                var others = new ArrayList<>(terms);
                others.remove(term);
                if (!term.startsWith("evt.type ")) {
                    assertThat(scenario.path("silent"))
                            .as(rule + " without " + term)
                            .anySatisfy(event -> assertThat(holds(String.join(" and ", others), event))
                                    .isTrue());
                }
            }
        }
    }

    @Test
    void outputsTellWhoAndNotWhat() {
        assertThat(rules.values()).allSatisfy(rule -> {
            assertThat(rule.path("rule").asText()).startsWith("Vitals ");
            assertThat(rule.path("desc").asText()).isNotBlank();
            assertThat(FIELD.matcher(rule.path("output").asText()).results().map(field -> field.group(1)))
                    .isSubsetOf(TOLD)
                    .contains("k8s.ns.name", "k8s.pod.name", "proc.name");
        });
        // Of the rules that Falco brings too: Alertmanager gets none of their outputs.
        for (String cluster : List.of("local", "preproduction", "production")) {
            assertThat(Yaml.read(Program.ROOT.resolve("gitops/clusters/" + cluster + "/values/falco.yaml"))
                            .getFirst()
                            .at("/falcosidekick/config/alertmanager/extraannotations")
                            .asText())
                    .startsWith("description:");
        }
    }

    /** What nobody hears of is no rule; and what is said is a severity that is routed. */
    @Test
    void everyPriorityIsASeverity() {
        JsonNode alertmanager = VALUES.at("/falcosidekick/config/alertmanager");
        var severities =
                new LinkedPriorities(alertmanager.path("customseveritymap").asText());
        int least = severities.rank(alertmanager.path("minimumpriority").asText());
        assertThat(severities.all().values()).isSubsetOf("critical", "warning", "info");
        assertThat(rules.values()).allSatisfy(rule -> {
            String priority = rule.path("priority").asText().toLowerCase(Locale.ROOT);
            assertThat(severities.rank(priority)).isBetween(0, least);
            assertThat(severities.all().get(priority)).isIn("critical", "warning");
        });
    }

    private record LinkedPriorities(List<String> order, Map<String, String> all) {
        LinkedPriorities(String map) {
            this(new ArrayList<>(), new HashMap<>());
            for (String pair : map.split(",", -1)) {
                List<String> parts = List.of(pair.split(":", -1));
                order.add(parts.getFirst());
                all.put(parts.getFirst(), parts.getLast());
            }
        }

        int rank(String priority) {
            return order.indexOf(priority);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vitals_servise | no macro is called vitals_servise",
                "evt.type in (vitals_nothing) | no list is called vitals_nothing",
                "evt.type resembles connect | not known here: resembles",
                "evt.type = connect and ( vitals_service | expected ) after [evt.type, =, connect, and, (, vitals_service]",
                "evt.type = connect vitals_service | goes on after its end: evt.type = connect vitals_service",
                "evt.type = connect and | ends too early",
            })
    void aConditionThatFalcoWouldRefuseIsRefused(String condition, String why) {
        JsonNode event = JsonNodeFactory.instance.objectNode();
        assertThatThrownBy(() -> holds(condition, event)).hasMessage(why);
    }

    private String condition(String rule) {
        JsonNode found = rules.get(rule);
        assertThat(found).as(rule).isNotNull();
        return found == null ? "" : found.path("condition").asText();
    }

    private boolean holds(String condition, JsonNode event) {
        return Condition.holds(condition, macros, lists, event);
    }
}
