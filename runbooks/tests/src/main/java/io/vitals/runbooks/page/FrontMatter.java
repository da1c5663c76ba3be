package io.vitals.runbooks.page;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a page is about: an alert, or something that is done. */
public sealed interface FrontMatter permits AlertMatter, ProcedureMatter {
    /** Where an exercise can take place. */
    enum Level {
        /** Processes on one machine. */
        LOCAL,
        CLUSTER,
        /** People talk it through. */
        TABLETOP
    }

    /**
     * How it is exercised.
     *
     * @param fires the longest time from the fault to the alert
     * @param resolves the longest time from the end of the fault to the end of the alert
     */
    record Exercise(Level level, Duration every, Duration fires, Duration resolves) {}

    String team();

    /** Those that it can be about. */
    List<String> services();

    Exercise drill();

    /** What its steps need. */
    Set<Capability> needs();

    /** Other pages, of alerts and of procedures. */
    List<String> related();

    /** The day on which somebody last read it as a whole. */
    LocalDate reviewed();

    /** The database of the one service that the page is about. */
    default Optional<String> database() {
        return services().size() != 1
                ? Optional.empty()
                : switch (services().getFirst()) {
                    case "health-api" -> Optional.of("health");
                    case "whoop-service" -> Optional.of("whoop");
                    default -> Optional.empty();
                };
    }
}
