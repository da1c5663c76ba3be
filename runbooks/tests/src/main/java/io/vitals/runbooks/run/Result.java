package io.vitals.runbooks.run;

import io.vitals.runbooks.page.Phase;

import java.util.Locale;

/**
 * How a step went.
 *
 * @param detail why, when it did not pass
 * @param output what it said, without secrets
 */
public record Result(String page, String id, Phase phase, Outcome outcome, String detail, String output) {
    /** What is skipped has proven nothing. */
    public enum Outcome {
        PASSED,
        FAILED,
        SKIPPED
    }

    boolean is(Outcome which) {
        return outcome == which;
    }

    @Override
    public String toString() {
        return page + ": " + id + " (" + phase + ") " + outcome.name().toLowerCase(Locale.ROOT)
                + (detail.isEmpty() ? "" : ": " + detail);
    }
}
