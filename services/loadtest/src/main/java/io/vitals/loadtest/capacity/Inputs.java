package io.vitals.loadtest.capacity;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.loadtest.capacity.Input.Origin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** All figures of {@code figures.yaml}, some of them with other values. What is written wrongly is refused by its name. */
record Inputs(SortedMap<String, Input> figures) {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Set<String> KEYS =
            Set.of("assumed", "documented", "least", "measured", "most", "unit", "value");

    static Inputs load() {
        try (InputStream in = Objects.requireNonNull(Inputs.class.getResourceAsStream("figures.yaml"))) {
            return parse(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Inputs parse(String yaml) throws IOException {
        var figures = new TreeMap<String, Input>();
        for (var entry : YAML.readTree(yaml).path("figures").properties()) {
            figures.put(entry.getKey(), input(entry.getKey(), entry.getValue()));
        }
        return new Inputs(figures);
    }

    private static Input input(String name, JsonNode figure) {
        List<String> unknown = new ArrayList<>();
        figure.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                unknown.add(key);
            }
        });
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(name + " says what nobody reads: " + unknown);
        }
        return new Input(
                name,
                figure.has("value") ? number(name, figure, "value") : Double.NaN,
                text(name, figure, "unit"),
                number(name, figure, "least"),
                number(name, figure, "most"),
                origin(name, figure));
    }

    private static Origin origin(String name, JsonNode figure) {
        List<Origin> origins = new ArrayList<>();
        if (figure.has("measured")) {
            JsonNode measured = figure.path("measured");
            String commit = text(name, measured, "commit");
            if (!commit.matches("[0-9a-f]{7,40}")) {
                throw new IllegalArgumentException(name + " was measured at no commit: " + commit);
            }
            origins.add(new Origin.Measured(
                    text(name, measured, "command"),
                    commit,
                    measured.path("remark").asText("")));
        }
        if (figure.has("documented")) {
            origins.add(new Origin.Documented(text(name, figure, "documented")));
        }
        if (figure.has("assumed")) {
            origins.add(new Origin.Assumed(text(name, figure, "assumed")));
        }
        if (origins.size() != 1) {
            throw new IllegalArgumentException(name + " is not one of measured, documented and assumed");
        }
        return origins.getFirst();
    }

    private static String text(String name, JsonNode figure, String key) {
        String text = figure.path(key).asText("");
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + " has no " + key);
        }
        return text;
    }

    private static double number(String name, JsonNode figure, String key) {
        if (!figure.path(key).isNumber()) {
            throw new IllegalArgumentException(name + " has no number as " + key);
        }
        return figure.path(key).doubleValue();
    }

    /** With values given as {@code name=value}; {@code MEMBERS} is {@code members}. */
    Inputs with(List<String> given) {
        var changed = new TreeMap<>(figures);
        var seen = new HashSet<String>();
        for (String setting : given) {
            String[] parts = setting.split("=", 2);
            String name = parts[0].toLowerCase(Locale.ROOT);
            Input known = figures.get(name);
            if (parts.length < 2) {
                throw new IllegalArgumentException("not name=value: " + setting);
            } else if (known == null) {
                throw new IllegalArgumentException("there is no figure " + name + "; there are " + figures.keySet());
            } else if (!seen.add(name)) {
                throw new IllegalArgumentException(name + " is given twice");
            }
            changed.put(name, known.with(parts[1]));
        }
        return new Inputs(changed);
    }

    /** The value of a figure. */
    double of(String name) {
        Input input = figures.get(name);
        if (input == null || !input.isThere()) {
            throw new IllegalStateException("the model needs " + name);
        }
        return input.value();
    }

    boolean has(String name) {
        Input input = figures.get(name);
        return input != null && input.isThere();
    }
}
