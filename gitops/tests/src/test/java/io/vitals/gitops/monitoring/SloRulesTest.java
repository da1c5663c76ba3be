package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** rules/slo.yaml is what slo.yaml makes: run with {@code -Dvitals.write=true} to write it anew, and review it. */
class SloRulesTest {
    private static final Path GOLDEN = Program.ROOT.resolve("monitoring/rules/slo.yaml");

    @Test
    void theRulesAreMadeOfTheObjectives() throws IOException {
        String made = SloRules.of(objectives());
        if (Boolean.getBoolean("vitals.write")) {
            Files.writeString(GOLDEN, made);
        }
        assertThat(Tree.OURS.read("monitoring/rules/slo.yaml")).isEqualTo(made);
    }

    @Test
    void eachObjectiveHasFourAlertsAndItsOwnThresholds() {
        List<AlertRule> alerts = AlertRule.alerts().stream()
                .filter(alert -> alert.area().startsWith("slo-"))
                .toList();
        assertThat(alerts).hasSize(4 * objectives().path("slos").size());
        assertThat(alerts.stream()
                        .filter(alert -> alert.label("slo").equals("api-availability"))
                        .map(alert -> Expr.numbers(alert.expr()).getFirst().group(1)))
                .containsExactly("0.0144", "0.006", "0.003", "0.001");
    }

    @Test
    void anotherObjectiveMakesOtherThresholds() {
        ObjectNode changed = objectives().deepCopy();
        ((ObjectNode) changed.path("slos").path(0)).put("objective", "0.995");
        assertThat(SloRules.of(changed)).contains("slo:error_ratio:rate1h{slo=\"api-availability\"} > 0.072\n");
    }

    private static ObjectNode objectives() {
        JsonNode file = Yaml.read(Program.ROOT.resolve("monitoring/slo.yaml")).getFirst();
        return (ObjectNode) file;
    }
}
