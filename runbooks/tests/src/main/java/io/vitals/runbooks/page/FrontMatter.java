package io.vitals.runbooks.page;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a page is about.
 *
 * @param services that the alert can be of
 * @param slo promises that burn
 * @param dashboard a file of monitoring/dashboards, without its ending
 * @param needs what its steps need
 * @param related other pages
 */
public record FrontMatter(
        String alert,
        String severity,
        String team,
        List<String> services,
        String component,
        List<String> slo,
        Optional<String> dashboard,
        Exercise drill,
        Set<Capability> needs,
        List<String> related,
        LocalDate reviewed) {
    /** Where an exercise can take place. */
    public enum Level {
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
    public record Exercise(Level level, Duration every, Duration fires, Duration resolves) {}

    public FrontMatter {
        services = List.copyOf(services);
        slo = List.copyOf(slo);
        needs = Set.copyOf(needs);
        related = List.copyOf(related);
    }

    public boolean critical() {
        return severity.equals("critical");
    }

    /** The database of the one service that the page is about. */
    public Optional<String> database() {
        return services.size() != 1
                ? Optional.empty()
                : switch (services.getFirst()) {
                    case "health-api" -> Optional.of("health");
                    case "whoop-service" -> Optional.of("whoop");
                    default -> Optional.empty();
                };
    }
}
