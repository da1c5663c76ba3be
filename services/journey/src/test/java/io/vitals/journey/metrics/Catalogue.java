package io.vitals.journey.metrics;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is said of the metrics, and in what running services differ from it. */
final class Catalogue {
    private static final Set<String> OF_THE_TYPE = Set.of("le", "quantile");

    private final JsonNode file;
    private final Map<String, JsonNode> metrics = new LinkedHashMap<>();

    Catalogue(JsonNode file) {
        this.file = file;
        file.path("metrics").forEach(metric -> metrics.put(metric.path("name").asText(), metric));
    }

    /** Of a page, what Prometheus keeps. */
    Scrape kept(Scrape page) {
        Scrape kept = page;
        for (JsonNode drop : file.path("dropped")) {
            kept = drop.has("label")
                    ? kept.withoutLabel(drop.path("label").asText())
                    : kept.without(drop.path("name").asText());
        }
        return kept;
    }

    /** What a service is said to have, and has not. */
    List<String> missing(String service, Scrape page) {
        return metrics.values().stream()
                .filter(metric -> metric.path("services")
                        .valueStream()
                        .anyMatch(of -> of.asText().equals(service)))
                .map(metric -> metric.path("name").asText())
                .filter(name -> !page.families().containsKey(name))
                .map(name -> service + " has no " + name)
                .toList();
    }

    /** In what the pages of the services differ. */
    List<String> differences(Map<String, Scrape> pages) {
        var found = new ArrayList<String>();
        Map<String, Map<String, Set<String>>> seen = new LinkedHashMap<>();
        pages.forEach((service, page) -> {
            found.addAll(missing(service, page));
            page.families().values().forEach(family -> family(service, family, seen, found));
        });
        metrics.forEach((name, metric) -> units(name, metric.path("unit").asText(), found));
        seen.forEach((name, labels) -> labels.forEach((label, values) -> unseen(name, label, values, found)));
        return found;
    }

    private void family(
            String service, Scrape.Family family, Map<String, Map<String, Set<String>>> seen, List<String> found) {
        JsonNode metric = metrics.get(family.name());
        String what = service + ": " + family.name();
        if (metric == null
                || metric.path("services")
                        .valueStream()
                        .noneMatch(of -> of.asText().equals(service))) {
            found.add(what + " is not in the catalogue");
            return;
        }
        if (!metric.path("type").asText().equals(family.type())) {
            found.add(what + " is a " + family.type());
        }
        if (!metric.path("meaning").asText().equals(family.help())) {
            found.add(what + " is explained otherwise: " + family.help());
        }
        var wrong = new TreeSet<String>();
        for (Map<String, String> labels : family.labels()) {
            var names = new TreeSet<>(labels.keySet());
            names.removeAll(OF_THE_TYPE);
            if (!names.equals(new TreeSet<>(metric.path("labels").properties().stream()
                    .map(Map.Entry::getKey)
                    .toList()))) {
                wrong.add(what + " has the labels " + names);
                continue;
            }
            for (String name : names) {
                String value = labels.getOrDefault(name, "");
                seen.computeIfAbsent(family.name(), _ -> new LinkedHashMap<>())
                        .computeIfAbsent(name, _ -> new HashSet<>())
                        .add(value);
                if (!allowed(metric.path("labels").path(name), value)) {
                    wrong.add(what + " has " + name + "=\"" + value + "\"");
                }
            }
        }
        found.addAll(wrong);
    }

    /** A list of values, or what they look like. */
    private static boolean allowed(JsonNode values, String value) {
        return values.isArray()
                ? values.valueStream().anyMatch(one -> one.asText().equals(value))
                : value.matches(values.asText());
    }

    /** A name ends with its unit, whatever follows of the type. */
    private static void units(String name, String unit, List<String> found) {
        String bare = name.replaceAll("_(total|max)$", "");
        String fits = switch (unit) {
            case "seconds" -> ".+_seconds";
            case "unix seconds" -> ".+_(timestamp|time)_seconds";
            case "bytes" -> ".+_bytes";
            case "count", "one", "ratio" -> "(?!.*_(seconds|bytes)$).+";
            default -> "";
        };
        if (!bare.matches(fits)) {
            found.add(name + " is not in " + unit);
        }
    }

    /** Counters and gauges are there from the start with all that their labels can be; timers are when something has taken time. */
    private void unseen(String name, String label, Set<String> values, List<String> found) {
        JsonNode metric = metrics.getOrDefault(name, file.path("nothing"));
        boolean timed = !Set.of("counter", "gauge").contains(metric.path("type").asText())
                || (name.endsWith("_max") && metrics.containsKey(name.substring(0, name.length() - "_max".length())));
        if (timed || !metric.path("labels").path(label).isArray()) {
            return;
        }
        metric.path("labels")
                .path(label)
                .valueStream()
                .map(JsonNode::asText)
                .filter(value -> !values.contains(value))
                .forEach(value -> found.add(name + " never has " + label + "=\"" + value + "\""));
    }
}
