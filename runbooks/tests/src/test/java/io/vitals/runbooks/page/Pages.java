package io.vitals.runbooks.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Pages for tests. */
public final class Pages {
    private static final Path EXAMPLE = Path.of("src/test/resources/Example.md");

    private Pages() {}

    /** One that has all that a page can have. */
    public static String example() {
        try {
            return Files.readString(EXAMPLE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The example with something else in a place, which has to be there once. */
    public static String example(String from, String to) {
        String text = example();
        if (text.split(Pattern.quote(from), -1).length != 2) {
            throw new IllegalArgumentException("is not there once: " + from);
        }
        return text.replace(from, to);
    }

    /** A page with these steps. */
    public static Page of(String steps) {
        return Page.parse("Example", example().replaceAll("(?s)## First checks.*", "## First checks\n") + steps);
    }
}
