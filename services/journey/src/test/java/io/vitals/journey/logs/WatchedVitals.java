package io.vitals.journey.logs;

import io.vitals.journey.stack.SharedStack;
import io.vitals.sandbox.launcher.Conditions;

import java.util.Map;
import java.util.Optional;

/** Gives tests a stack in which nobody may use the rights of an admin from here. */
final class WatchedVitals extends SharedStack {
    /** Lines carry the ids of traces; that nobody takes the traces is no matter here. */
    private static final Map<String, String> TRACED =
            Map.of("VITALS_TRACING_ENABLED", "true", "VITALS_TRACING_PORT", "1");

    private static final Conditions CONDITIONS = new Conditions(
            4,
            1_000,
            100_000,
            1,
            1,
            1,
            Optional.empty(),
            TRACED,
            Map.of(
                    "VITALS_LIMITS_ADMIN_ADDRESSES", "192.0.2.0/24",
                    "VITALS_TRACING_ENABLED", "true",
                    "VITALS_TRACING_PORT", "1"));

    WatchedVitals() {
        super("vitals-watched", CONDITIONS, _ -> {});
    }
}
