package io.vitals.journey.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What a drill changes about rules, and what it does not. */
class RulesOverlayTest {
    private static final RulesOverlay OVERLAY =
            new RulesOverlay(new Shorter(60), Duration.ofSeconds(1), Set.of("Unhurried"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "rate(a_total[5m]) > 0.2 | rate(a_total[5s]) > 0.2",
                "increase(a_total[1h30m]) > 20 | increase(a_total[90s]) > 20",
                "rate(a_total[1h] offset 1d) == 0 | rate(a_total[60s] offset 1440s) == 0",
                "sum_over_time(a[30d:5m]) | sum_over_time(a[43200s:5s])",
                "predict_linear(a_bytes[6h], 4 * 86400) < 0 | predict_linear(a_bytes[360s], 5760.0) < 0",
                "max(oldest_seconds{a=\"b\"}) > 900 | max(oldest_seconds{a=\"b\"}) > 15.0",
                "time() - max(last_timestamp_seconds > 0) > 3 * 3600 | time() - max(last_timestamp_seconds > 0.0) > 180.0",
                "(min(end_timestamp_seconds) - time()) / 86400 < 14 | (min(end_timestamp_seconds) - time()) / 86400 < 0.23333333333333334",
                // Neither a number of restarts nor how long a call may take is an age.
                "resets(uptime_seconds{a=\"b\"}[30m]) > 2 | resets(uptime_seconds{a=\"b\"}[30s]) > 2",
                "rate(wait_seconds_sum[5m]) > 0.1 | rate(wait_seconds_sum[5s]) > 0.1",
            })
    void timePassesFasterAndAmountsStay(String before, String after) {
        assertThat(OVERLAY.expression(before)).isEqualTo(after);
    }

    @Test
    void onlyTheClauseThatTellsAnAgeIsChanged() {
        assertThat(OVERLAY.expression("max(age_seconds) > 600\nand on (a)\n  sum(members) > 20\n"))
                .isEqualTo("max(age_seconds) > 10.0\nand on (a)\n  sum(members) > 20\n");
    }

    @Test
    void aConditionLastsLessLongUnlessItIsKept() throws IOException {
        JsonNode rules = OVERLAY.file(object("""
                        - {alert: Usual, expr: up == 0, for: 10m, keep_firing_for: 5m, labels: {long: 1h}}
                        - {alert: Unhurried, expr: 'rate(a_total[5m]) == 0', for: 5m}
                        """)).at("/groups/0/rules");
        assertThat(rules.path(0).toString())
                .isEqualTo(
                        "{\"alert\":\"Usual\",\"expr\":\"up == 0\",\"for\":\"10s\",\"keep_firing_for\":\"5s\",\"labels\":{\"long\":\"1h\"}}");
        assertThat(rules.path(1).path("for").asText()).isEqualTo("5m");
        assertThat(rules.path(1).path("expr").asText()).isEqualTo("rate(a_total[5s]) == 0");
    }

    /** A scrape or two that a busy machine misses are no fault; and nothing waits longer than it does. */
    @ParameterizedTest
    @CsvSource({"10m, 10s", "2m, 5s", "3s, 3s", "0s, 0s"})
    void aConditionLastsForSomeScrapes(String before, String after) throws IOException {
        JsonNode rule = OVERLAY.file(object("- {alert: A, expr: up == 0, for: " + before + "}"))
                .at("/groups/0/rules/0");
        assertThat(rule.path("for").asText()).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up == 0 | 5 minutes | no duration: 5 minutes",
                "up == 0 | 1.5h | no duration: 1.5h",
                "up == 0 | 30 | no duration: 30",
                "up == 0 | 50ms | 50ms is too short to be divided by 60",
                "rate(a_total[1m]) > 1 | 1m | [1m] divided by 60 does not hold 4 scrapes",
                "rate(a_total[$window]) > 1 | 1m | no duration: $window",
                "rate(a_total[1h] offset -1d) > 1 | 1m | no duration: -1d",
                "sum_over_time(a[1d:]) > 1 | 1m | 'no duration: '",
                "predict_linear(a[1h], scalar(b)) < 0 | 1m | no number of seconds: scalar(b",
            })
    void whatItCannotShortenIsRefused(String expression, String lasting, String why) throws IOException {
        ObjectNode object = object("- {alert: A}");
        ((ObjectNode) object.at("/spec/groups/0/rules/0"))
                .put("expr", expression)
                .put("for", lasting);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OVERLAY.file(object))
                .withMessage(why);
    }

    @Test
    void anObjectWithoutRulesIsRefused() throws IOException {
        JsonNode object = new YAMLMapper().readTree("{metadata: {name: empty}, spec: {groups: []}}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OVERLAY.file(object))
                .withMessage("no rules in \"empty\"");
    }

    @Test
    void aFactorThatMakesNothingShorterIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Shorter(0))
                .withMessage("a factor of 0 shortens nothing");
    }

    /** None of the tree's own is refused, and each one that waits waits less. */
    @Test
    void allRulesOfTheTreeAreShortened() throws IOException {
        for (Rules.Area area : Rules.all()) {
            ObjectNode file = OVERLAY.file(area.object());
            assertThat(file.toString()).as(area.name()).doesNotContainPattern("\"for\":\"\\d+[mhd]");
            assertThat(file.findValuesAsText("alert")).isEqualTo(area.object().findValuesAsText("alert"));
        }
    }

    private static ObjectNode object(String rules) throws IOException {
        return (ObjectNode) new YAMLMapper()
                .readTree("metadata: {name: a}\nspec:\n  groups:\n    - name: g\n      rules:\n" + rules.indent(8));
    }
}
