package io.vitals.runbooks.page;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/**
 * What the page of a procedure is about.
 *
 * @param takes how long it usually takes
 * @param people how many have to be there
 */
public record ProcedureMatter(
        String procedure,
        String team,
        List<String> services,
        Duration takes,
        int people,
        Exercise drill,
        Set<Capability> needs,
        List<String> related,
        LocalDate reviewed)
        implements FrontMatter {
    public ProcedureMatter {
        services = List.copyOf(services);
        needs = Set.copyOf(needs);
        related = List.copyOf(related);
    }
}
