package io.vitals.journey.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** monitoring/logs: the alerts on lines, and which lines each is tried with. */
final class LogRules {
    /** Five minutes are fifteen seconds. */
    static final int FASTER = 20;

    private static final Path FOLDER = Path.of("../../monitoring/logs");
    private static final YAMLMapper MAPPER = new YAMLMapper();
    private static final Pattern SPAN = Pattern.compile("(?<=\\[|offset )(\\d+)([mhd])");
    private static final Map<String, Integer> UNITS = Map.of("m", 60, "h", 3_600, "d", 86_400);

    private LogRules() {}

    static JsonNode rules() {
        return read("rules.yaml");
    }

    static JsonNode scenarios() {
        return read("scenarios.yaml");
    }

    static List<String> names() {
        return rules().findValuesAsText("alert");
    }

    /** The same, of shorter spans. */
    static JsonNode faster() {
        JsonNode rules = rules();
        for (JsonNode group : rules.path("groups")) {
            ((ObjectNode) group).put("interval", "1s");
            for (JsonNode rule : group.path("rules")) {
                ObjectNode faster = (ObjectNode) rule;
                faster.put("expr", SPAN.matcher(rule.path("expr").asText()).replaceAll(LogRules::shortened));
                if (rule.has("for")) {
                    faster.put("for", seconds(rule.path("for").asText()) / FASTER + "s");
                }
            }
        }
        return rules;
    }

    private static String shortened(MatchResult span) {
        return seconds(span.group()) / FASTER + "s";
    }

    static int seconds(String span) {
        return Integer.parseInt(span.substring(0, span.length() - 1))
                * UNITS.getOrDefault(span.substring(span.length() - 1), 0);
    }

    private static JsonNode read(String file) {
        try {
            return MAPPER.readTree(FOLDER.resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
