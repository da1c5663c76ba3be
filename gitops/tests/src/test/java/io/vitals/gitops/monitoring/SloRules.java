package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * Makes the rules of the objectives: how many events and what share of them was bad over each window, what is left of the budget of 30 days,
 * and an alert for each pair of windows. Of a pair both have to burn: the long one so that it matters, the short one so that it ends soon.
 */
final class SloRules {
    private static final List<String> WINDOWS = List.of("5m", "30m", "1h", "2h", "6h", "1d", "3d");

    /**
     * @param factor how many times faster than allowed
     * @param gone what that means for the budget
     */
    private record Burn(
            String factor, String tier, String longer, String shorter, String holds, String severity, String gone) {}

    private static final List<Burn> BURNS = List.of(
            new Burn("14.4", "fast", "1h", "5m", "2m", "critical", "2 days"),
            new Burn("6", "fast", "6h", "30m", "15m", "critical", "5 days"),
            new Burn("3", "slow", "1d", "2h", "1h", "warning", "10 days"),
            new Burn("1", "slow", "3d", "6h", "3h", "warning", "30 days"));

    private final StringBuilder text = new StringBuilder();

    private SloRules() {}

    /** The whole file. */
    static String of(JsonNode slos) {
        var rules = new SloRules();
        rules.text.append("""
                # Made of ../slo.yaml; SloRulesTest says how.
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata:
                  labels:
                    app.kubernetes.io/name: vitals-rules
                    app.kubernetes.io/part-of: vitals
                  name: vitals-slo
                  namespace: monitoring
                spec:
                  groups:
                """);
        slos.path("slos").forEach(rules::group);
        return rules.text.toString();
    }

    private void group(JsonNode slo) {
        text.append("    - name: vitals-slo-%s%n      rules:%n"
                .formatted(slo.path("name").asText()));
        for (String window : WINDOWS) {
            String all = slo.path("all").asText().strip().replace("WINDOW", window);
            String bad = slo.path("bad").asText().strip().replace("WINDOW", window);
            record("slo:events:rate" + window, all, slo);
            record("slo:error_ratio:rate" + window, "(%s)\n  / (%s > 0)".formatted(bad, all), slo);
        }
        String of = selector(slo);
        record("slo:budget_remaining:ratio30d", """
                clamp_min(
                  1 - sum_over_time((slo:error_ratio:rate5m%1$s * slo:events:rate5m%1$s)[30d:5m])
                    / sum_over_time(slo:events:rate5m%1$s[30d:5m]) / %2$s,
                  0)""".formatted(of, budget(slo)), slo);
        BURNS.forEach(burn -> alert(slo, burn));
    }

    private void record(String name, String expr, JsonNode slo) {
        text.append("        - expr: |%n%s%n".formatted(expr.indent(12).stripTrailing()));
        text.append("          labels:%n            service_id: %s%n            slo: %s%n          record: %s%n"
                .formatted(slo.path("service_id").asText(), slo.path("name").asText(), name));
    }

    private void alert(JsonNode slo, Burn burn) {
        String of = selector(slo);
        String threshold = budget(slo)
                .multiply(new BigDecimal(burn.factor()))
                .stripTrailingZeros()
                .toPlainString();
        text.append("""
                        - alert: SLOBudgetBurn
                          annotations:
                            description: >-
                              {{ $value | humanizePercentage }} over %3$s, where %4$s %% may be. At this rate the budget of 30 days is gone within %5$s;
                              {{ with printf "slo:budget_remaining:ratio30d{namespace='%%s',slo='%1$s'}" $labels.namespace | query }}{{ . | first | value | humanizePercentage }}{{ else }}an unknown part{{ end }} of it is left.
                            runbook_url: https://github.com/vitals/vitals/blob/main/runbooks/alerts/SLOBudgetBurn.md
                            summary: "A promise is about to be broken: %2$s"
                          expr: |
                            slo:error_ratio:rate%3$s%6$s > %7$s
                            and slo:error_ratio:rate%8$s%6$s > %7$s
                            and slo:events:rate%3$s%6$s > %9$s
                          for: %10$s
                          labels:
                            burn: "%11$s"
                            burn_tier: %12$s
                            component: %13$s
                            long: %3$s
                            service_id: %14$s
                            severity: %15$s
                            short: %8$s
                            slo: %1$s
                            team: %16$s
                """.formatted(
                        slo.path("name").asText(),
                        slo.path("promise").asText(),
                        burn.longer(),
                        budget(slo).movePointRight(2).stripTrailingZeros().toPlainString(),
                        burn.gone(),
                        of,
                        threshold,
                        burn.shorter(),
                        slo.path("floor").decimalValue().toPlainString(),
                        burn.holds(),
                        burn.factor(),
                        burn.tier(),
                        slo.path("component").asText(),
                        slo.path("service_id").asText(),
                        burn.severity(),
                        slo.path("team").asText())
                .indent(0));
    }

    private static String selector(JsonNode slo) {
        return String.format(Locale.ROOT, "{slo=\"%s\"}", slo.path("name").asText());
    }

    private static BigDecimal budget(JsonNode slo) {
        return BigDecimal.ONE.subtract(new BigDecimal(slo.path("objective").asText()));
    }
}
