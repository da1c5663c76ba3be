package io.vitals.probe.browser;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What somebody fills into a form. May hold a password, so its text form tells only how many. */
public final class FormFields {
    private final Map<String, String> values;

    FormFields(Map<String, String> values) {
        this.values = new LinkedHashMap<>(values);
    }

    /**
     * Reads lines {@code name=value}; empty ones do not count.
     *
     * @throws IllegalArgumentException naming the line that is another; never its content
     */
    public static FormFields parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int equals = line.indexOf('=');
            if (line.isEmpty()) {
                continue;
            }
            if (equals < 1 || values.put(line.substring(0, equals), line.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("line " + (i + 1) + " is not a new name=value");
            }
        }
        if (values.isEmpty()) {
            throw new IllegalArgumentException("holds no line name=value");
        }
        return new FormFields(values);
    }

    /** These on top of what the form holds already. */
    FormFields over(FormFields form) {
        FormFields both = new FormFields(form.values);
        both.values.putAll(values);
        return both;
    }

    String encoded() {
        return values.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    @Override
    public String toString() {
        return "FormFields[" + values.size() + "]";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
