package io.vitals.gitops.detection;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A condition of Falco, as far as ours go. Falco itself needs a kernel to watch; this says what its language says of an event that is written
 * down, and refuses what it does not know.
 */
final class Condition {
    private static final Pattern TOKEN = Pattern.compile("[(),]|[^\\s(),]+");

    private final List<String> tokens;
    private final Map<String, String> macros;
    private final Map<String, List<String>> lists;
    private final JsonNode event;
    private int at;

    private Condition(String text, Map<String, String> macros, Map<String, List<String>> lists, JsonNode event) {
        this.tokens = TOKEN.matcher(text).results().map(MatchResult::group).toList();
        this.macros = macros;
        this.lists = lists;
        this.event = event;
    }

    /** Whether an event is one of those. */
    static boolean holds(String text, Map<String, String> macros, Map<String, List<String>> lists, JsonNode event) {
        var condition = new Condition(text, macros, lists, event);
        boolean result = condition.either();
        if (condition.at != condition.tokens.size()) {
            throw new IllegalStateException("goes on after its end: " + text);
        }
        return result;
    }

    // All parts are read, also where the first decides: an unknown name is found whatever the event.
    private boolean either() {
        boolean result = both();
        while (taken("or")) {
            boolean next = both();
            result = result || next;
        }
        return result;
    }

    private boolean both() {
        boolean result = one();
        while (taken("and")) {
            boolean next = one();
            result = result && next;
        }
        return result;
    }

    private boolean one() {
        if (taken("not")) {
            return !one();
        }
        if (taken("(")) {
            boolean result = either();
            expect(")");
            return result;
        }
        String name = next();
        String macro = macros.get(name);
        if (macro != null) {
            return holds(macro, macros, lists, event);
        }
        if (!name.contains(".")) {
            throw new IllegalStateException("no macro is called " + name);
        }
        return compared(event.path(name));
    }

    private boolean compared(JsonNode field) {
        String value = field.asText();
        boolean fits = switch (next()) {
            case "=" -> value.equals(next());
            case "!=" -> !value.equals(next());
            case "startswith" -> value.startsWith(next());
            case "exists" -> true;
            case "in" -> list().contains(value);
            case String other -> throw new IllegalStateException("not known here: " + other);
        };
        // What an event does not have is neither equal nor unequal to anything.
        return fits && field.isValueNode();
    }

    private List<String> list() {
        expect("(");
        var values = new ArrayList<String>();
        do {
            String value = next();
            if (value.startsWith("vitals_") && !lists.containsKey(value)) {
                throw new IllegalStateException("no list is called " + value);
            }
            values.addAll(lists.getOrDefault(value, List.of(value)));
        } while (taken(","));
        expect(")");
        return values;
    }

    private String next() {
        if (at == tokens.size()) {
            throw new IllegalStateException("ends too early");
        }
        return tokens.get(at++);
    }

    private boolean taken(String token) {
        boolean there = at < tokens.size() && tokens.get(at).equals(token);
        if (there) {
            at++;
        }
        return there;
    }

    private void expect(String token) {
        if (!taken(token)) {
            throw new IllegalStateException("expected " + token + " after " + tokens.subList(0, at));
        }
    }
}
