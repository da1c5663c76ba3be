package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The tests of an area, monitoring/tests/‹area›.yaml, as promtool reads them: series over time and what fires when. */
record Scenarios(ObjectNode content) {
    static Scenarios of(String area) {
        Path file = Program.ROOT.resolve("monitoring/tests/" + area + ".yaml");
        if (!Files.exists(file)) {
            return new Scenarios(JsonNodeFactory.instance.objectNode());
        }
        return new Scenarios((ObjectNode) Yaml.read(file).getFirst());
    }

    /** One look at an alert. */
    record Look(long minute, JsonNode expected) {
        boolean fires() {
            return !expected.isEmpty();
        }
    }

    /** The looks at an alert, one list for each scenario. */
    List<List<Look>> looksAt(String alert) {
        var all = new ArrayList<List<Look>>();
        for (JsonNode test : content.path("tests")) {
            var looks = new ArrayList<Look>();
            for (JsonNode look : test.path("alert_rule_test")) {
                if (look.path("alertname").asText().equals(alert)) {
                    looks.add(new Look(Expr.seconds(look.path("eval_time").asText()) / 60, look.path("exp_alerts")));
                }
            }
            if (!looks.isEmpty()) {
                all.add(looks);
            }
        }
        return all;
    }

    /** Those of one alert alone. */
    Scenarios about(String alert) {
        return only(test -> test.path("alert_rule_test")
                .valueStream()
                .anyMatch(look -> look.path("alertname").asText().equals(alert)));
    }

    /** The one of a name alone. */
    Scenarios named(String name) {
        return only(test -> test.path("name").asText().equals(name));
    }

    private Scenarios only(Predicate<JsonNode> wanted) {
        ObjectNode copy = content.deepCopy();
        ArrayNode tests = copy.putArray("tests");
        content.path("tests").valueStream().filter(wanted).forEach(tests::add);
        return new Scenarios(copy);
    }

    /** The same about other rules instead of one alert: what is expected of each is what fits its labels. */
    Scenarios insteadOf(String alert, Map<String, AlertRule> others) {
        ObjectNode copy = content.deepCopy();
        for (JsonNode test : copy.path("tests")) {
            JsonNode before = test.path("alert_rule_test");
            var looks = ((ObjectNode) test).putArray("alert_rule_test");
            for (JsonNode look : before) {
                if (look.path("alertname").asText().equals(alert)) {
                    others.forEach((name, rule) -> looks.add(look(look, name, rule)));
                }
            }
        }
        return new Scenarios(copy);
    }

    private static ObjectNode look(JsonNode look, String name, AlertRule rule) {
        ObjectNode copy = look.deepCopy();
        var expected = copy.put("alertname", name).putArray("exp_alerts");
        look.path("exp_alerts").valueStream().filter(rule::labelled).forEach(expected::add);
        return copy;
    }

    /** Runs them on rules in a folder of their own. */
    Program.Answer run(Path folder, List<AlertRule> rules) {
        String file = content.path("rule_files").path(0).asText();
        Promtool.write(folder.resolve(file), rules);
        Promtool.write(folder.resolve("tests.yaml"), content);
        return Promtool.run(folder, "test", "rules", "tests.yaml");
    }
}
