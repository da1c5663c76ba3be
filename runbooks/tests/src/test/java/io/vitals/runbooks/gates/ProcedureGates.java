package io.vitals.runbooks.gates;

import io.vitals.runbooks.page.Block;
import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Phase;
import io.vitals.runbooks.page.ProcedureMatter;
import io.vitals.runbooks.page.Risk;
import io.vitals.runbooks.page.Step;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What can be said of the page of a procedure, besides what is held for all. */
final class ProcedureGates {
    /** In this order, and which phases stand in each. */
    private static final Map<String, Set<Phase>> SECTIONS = sections();

    private ProcedureGates() {}

    private static Map<String, Set<Phase>> sections() {
        Set<Phase> looks = EnumSet.of(Phase.DIAGNOSE);
        Set<Phase> acts = EnumSet.of(Phase.DIAGNOSE, Phase.MITIGATE);
        var sections = new LinkedHashMap<String, Set<Phase>>();
        sections.put("When", EnumSet.noneOf(Phase.class));
        sections.put("Before you begin", EnumSet.of(Phase.HEALTHY, Phase.DIAGNOSE));
        sections.put("Steps", acts);
        sections.put("Verify", EnumSet.of(Phase.DIAGNOSE, Phase.VERIFY));
        sections.put("If it goes wrong", acts);
        sections.put("Undo", acts);
        sections.put("Drill", looks);
        sections.put("History", EnumSet.noneOf(Phase.class));
        return sections;
    }

    /** All sections, in their order, and no others. */
    static List<String> sections(Page page) {
        List<String> there = page.headings(2);
        List<String> all = List.copyOf(SECTIONS.keySet());
        return there.equals(all)
                ? List.of()
                : List.of(page.name() + ": the sections are " + String.join(", ", there) + "; they have to be "
                        + String.join(", ", all));
    }

    /** What changes something does not stand among what looks, and what proves the end stands at the end. */
    static List<String> places(Page page) {
        var findings = new ArrayList<String>();
        String section = "";
        for (Block block : page.blocks()) {
            if (block instanceof Block.Heading heading && heading.level() == 2) {
                section = heading.text();
            } else if (block instanceof Step step
                    && !SECTIONS.getOrDefault(section, Set.of()).contains(step.phase())) {
                findings.add(page.name() + ".md:" + step.line() + ": " + step + " does not belong to ## " + section);
            }
        }
        return findings;
    }

    /** Whoever does it can see that it is done. */
    static List<String> proof(Page page) {
        return page.steps(Phase.VERIFY).isEmpty()
                ? List.of(page.name() + ": has no step of the phase verify, so nobody knows whether it is done")
                : List.of();
    }

    /** What does not come back by itself is not done by one alone. */
    static List<String> people(Page page) {
        return page.about() instanceof ProcedureMatter matter && matter.people() < 2
                ? page.steps().stream()
                        .filter(step -> step.risk() == Risk.DESTRUCTIVE)
                        .map(step -> page.name() + ".md:" + step.line() + ": " + step.id()
                                + " destroys something, and people is 1")
                        .toList()
                : List.of();
    }
}
