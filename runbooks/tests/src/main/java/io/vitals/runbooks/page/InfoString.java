package io.vitals.runbooks.page;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The key=value pairs behind a fence's language, quoted as in a shell. */
final class InfoString {
    private final String text;
    private int at;

    private InfoString(String text) {
        this.text = text;
    }

    /** The pairs in their order; nothing when one of them is wrong, which is noted. */
    static Optional<Map<String, String>> pairs(String text, int line, Faults faults) {
        var reader = new InfoString(text);
        var pairs = new LinkedHashMap<String, String>();
        reader.blanks();
        while (reader.at < text.length()) {
            Optional<String> word = reader.word();
            if (word.isEmpty()) {
                faults.line(line, "a quotation mark is not closed");
                return Optional.empty();
            }
            int equals = word.get().indexOf('=');
            if (equals < 1) {
                faults.line(line, word.get(), "is no key=value");
                return Optional.empty();
            }
            String key = word.get().substring(0, equals);
            if (pairs.put(key, word.get().substring(equals + 1)) != null) {
                faults.line(line, key, "stands there twice");
                return Optional.empty();
            }
            reader.blanks();
        }
        return Optional.of(pairs);
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private Optional<String> word() {
        var word = new StringBuilder();
        char quote = 0;
        while (at < text.length() && (quote != 0 || !Character.isWhitespace(text.charAt(at)))) {
            char next = text.charAt(at++);
            if (quote == 0 && (next == '\'' || next == '"')) {
                quote = next;
            } else if (next == quote) {
                quote = 0;
            } else if (next == '\\' && at < text.length() && escapes(quote, text.charAt(at))) {
                word.append(text.charAt(at++));
            } else {
                word.append(next);
            }
        }
        return quote == 0 ? Optional.of(word.toString()) : Optional.empty();
    }

    /** Between double marks a backslash is one, unless what follows means something there. */
    private static boolean escapes(char quote, char next) {
        return quote == 0 || (quote == '"' && (next == '"' || next == '\\' || next == '$' || next == '`'));
    }
}
