package io.vitals.runbooks.page;

import java.util.List;

/** A page is not as it should be. Each fault names the page, its line or key, and what is wrong. */
public final class PageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    PageException(List<String> faults) {
        super(String.join("\n", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
