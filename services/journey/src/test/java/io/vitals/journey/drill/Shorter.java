package io.vitals.journey.drill;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Prometheus and Alertmanager write them, divided by a factor. */
record Shorter(int factor) {
    private static final Pattern WHOLE = Pattern.compile("(?:\\d+(?:ms|[smhdwy]))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|[smhdwy])");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7),
            "y", Duration.ofDays(365));

    Shorter {
        if (factor < 1) {
            throw new IllegalArgumentException("a factor of " + factor + " shortens nothing");
        }
    }

    /** Nothing stays nothing; what would be less than a millisecond is refused. */
    String of(String duration) {
        return text(divided(duration));
    }

    /** As that, but not less than something, as far as it was that long. */
    String of(String duration, Duration least) {
        Duration whole = read(duration);
        Duration divided = divided(duration);
        return text(divided.compareTo(least) < 0 ? Collections.min(List.of(least, whole)) : divided);
    }

    Duration divided(String duration) {
        long millis = read(duration).toMillis();
        if (millis > 0 && millis < factor) {
            throw new IllegalArgumentException(duration + " is too short to be divided by " + factor);
        }
        return Duration.ofMillis(millis / factor);
    }

    private static Duration read(String duration) {
        if (!WHOLE.matcher(duration).matches()) {
            throw new IllegalArgumentException("no duration: " + duration);
        }
        Duration sum = Duration.ZERO;
        Matcher parts = PART.matcher(duration);
        while (parts.find()) {
            sum = sum.plus(
                    UNITS.getOrDefault(parts.group(2), Duration.ZERO).multipliedBy(Long.parseLong(parts.group(1))));
        }
        return sum;
    }

    private static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
