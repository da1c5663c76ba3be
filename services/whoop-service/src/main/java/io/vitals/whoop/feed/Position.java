package io.vitals.whoop.feed;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in the feed. Its text is opaque to readers. */
record Position(long transaction, long sequence) {
    static final Position START = new Position(0, 0);
    private static final Pattern TEXT = Pattern.compile("c(\\d{1,18})-(\\d{1,18})");

    static Optional<Position> parse(String text) {
        if (text.isEmpty()) {
            return Optional.of(START);
        }
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new Position(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    String text() {
        return "c" + transaction + "-" + sequence;
    }
}
