package io.vitals.runbooks.page;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a page: all of it, not only the first. */
final class Faults {
    private final String page;
    private final List<String> all = new ArrayList<>();

    Faults(String page) {
        this.page = page;
    }

    /** Of a key of the front matter. */
    void key(String key, String message) {
        all.add(page + ".md: " + key + ": " + message);
    }

    void line(int line, String message) {
        all.add(page + ".md:" + line + ": " + message);
    }

    /** Of a key of a step. */
    void line(int line, String key, String message) {
        line(line, key + ": " + message);
    }

    void orThrow() {
        if (!all.isEmpty()) {
            throw new PageException(all);
        }
    }
}
