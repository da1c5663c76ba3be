package io.vitals.runbooks.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Pages for tests. */
public final class Pages {
    private static final Path FOLDER = Path.of("src/test/resources");

    private Pages() {}

    /** One that has all that the page of an alert can have. */
    public static String example() {
        return read("Example.md");
    }

    /** One that has all that the page of a procedure can have. */
    public static String procedure() {
        return read("example.procedure.md");
    }

    private static String read(String name) {
        try {
            return Files.readString(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The example with something else in a place, which has to be there once. */
    public static String example(String from, String to) {
        return replace(example(), from, to);
    }

    /** The same of the procedure. */
    public static String procedure(String from, String to) {
        return replace(procedure(), from, to);
    }

    private static String replace(String text, String from, String to) {
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
