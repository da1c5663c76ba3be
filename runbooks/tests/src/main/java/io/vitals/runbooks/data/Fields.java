package io.vitals.runbooks.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The fields of one object in YAML. What is wrong is collected with the name of its field, so that all of it is said at once. */
public final class Fields {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern MINUTES = Pattern.compile("(\\d{1,4})m");

    private final String file;
    private final String prefix;
    private final JsonNode object;
    private final List<String> findings;

    private Fields(String file, String prefix, JsonNode object, List<String> findings) {
        this.file = file;
        this.prefix = prefix;
        this.object = object;
        this.findings = findings;
    }

    /** Of a text that is a whole document. */
    public static Fields parse(String file, String text, List<String> findings) {
        try {
            JsonNode root = YAML.readTree(text);
            if (!root.isObject()) {
                findings.add(file + ": has no fields");
            }
            return new Fields(file, "", root.isObject() ? root : MissingNode.getInstance(), findings);
        } catch (JsonProcessingException e) {
            findings.add(file + ": is no YAML: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
            return new Fields(file, "", MissingNode.getInstance(), findings);
        }
    }

    public Fields known(String... keys) {
        Set<String> known = Set.of(keys);
        object.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                fault(key, "no such field; there are: " + String.join(", ", new TreeSet<>(known)));
            }
        });
        return this;
    }

    public boolean has(String key) {
        return object.hasNonNull(key);
    }

    public String text(String key) {
        JsonNode value = object.path(key);
        if (!has(key)) {
            fault(key, "is missing");
        } else if (!value.isValueNode() || value.asText().isBlank()) {
            fault(key, "takes a text");
        }
        return value.asText("").strip();
    }

    public Optional<String> optional(String key) {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    public String one(String key, List<String> known) {
        String word = text(key);
        if (has(key) && !known.contains(word)) {
            fault(key, "\"" + word + "\": there are " + String.join(", ", known));
        }
        return word;
    }

    public boolean flag(String key) {
        if (has(key) && !object.path(key).isBoolean()) {
            fault(key, "takes true or false");
        }
        return object.path(key).asBoolean();
    }

    /** A number that is not negative. */
    public double number(String key) {
        JsonNode value = object.path(key);
        if (!has(key)) {
            fault(key, "is missing");
        } else if (!value.isNumber() || value.asDouble() < 0) {
            fault(key, "takes a number from 0 on");
        }
        return value.asDouble();
    }

    public List<String> list(String key) {
        JsonNode value = object.path(key);
        if (has(key) && !value.isArray()) {
            fault(key, "takes a list such as [a, b]");
        }
        return value.isArray() ? value.valueStream().map(JsonNode::asText).toList() : List.of();
    }

    public Optional<Instant> instant(String key) {
        return parsed(key, "takes a time such as 2026-11-28T14:09:12Z", Instant::parse);
    }

    public Optional<LocalDate> date(String key) {
        return parsed(key, "takes a day such as 2026-11-28", LocalDate::parse);
    }

    public <T> Optional<T> parsed(String key, String form, Function<String, T> parser) {
        if (!has(key)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(text(key)));
        } catch (DateTimeParseException e) {
            fault(key, "\"" + text(key) + "\": " + form);
            return Optional.empty();
        }
    }

    public Duration minutes(String key) {
        var form = MINUTES.matcher(text(key));
        if (form.matches()) {
            return Duration.ofMinutes(Long.parseLong(form.group(1)));
        }
        if (has(key)) {
            fault(key, "\"" + text(key) + "\": takes minutes such as 15m");
        }
        return Duration.ZERO;
    }

    /** The fields of an object within. */
    public Fields object(String key) {
        if (!object.path(key).isObject()) {
            fault(key, has(key) ? "takes fields" : "is missing");
        }
        return new Fields(file, prefix + key + ".", object.path(key), findings);
    }

    public List<Fields> objects(String key) {
        if (has(key) && !object.path(key).isArray()) {
            fault(key, "takes a list");
        }
        var all = new ArrayList<Fields>();
        for (JsonNode one : object.path(key)) {
            all.add(new Fields(file, prefix + key + "[" + all.size() + "].", one, findings));
        }
        return all;
    }

    public void fault(String key, String message) {
        findings.add(file + ": " + prefix + key + ": " + message);
    }
}
