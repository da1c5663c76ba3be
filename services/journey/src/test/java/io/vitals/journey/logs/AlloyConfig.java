package io.vitals.journey.logs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the language that Alloy is configured in, as far as ours uses it: blocks, and attributes whose values are no computations. */
final class AlloyConfig {
    private static final Pattern TOKEN = Pattern.compile(
            "//[^\\n]*|\\s+|\"(?:[^\"\\\\\\n]|\\\\.)*\"|`[^`]*`|[A-Za-z_][\\w.]*|\\d+|[-+=(){}\\[\\],]");

    private final List<String> tokens;
    private int at;

    private AlloyConfig(List<String> tokens) {
        this.tokens = tokens;
    }

    /**
     * A block with what is in it.
     *
     * @param label of a component, or nothing
     * @param attributes texts, lists and maps of texts; of anything else the words as they are written
     */
    record Block(String name, String label, Map<String, Object> attributes, List<Block> blocks) {
        String text(String attribute) {
            return (String) Objects.requireNonNull(attributes.get(attribute), name + " has no " + attribute);
        }

        @SuppressWarnings("unchecked") // Only we make them.
        Map<String, String> map(String attribute) {
            return (Map<String, String>)
                    Objects.requireNonNull(attributes.get(attribute), name + " has no " + attribute);
        }

        @SuppressWarnings("unchecked") // Only we make them.
        List<String> list(String attribute) {
            return (List<String>) Objects.requireNonNull(attributes.get(attribute), name + " has no " + attribute);
        }

        /** The component of that name and label. */
        Block component(String kind, String named) {
            return blocks.stream()
                    .filter(block -> block.name().equals(kind) && block.label().equals(named))
                    .findAny()
                    .orElseThrow(() -> new IllegalStateException("there is no " + kind + " " + named));
        }
    }

    static Block parse(String text) {
        var tokens = new ArrayList<String>();
        var matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.find()) {
            if (matcher.start() != end) {
                break;
            }
            end = matcher.end();
            tokens.add(matcher.group());
        }
        if (end != text.length()) {
            throw new IllegalStateException(
                    "cannot be read: " + text.substring(end).lines().findFirst().orElse(""));
        }
        tokens.removeIf(token -> token.isBlank() || token.startsWith("//"));
        tokens.add("}");
        return new AlloyConfig(tokens).body("", "");
    }

    private Block body(String name, String label) {
        var attributes = new LinkedHashMap<String, Object>();
        var blocks = new ArrayList<Block>();
        while (!taken("}")) {
            String word = next();
            if (taken("=")) {
                attributes.put(word, value());
            } else {
                String named = tokens.get(at).startsWith("\"") ? unquoted(next()) : "";
                expect("{");
                blocks.add(body(word, named));
            }
        }
        return new Block(name, label, attributes, blocks);
    }

    private Object value() {
        if (taken("[")) {
            var list = new ArrayList<String>();
            while (!taken("]")) {
                list.add(single());
                taken(",");
            }
            return list;
        }
        if (taken("{")) {
            var map = new LinkedHashMap<String, String>();
            while (!taken("}")) {
                String key = single();
                expect("=");
                map.put(key, single());
                taken(",");
            }
            return map;
        }
        return single();
    }

    /** A text, a number, a name, or a sum of such, which stays as it is written. */
    private String single() {
        String word = next();
        String value = word.startsWith("\"") || word.startsWith("`") ? unquoted(word) : word;
        if (taken("(")) {
            while (!taken(")")) {
                value += next();
            }
        }
        return taken("+") ? value + single() : value;
    }

    private static String unquoted(String token) {
        String inner = token.substring(1, token.length() - 1);
        return token.startsWith("`")
                ? inner
                : Pattern.compile("\\\\(.)").matcher(inner).replaceAll(AlloyConfig::escaped);
    }

    private static String escaped(MatchResult escape) {
        return switch (escape.group(1)) {
            case "n" -> "\n";
            case "t" -> "\t";
            case "\\", "\"" -> Matcher.quoteReplacement(escape.group(1));
            default -> throw new IllegalStateException("an unknown escape: " + escape.group());
        };
    }

    private String next() {
        return tokens.get(at++);
    }

    private boolean taken(String token) {
        boolean there = tokens.get(at).equals(token);
        if (there) {
            at++;
        }
        return there;
    }

    private void expect(String token) {
        if (!taken(token)) {
            throw new IllegalStateException("expected " + token + " and not " + tokens.get(at));
        }
    }
}
