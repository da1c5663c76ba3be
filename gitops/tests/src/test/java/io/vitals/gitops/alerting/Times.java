package io.vitals.gitops.alerting;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** How long Alertmanager waits, and the same in less time. */
final class Times {
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d|w)");
    private static final Map<String, Long> UNITS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L, "w", 604_800_000L);

    private Times() {}

    /** A duration such as 1h30m. */
    static long millis(String duration) {
        long sum = 0;
        var parts = PART.matcher(duration);
        while (parts.find()) {
            sum += Long.parseLong(parts.group(1)) * UNITS.getOrDefault(parts.group(2), 0L);
        }
        return sum;
    }

    /** Every wait of every route divided by a factor: what follows what stays the same. */
    static void shorten(ObjectNode config, int factor) {
        for (ObjectNode route : Alertmanager.routes(config)) {
            for (String field : List.of("group_wait", "group_interval", "repeat_interval")) {
                if (route.has(field)) {
                    long millis = millis(route.path(field).asText());
                    route.put(field, millis == 0 ? "0s" : Math.max(1, millis / factor) + "ms");
                }
            }
        }
    }
}
