package io.vitals.runbooks.page;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as pages have them: 250ms, 30s, 5m, 2h, 90d. */
final class Durations {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

    private Durations() {}

    static Optional<Duration> parse(String text) {
        var parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(parts.group(1));
        return Optional.of(
                switch (parts.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                });
    }
}
