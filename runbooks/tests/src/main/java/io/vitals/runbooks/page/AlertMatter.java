package io.vitals.runbooks.page;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the page of an alert is about.
 *
 * @param slo promises that burn
 * @param dashboard a file of monitoring/dashboards, without its ending
 */
public record AlertMatter(
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
        LocalDate reviewed)
        implements FrontMatter {
    public AlertMatter {
        services = List.copyOf(services);
        slo = List.copyOf(slo);
        needs = Set.copyOf(needs);
        related = List.copyOf(related);
    }

    public boolean critical() {
        return severity.equals("critical");
    }
}
