package io.vitals.journey.stack;

import io.vitals.sandbox.launcher.Conditions;

import java.util.Map;
import java.util.Optional;

/** Gives tests a stack as {@code make run} starts it, but with a quota for many connections. */
public final class RunningVitals extends SharedStack {
    /** Two people more than usual: one who is erased, and one who has never consented to anything. */
    private static final int PEOPLE = 6;

    /** Ten times the usual quota: tests connect in minutes as often as members in an hour, and each connection brings a year of history. */
    private static final Conditions CONDITIONS =
            new Conditions(PEOPLE, 1_000, 100_000, 1, 1, 1, Optional.empty(), Map.of(), Map.of());

    RunningVitals() {
        super("vitals", CONDITIONS, _ -> {});
    }
}
