package io.vitals.whoop.quota;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What WHOOP's answer says of the budget. {@code X-RateLimit-Limit} reads {@code 100, 100;window=60, 10000;window=86400}: the first number
 * names the window nearest to exhaustion, and remaining and reset speak of that window.
 */
record RateHeaders(
        OptionalInt minuteLimit,
        OptionalInt dayLimit,
        boolean minuteIsNearest,
        OptionalInt remaining,
        Optional<Duration> reset) {
    private static final Pattern WINDOW = Pattern.compile("(\\d{1,9})\\s*;\\s*window=(\\d{1,9})");
    private static final Pattern FIRST = Pattern.compile("\\s*(\\d{1,9})\\b.*");
    private static final long MINUTE = 60;
    private static final long DAY = 86_400;

    static RateHeaders of(Map<String, String> headers) {
        String limits = headers.getOrDefault("x-ratelimit-limit", "");
        OptionalInt minute = OptionalInt.empty();
        OptionalInt day = OptionalInt.empty();
        Matcher windows = WINDOW.matcher(limits);
        while (windows.find()) {
            int limit = Integer.parseInt(windows.group(1));
            long seconds = Long.parseLong(windows.group(2));
            if (seconds == MINUTE) {
                minute = OptionalInt.of(limit);
            } else if (seconds == DAY) {
                day = OptionalInt.of(limit);
            }
        }
        Matcher first = FIRST.matcher(limits);
        boolean minuteIsNearest =
                !first.matches() || day.isEmpty() || Integer.parseInt(first.group(1)) != day.getAsInt();
        OptionalLong remaining = number(headers.get("x-ratelimit-remaining"));
        OptionalLong reset = number(headers.get("retry-after"));
        if (reset.isEmpty()) {
            reset = number(headers.get("x-ratelimit-reset"));
        }
        return new RateHeaders(
                minute,
                day,
                minuteIsNearest,
                remaining.isPresent() ? OptionalInt.of((int) remaining.getAsLong()) : OptionalInt.empty(),
                reset.isPresent() ? Optional.of(Duration.ofSeconds(reset.getAsLong())) : Optional.empty());
    }

    private static OptionalLong number(@org.jspecify.annotations.Nullable String text) {
        return text != null && text.strip().matches("\\d{1,6}")
                ? OptionalLong.of(Long.parseLong(text.strip()))
                : OptionalLong.empty();
    }
}
