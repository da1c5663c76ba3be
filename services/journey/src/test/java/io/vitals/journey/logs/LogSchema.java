package io.vitals.journey.logs;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What docs/logs.md says of the fields of a line. */
final class LogSchema {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| ([^|]+) \\| [^|]*\\|$");
    private static final Pattern VALUE = Pattern.compile("`([^`]+)`");
    private static final List<String> ALWAYS = List.of("ts", "level", "logger_name", "thread_name", "service", "event");
    private static final Map<String, Pattern> TEXTS = Map.of(
            "code", Pattern.compile("[A-Za-z0-9_.:/,\\[\\] -]{1,200}"),
            "day", Pattern.compile("\\d{4}-\\d\\d-\\d\\d"),
            "id", Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
            "text", Pattern.compile("(?s).+"),
            "time", Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"));

    private final Map<String, String> types = new LinkedHashMap<>();

    private LogSchema(String page) {
        String fields = page.substring(page.indexOf("## Fields"), page.indexOf("## The way to Loki"));
        ROW.matcher(fields).results().forEach(row -> types.put(row.group(1), row.group(2)));
    }

    static LogSchema ours() throws IOException {
        return new LogSchema(Files.readString(Path.of("../../docs/logs.md")));
    }

    List<String> fields() {
        return List.copyOf(types.keySet());
    }

    /** What of a line is not as it says. */
    List<String> faults(JsonNode line) {
        var faults = new ArrayList<String>();
        ALWAYS.stream().filter(field -> !line.has(field)).forEach(field -> faults.add("lacks " + field));
        line.properties().forEach(field -> {
            String type = types.get(field.getKey());
            if (type == null) {
                faults.add("has a field that nobody knows: " + field.getKey());
            } else if (!fits(type, field.getValue())) {
                faults.add(field.getKey() + " is no " + type);
            }
        });
        return faults;
    }

    private static boolean fits(String type, JsonNode value) {
        if (type.equals("number")) {
            return value.isIntegralNumber();
        }
        Pattern pattern = TEXTS.get(type);
        return value.isTextual()
                && (pattern == null
                        ? VALUE.matcher(type)
                                .results()
                                .anyMatch(one -> one.group(1).equals(value.asText()))
                        : pattern.matcher(value.asText()).matches());
    }
}
