package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.node.TextNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.stream.Stream;

/**
 * A rule with one thing wrong.
 *
 * @param what is wrong, for whoever has to write the scenario that notices
 */
record Mutant(AlertRule rule, String what) {
    private static final Map<String, String> COMPARISONS =
            Map.of("==", "!=", "!=", "==", "<", ">=", ">=", "<", ">", "<=", "<=", ">");
    private static final Map<String, String> MATCHERS = Map.of("=", "!=", "!=", "=", "=~", "!~", "!~", "=~");

    /** All that are made of a rule: what it compares, the series that it picks, and each duration left out or too long. */
    static List<Mutant> of(AlertRule rule) {
        var all = new ArrayList<>(ofComparisons(rule));
        for (MatchResult matcher : Expr.matchers(rule.expr())) {
            all.add(replaced(rule, matcher, opposite(MATCHERS, matcher)));
        }
        for (String duration : List.of("for", "keep_firing_for")) {
            if (rule.json().has(duration)) {
                all.add(new Mutant(rule.without(duration), "without " + duration));
                String longer = 3 * Expr.seconds(rule.json().path(duration).asText()) + "s";
                all.add(new Mutant(rule.with(duration, TextNode.valueOf(longer)), duration + " of " + longer));
            }
        }
        return all;
    }

    /** Each comparison turned around, and each threshold moved. */
    static List<Mutant> ofComparisons(AlertRule rule) {
        var all = new ArrayList<Mutant>();
        for (MatchResult comparison : Expr.comparisons(rule.expr())) {
            all.add(replaced(rule, comparison, opposite(COMPARISONS, comparison)));
        }
        for (MatchResult number : Expr.numbers(rule.expr())) {
            others(number.group(1)).forEach(other -> all.add(replaced(rule, number, other)));
        }
        return all;
    }

    private static String opposite(Map<String, String> opposites, MatchResult of) {
        return Objects.requireNonNull(opposites.get(of.group(1)));
    }

    private static Mutant replaced(AlertRule rule, MatchResult at, String by) {
        String expr = rule.expr();
        String changed = expr.substring(0, at.start(1)) + by + expr.substring(at.end(1));
        return new Mutant(
                rule.with("expr", TextNode.valueOf(changed)),
                "`" + at.group(1) + "` at " + at.start(1) + " as `" + by + "` in " + expr.strip());
    }

    /** Thresholds that are off by a tenth; small counts by one. */
    private static List<String> others(String number) {
        BigDecimal value = new BigDecimal(number);
        boolean small = value.scale() <= 0 && value.compareTo(BigDecimal.valueOf(5)) <= 0;
        BigDecimal off = small ? BigDecimal.ONE : value.movePointLeft(1);
        return Stream.of(value.add(off), value.subtract(off))
                .map(other -> other.stripTrailingZeros().toPlainString())
                .toList();
    }

    @Override
    public String toString() {
        return rule.name() + " (" + rule.area() + "): " + what;
    }
}
