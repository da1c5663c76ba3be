package io.vitals.runbooks.run;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Takes secrets out of what steps say: those that are known by value, and what looks like one, as the pipeline of logs does. */
final class Masker {
    private static final String TOKEN = "[redacted:token]";
    private static final int SHORTEST = 4;
    private static final Pattern NAME = Pattern.compile("(?i).*(credential|key|passwd|password|secret|token).*");
    private static final Map<Pattern, String> LOOKS = Map.of(
            Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{8,}"),
            "$1 " + TOKEN,
            Pattern.compile(
                    "(?i)((?:access_token|api_?key|client_secret|id_token|passw(?:or)?d|refresh_token|secret|token)[\"']?\\s*[=:]\\s*[\"']?)[^\\s\"',;&}]{4,}"),
            "$1" + TOKEN,
            Pattern.compile("eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*"),
            TOKEN,
            Pattern.compile("(\\w://[^\\s/:@]*:)[^\\s/@]+@"),
            "$1" + TOKEN + "@",
            Pattern.compile("(?s)-----BEGIN ([A-Z ]*)PRIVATE KEY-----.*?(?:-----END \\1PRIVATE KEY-----|\\z)"),
            TOKEN,
            Pattern.compile("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}"),
            "[redacted:address]");

    /** The longest first: one may hold another. */
    private final Collection<String> known =
            new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /** Of these is never shown what they are. */
    void know(String secret) {
        for (String line : secret.lines().map(String::strip).toList()) {
            if (line.length() >= SHORTEST) {
                known.add(line);
            }
        }
    }

    /** A variable whose name says that its value is a secret. */
    void know(String name, String value) {
        if (NAME.matcher(name).matches()) {
            know(value);
        }
    }

    String mask(String text) {
        String masked = text;
        for (String secret : List.copyOf(known)) {
            masked = masked.replace(secret, TOKEN);
        }
        for (Map.Entry<Pattern, String> look : LOOKS.entrySet()) {
            masked = look.getKey().matcher(masked).replaceAll(look.getValue());
        }
        return masked;
    }
}
