package io.vitals.health.privacy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.json.Json;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** CSV as RFC 4180 has it, safe to open in a spreadsheet: no text is taken for a formula. */
final class Csv {
    private static final String FORMULA_STARTS = "=+-@\t\r";

    private Csv() {}

    record Row(List<String> names, List<String> values) {}

    /** The fields of an object in their order; null is empty, and what is nested stays JSON. */
    static Row row(byte[] json) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        Json.tree(json).properties().forEach(field -> {
            names.add(field.getKey());
            values.add(value(field.getValue()));
        });
        return new Row(names, values);
    }

    private static String value(JsonNode node) {
        if (node.isNull()) {
            return "";
        }
        if (node.isNumber() || node.isBoolean()) {
            return node.asText();
        }
        String text = node.isTextual() ? node.asText() : node.toString();
        return harmless(text);
    }

    /** A leading apostrophe makes a spreadsheet take it as text. */
    static String harmless(String text) {
        return !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }

    static String line(List<String> cells) {
        return cells.stream().map(Csv::quoted).collect(Collectors.joining(",")) + "\r\n";
    }

    private static String quoted(String cell) {
        return cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? "\"" + cell.replace("\"", "\"\"") + "\""
                : cell;
    }
}
