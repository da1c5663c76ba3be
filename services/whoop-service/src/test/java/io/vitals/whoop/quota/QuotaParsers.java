package io.vitals.whoop.quota;

import io.vitals.whoop.support.Parser;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What reads WHOOP's rate-limit headers. */
public final class QuotaParsers {
    private QuotaParsers() {}

    public static List<Parser> all() {
        return List.of(bytes -> {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            RateHeaders.of(Map.of("x-ratelimit-limit", text, "x-ratelimit-remaining", text, "retry-after", text));
        });
    }
}
