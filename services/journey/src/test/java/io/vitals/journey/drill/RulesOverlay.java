package io.vitals.journey.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules as they are, but that time passes faster: how long a condition has to last, over what it is computed, and how old something
 * may be. How much of something is too much stays, and so do labels and texts.
 *
 * @param scrape how often Prometheus looks; a range has to hold a few looks
 * @param kept alerts that keep their {@code for}: what they wait for is not faster here
 */
record RulesOverlay(Shorter shorter, Duration scrape, Set<String> kept) {
    private static final int LOOKS = 4;
    private static final Pattern RANGE = Pattern.compile("\\[([^\\]:]+)(?::([^\\]]*))?\\]");
    private static final Pattern OFFSET = Pattern.compile("\\boffset\\s+(\\S+?)(?=[\\s)]|$)");
    private static final Pattern HORIZON = Pattern.compile("(predict_linear\\([^,]+,\\s*)([^)]+)\\)");
    /** A gauge in seconds, or a time, as it is now: not a rate of one, and no part of a histogram. */
    private static final Pattern AGE = Pattern.compile("\\b\\w+_seconds\\b(?:\\{[^}]*\\})?+(?!\\s*\\[)");

    private static final Pattern COMPARED = Pattern.compile("([<>]=?\\s*)(\\d+(?:\\.\\d+)?(?:\\s*\\*\\s*\\d+)*)");
    private static final Pattern CLAUSE = Pattern.compile("(?m)(?=^\\s*(?:and|or|unless)\\b)");

    RulesOverlay {
        kept = Set.copyOf(kept);
    }

    /** Of a PrometheusRule what Prometheus reads, shortened. */
    ObjectNode file(JsonNode object) {
        if (!object.at("/spec/groups").isArray() || object.at("/spec/groups").isEmpty()) {
            throw new IllegalArgumentException("no rules in " + object.at("/metadata/name"));
        }
        ObjectNode file = object.path("spec").deepCopy();
        for (JsonNode group : file.path("groups")) {
            shorten((ObjectNode) group, "interval");
            group.path("rules").forEach(rule -> rule((ObjectNode) rule));
        }
        return file;
    }

    private void rule(ObjectNode rule) {
        rule.put("expr", expression(rule.path("expr").asText()));
        if (!kept.contains(rule.path("alert").asText())) {
            if (rule.has("for")) {
                // A busy machine may miss a scrape or two, as a network may, and that is no fault.
                rule.put("for", shorter.of(rule.path("for").asText(), scrape.multipliedBy(LOOKS + 1)));
            }
            shorten(rule, "keep_firing_for");
        }
    }

    private void shorten(ObjectNode object, String field) {
        if (object.has(field)) {
            object.put(field, shorter.of(object.path(field).asText()));
        }
    }

    String expression(String expression) {
        var shortened = new StringBuilder();
        for (String clause : CLAUSE.split(expression, -1)) {
            boolean age = AGE.matcher(clause).find();
            String text = replace(clause, OFFSET, found -> "offset " + shorter.of(found.group(1)));
            text = replace(text, RANGE, found -> "[" + range(found) + "]");
            text = replace(text, HORIZON, found -> found.group(1) + seconds(found.group(2)) + ")");
            shortened.append(age ? replace(text, COMPARED, found -> found.group(1) + seconds(found.group(2))) : text);
        }
        return shortened.toString();
    }

    private String range(MatchResult found) {
        if (found.group(2) != null) {
            return shorter.of(found.group(1)) + ":" + shorter.of(found.group(2));
        }
        if (shorter.divided(found.group(1)).compareTo(scrape.multipliedBy(LOOKS)) < 0) {
            throw new IllegalArgumentException(
                    "[" + found.group(1) + "] divided by " + shorter.factor() + " does not hold " + LOOKS + " scrapes");
        }
        return shorter.of(found.group(1));
    }

    /** A number of seconds, or a product that is one. */
    private String seconds(String product) {
        double seconds = 1;
        for (String part : List.of(product.strip().split("\\s*\\*\\s*", -1))) {
            try {
                seconds *= Double.parseDouble(part);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("no number of seconds: " + product, e);
            }
        }
        return Double.toString(seconds / shorter.factor());
    }

    private static String replace(String text, Pattern pattern, Function<MatchResult, String> by) {
        return pattern.matcher(text).replaceAll(found -> Matcher.quoteReplacement(by.apply(found)));
    }
}
