package io.vitals.gitops.network;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Labels that are asked for: all of the requirements, so none asks for everything. */
record Selector(List<Requirement> all) {
    /**
     * Of one label.
     *
     * @param operator In, NotIn, Exists or DoesNotExist
     */
    record Requirement(String key, String operator, List<String> values) {
        boolean holds(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case "In" -> value != null && values.contains(value);
                // What has no such label is in none of the values.
                case "NotIn" -> value == null || !values.contains(value);
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                default -> throw new IllegalArgumentException("an operator that selectors have not: " + operator);
            };
        }
    }

    static Selector of(JsonNode node) {
        var all = new ArrayList<Requirement>();
        node.path("matchLabels")
                .properties()
                .forEach(label -> all.add(new Requirement(
                        label.getKey(), "In", List.of(label.getValue().asText()))));
        for (JsonNode expression : node.path("matchExpressions")) {
            var values = new ArrayList<String>();
            expression.path("values").forEach(value -> values.add(value.asText()));
            var requirement = new Requirement(
                    expression.path("key").asText(), expression.path("operator").asText(), values);
            // Says at once if it could never be asked.
            requirement.holds(Map.of());
            all.add(requirement);
        }
        node.fieldNames().forEachRemaining(field -> {
            if (!field.equals("matchLabels") && !field.equals("matchExpressions")) {
                throw new IllegalArgumentException("a selector has no " + field);
            }
        });
        return new Selector(all);
    }

    boolean fits(Map<String, String> labels) {
        return all.stream().allMatch(requirement -> requirement.holds(labels));
    }
}
