package io.vitals.journey.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page in Prometheus' text format, by families. */
record Scrape(Map<String, Family> families) {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final List<String> PARTS = List.of("_bucket", "_count", "_sum");

    /** A metric with its samples, as labels and as lines. */
    record Family(String name, String type, String help, List<Map<String, String>> labels, List<String> lines) {}

    static Scrape of(String page) {
        var families = new LinkedHashMap<String, Family>();
        var helps = new LinkedHashMap<String, String>();
        for (String line : page.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helps.put(words[2], words.length > 3 ? words[3] : "");
            } else if (line.startsWith("# TYPE ")) {
                families.put(
                        words[2],
                        new Family(
                                words[2],
                                words[3],
                                helps.getOrDefault(words[2], ""),
                                new ArrayList<>(),
                                new ArrayList<>()));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                add(families, line);
            }
        }
        return new Scrape(families);
    }

    private static void add(Map<String, Family> families, String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new IllegalArgumentException("no sample: " + line);
        }
        Family family = families.get(sample.group(1));
        for (String part : PARTS) {
            if (family == null && sample.group(1).endsWith(part)) {
                family = families.get(
                        sample.group(1).substring(0, sample.group(1).length() - part.length()));
            }
        }
        if (family == null) {
            throw new IllegalArgumentException("a sample of no type: " + line);
        }
        var labels = new LinkedHashMap<String, String>();
        if (sample.group(2) != null) {
            LABEL.matcher(sample.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        family.labels().add(labels);
        family.lines().add(line);
    }

    /** Without the samples that have this label. */
    Scrape withoutLabel(String label) {
        var kept = new LinkedHashMap<String, Family>();
        families.forEach((name, family) -> {
            var rest = new Family(name, family.type(), family.help(), new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < family.lines().size(); i++) {
                if (!family.labels().get(i).containsKey(label)) {
                    rest.labels().add(family.labels().get(i));
                    rest.lines().add(family.lines().get(i));
                }
            }
            if (!rest.lines().isEmpty()) {
                kept.put(name, rest);
            }
        });
        return new Scrape(kept);
    }

    Scrape without(String name) {
        var kept = new LinkedHashMap<>(families);
        kept.remove(name);
        return new Scrape(kept);
    }

    String text() {
        var text = new StringBuilder();
        for (Family family : families.values()) {
            text.append("# HELP ").append(family.name()).append(' ').append(family.help());
            text.append("\n# TYPE ").append(family.name()).append(' ').append(family.type());
            family.lines().forEach(line -> text.append('\n').append(line));
            text.append('\n');
        }
        return text.toString();
    }
}
