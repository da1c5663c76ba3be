package io.vitals.gitops.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Which series an expression reads, and which there are. */
final class Series {
    private static final Pattern NOT_A_NAME = Pattern.compile(
            "\"(?:[^\"\\\\]|\\\\.)*\"|\\{[^}]*}|\\[[^\\]]*]|\\b(?:by|on|without|ignoring|group_left|group_right)\\s*\\([^)]*\\)|\\boffset\\s+\\w+");
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern NAME = Pattern.compile("(?<![\\w:])[a-zA-Z_:][\\w:]*(?![\\w:]|\\s*\\()");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool");

    private Series() {}

    /** The names of the series that an expression reads. */
    static Set<String> of(String expr) {
        var names = new TreeSet<String>();
        // Strings first: a brace in one would end a selector.
        String bare =
                NOT_A_NAME.matcher(STRING.matcher(expr).replaceAll("\"\"")).replaceAll(" ");
        NAME.matcher(bare)
                .results()
                .map(MatchResult::group)
                .filter(name -> !WORDS.contains(name))
                .forEach(names::add);
        return names;
    }

    /** Those that the catalogue has, as an expression names them. */
    static Set<String> catalogue() {
        var names = new TreeSet<String>();
        JsonNode file =
                Yaml.read(Program.ROOT.resolve("monitoring/catalogue.yaml")).getFirst();
        for (String part : new String[] {"metrics", "foreign"}) {
            for (JsonNode metric : file.path(part)) {
                String name = metric.path("name").asText();
                switch (metric.path("type").asText()) {
                    case "histogram" -> names.addAll(Set.of(name + "_bucket", name + "_count", name + "_sum"));
                    case "summary" -> names.addAll(Set.of(name + "_count", name + "_sum"));
                    default -> names.add(name);
                }
            }
        }
        return names;
    }

    /** Those that dashboards show beside, with where they come from. */
    static Map<String, String> others() {
        var names = new TreeMap<String, String>();
        Yaml.read(Program.ROOT.resolve("monitoring/dashboards/metrics.yaml"))
                .getFirst()
                .path("metrics")
                .forEach(metric -> names.put(
                        metric.path("name").asText(), metric.path("from").asText()));
        return names;
    }
}
