package io.vitals.whoop.feed;

import io.vitals.whoop.support.Parser;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What reads the cursors of the feed. */
public final class FeedParsers {
    private FeedParsers() {}

    public static List<Parser> all() {
        return List.of(bytes -> Position.parse(new String(bytes, StandardCharsets.UTF_8)));
    }
}
