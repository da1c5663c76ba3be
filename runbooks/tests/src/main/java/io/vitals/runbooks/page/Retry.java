package io.vitals.runbooks.page;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How often a step is tried before it has failed.
 *
 * @param delay between two tries
 */
public record Retry(int times, Duration delay) {
    static final Retry NONE = new Retry(1, Duration.ZERO);
    private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,2})x(\\w+)");

    static Optional<Retry> parse(String text) {
        var parts = TEXT.matcher(text);
        return parts.matches()
                ? Durations.parse(parts.group(2)).map(delay -> new Retry(Integer.parseInt(parts.group(1)), delay))
                : Optional.empty();
    }
}
