package io.vitals.journey.logs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.journey.logs.AlloyConfig.Block;

import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** One line on its way through the stages of {@code loki.process}. A stage that is not known here is an error, never skipped. */
final class LineInStages {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern CRI = Pattern.compile("(?s)(\\S+) (stdout|stderr) ([FP]) (.*)");
    private static final Pattern LOGFMT = Pattern.compile("([\\w-]+)=(\"(?:[^\"\\\\]|\\\\.)*\"|\\S*)");
    private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}\\s*(?:\\|~ \"((?:[^\"\\\\]|\\\\.)*)\")?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~?)\"([^\"]*)\"");

    private final Map<String, String> labels;
    private final Map<String, String> metadata = new TreeMap<>();
    private final Map<String, String> extracted;
    private String text;

    LineInStages(Map<String, String> labels, String text) {
        this.labels = new TreeMap<>(labels);
        this.extracted = new HashMap<>(labels);
        this.text = text;
    }

    LogLine result(Instant time) {
        return new LogLine(Map.copyOf(labels), Map.copyOf(metadata), time, text);
    }

    void pass(Block stage) {
        switch (stage.name()) {
            case "stage.cri" -> cri();
            case "stage.json" -> json(stage.map("expressions"));
            case "stage.label_drop" -> stage.list("values").forEach(labels::remove);
            case "stage.labels" -> copy(stage.map("values"), labels);
            case "stage.limit" -> labels.getOrDefault(stage.text("by_label_name"), "");
            case "stage.logfmt" -> logfmt(stage.map("mapping"));
            case "stage.match" -> {
                if (matches(stage.text("selector"))) {
                    stage.blocks().forEach(this::pass);
                }
            }
            case "stage.replace" -> replace(stage.text("expression"), stage.text("replace"));
            case "stage.static_labels" -> labels.putAll(stage.map("values"));
            case "stage.structured_metadata" -> copy(stage.map("values"), metadata);
            case "stage.template" -> template(stage.text("source"), stage.text("template"));
            default -> throw new IllegalStateException("not known here: " + stage.name());
        }
    }

    private void cri() {
        var line = CRI.matcher(text);
        if (!line.matches()) {
            throw new IllegalStateException("not written by a container runtime: " + text);
        }
        labels.put("stream", line.group(2));
        text = line.group(4);
    }

    private void json(Map<String, String> expressions) {
        JsonNode object;
        try {
            object = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return;
        }
        expressions.forEach((name, field) -> {
            JsonNode value = object.path(field.isEmpty() ? name : field);
            if (value.isValueNode() && !value.isNull()) {
                extracted.put(name, value.asText());
            }
        });
    }

    private void logfmt(Map<String, String> mapping) {
        var fields = new HashMap<String, String>();
        LOGFMT.matcher(text).results().forEach(field -> fields.put(field.group(1), field.group(2)));
        mapping.forEach((name, field) -> {
            String value = fields.get(field.isEmpty() ? name : field);
            if (value != null) {
                extracted.put(name, value);
            }
        });
    }

    private void copy(Map<String, String> values, Map<String, String> to) {
        values.forEach((name, source) -> {
            String value = extracted.get(source.isEmpty() ? name : source);
            if (value != null && !value.isEmpty()) {
                to.put(name, value);
            }
        });
    }

    private void template(String source, String template) {
        if (!template.equals("{{ ToUpper .Value }}")) {
            throw new IllegalStateException("not known here: " + template);
        }
        extracted.computeIfPresent(source, (_, value) -> value.toUpperCase(Locale.ROOT));
    }

    /** Each group of each match, and nothing around it. */
    private void replace(String expression, String by) {
        var result = new StringBuilder();
        int end = 0;
        for (MatchResult match :
                Pattern.compile(expression).matcher(text).results().toList()) {
            if (match.groupCount() == 0) {
                throw new IllegalStateException("replaces nothing, as it has no group: " + expression);
            }
            for (int group = 1; group <= match.groupCount(); group++) {
                if (match.start(group) >= end) {
                    result.append(text, end, match.start(group)).append(by);
                    end = match.end(group);
                }
            }
        }
        text = result.append(text.substring(end)).toString();
    }

    private boolean matches(String selector) {
        var parts = SELECTOR.matcher(selector);
        if (!parts.matches()) {
            throw new IllegalStateException("not known here: " + selector);
        }
        boolean fits = MATCHER.matcher(parts.group(1)).results().allMatch(matcher -> {
            String value = labels.getOrDefault(matcher.group(1), "");
            return matcher.group(2).equals("=") ? value.equals(matcher.group(3)) : value.matches(matcher.group(3));
        });
        String filter = parts.group(2);
        return fits
                && (filter == null
                        || Pattern.compile(filter.replaceAll("\\\\([\"\\\\])", "$1"))
                                .matcher(text)
                                .find());
    }
}
