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
        ObjectNode copy = content.deepCopy();
        ArrayNode tests = copy.putArray("tests");
        for (JsonNode test : content.path("tests")) {
            if (test.path("alert_rule_test")
                    .valueStream()
                    .anyMatch(look -> look.path("alertname").asText().equals(alert))) {
                tests.add(test);
            }
        }
        return new Scenarios(copy);
    }

    /** Runs them on rules in a folder of their own. */
    Program.Answer run(Path folder, List<AlertRule> rules) {
        String file = content.path("rule_files").path(0).asText();
        Promtool.write(folder.resolve(file), rules);
        Promtool.write(folder.resolve("tests.yaml"), content);
        return Promtool.run(folder, "test", "rules", "tests.yaml");
    }
}
