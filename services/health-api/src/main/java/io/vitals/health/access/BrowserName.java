package io.vitals.health.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Browser and system as a user agent tells them, each as one of a few words: enough to know one's own session again. Browsers that pass for
 * others name the others too, so the order decides.
 */
final class BrowserName {
    private static final int LONGEST = 1024;

    private static final Map<String, String> BROWSERS = inOrder(
            "Edg", "Edge",
            "OPR/", "Opera",
            "SamsungBrowser/", "Samsung Internet",
            "Firefox/", "Firefox",
            "FxiOS/", "Firefox",
            "CriOS/", "Chrome",
            "Chrome/", "Chrome",
            "Safari/", "Safari");

    private static final Map<String, String> SYSTEMS = inOrder(
            "iPhone", "iOS",
            "iPad", "iPadOS",
            "Android", "Android",
            "Windows", "Windows",
            "CrOS", "ChromeOS",
            "Macintosh", "macOS",
            "Linux", "Linux");

    private BrowserName() {}

    private static Map<String, String> inOrder(String... pairs) {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            ordered.put(pairs[i], pairs[i + 1]);
        }
        return ordered;
    }

    /** Such as "Firefox on Linux", or the one of both that is known; empty when neither is. */
    static Optional<String> of(String userAgent) {
        String text = userAgent.length() > LONGEST ? userAgent.substring(0, LONGEST) : userAgent;
        String name = Stream.of(first(BROWSERS, text), first(SYSTEMS, text))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" on "));
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    private static Optional<String> first(Map<String, String> words, String text) {
        return words.entrySet().stream()
                .filter(entry -> text.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
