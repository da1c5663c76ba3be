package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** monitoring/catalogue.yaml: every metric that there is for a rule, and its type. */
final class Catalogue {
    private static final JsonNode FILE =
            Yaml.read(Program.ROOT.resolve("monitoring/catalogue.yaml")).getFirst();

    private Catalogue() {}

    /** The types of all series, by the names that an expression has for them. */
    static Map<String, String> series() {
        var types = new TreeMap<String, String>();
        for (String part : new String[] {"metrics", "foreign"}) {
            for (JsonNode metric : FILE.path(part)) {
                String name = metric.path("name").asText();
                String type = metric.path("type").asText();
                switch (type) {
                    case "histogram", "summary" -> {
                        types.put(name + "_count", "counter");
                        types.put(name + "_sum", "counter");
                        if (type.equals("histogram")) {
                            types.put(name + "_bucket", "counter");
                        }
                    }
                    default -> types.put(name, type);
                }
            }
        }
        return types;
    }

    static Set<String> foreign() {
        var names = new TreeSet<String>();
        FILE.path("foreign").forEach(metric -> names.add(metric.path("name").asText()));
        return names;
    }

    static JsonNode dropped() {
        return FILE.path("dropped");
    }

    static JsonNode all() {
        return FILE;
    }
}
