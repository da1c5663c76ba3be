package io.vitals.runbooks.gates;

import io.vitals.runbooks.page.Capability;
import io.vitals.runbooks.page.Language;
import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Phase;
import io.vitals.runbooks.page.Step;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be said of a page without running anything, besides that it can be read. Each gives what is wrong. */
final class PageGates {
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    /** In this order on each page of an alert, so that nobody has to look for them. */
    private static final List<String> SECTIONS = List.of(
            "In one minute",
            "Meaning",
            "Impact",
            "First checks (read only, under 5 minutes)",
            "Decision table",
            "Mitigation",
            "Verify",
            "If that did not help",
            "Drill",
            "Silence and false alarms",
            "History");

    /** By these a step can pass for ever without having done anything. */
    private static final Map<Pattern, String> HIDES = Map.of(
            Pattern.compile("&?\\d?>+\\s*/dev/null"), "throws away what is said",
            Pattern.compile("\\|\\|\\s*(true|:)(?=\\s|;|\\)|$)"), "goes on after a mistake",
            Pattern.compile("(?m)^\\s*set\\s+\\+[a-z]*e"), "goes on after a mistake",
            Pattern.compile("(?m)^\\s*set\\s+\\+o\\s+(errexit|pipefail)"), "goes on after a mistake");

    /** What a step calls of this tree, also by {@code make}. */
    private static final Pattern CALLS =
            Pattern.compile("(?m)(?:^|[|;&(]|\\bthen|\\bdo)\\s*(?:[A-Z_]+=\\S+ )*(?:make ([a-z-]+)|(tools/[a-z/-]+))");

    private static final Pattern TARGETS = Pattern.compile("(?m)^([a-z-]+):");

    private PageGates() {}

    /** Of a page that says what to do: all sections, in their order, and no others. */
    static List<String> sections(Page page) {
        var findings = new ArrayList<String>();
        var there = page.headings(2);
        there.stream()
                .filter(heading -> !SECTIONS.contains(heading))
                .forEach(heading -> findings.add(page.name() + ": ## " + heading + ": no such section"));
        // What is always there is never over.
        boolean ends = !page.steps(Phase.ASSERT).isEmpty();
        SECTIONS.stream()
                .filter(section -> !there.contains(section) && (ends || !section.equals("Verify")))
                .forEach(section -> findings.add(page.name() + ": ## " + section + ": is missing"));
        if (findings.isEmpty()
                && !there.equals(SECTIONS.stream().filter(there::contains).toList())) {
            findings.add(page.name() + ": the sections are not in their order, or one is there twice: "
                    + String.join(", ", there));
        }
        return findings;
    }

    /** Who is woken is told how to look, to be sure, to end it, and to know that it is over. */
    static List<String> phases(Page page) {
        Set<Phase> lacks = EnumSet.of(Phase.DIAGNOSE, Phase.ASSERT, Phase.MITIGATE, Phase.VERIFY);
        page.steps().stream().filter(step -> !step.drillOnly()).map(Step::phase).forEach(lacks::remove);
        return !page.alert().critical()
                ? List.of()
                : lacks.stream()
                        .map(phase -> page.name() + ": wakes somebody and has no step of the phase " + phase)
                        .toList();
    }

    /** The page says at its top what one has to have. */
    static List<String> needs(Page page) {
        var findings = new ArrayList<String>();
        for (Step step : page.steps()) {
            for (Capability need : step.needs().stream().sorted().toList()) {
                if (!page.about().needs().contains(need)) {
                    findings.add(page.name() + ".md:" + step.line() + ": " + step.id() + " needs " + need
                            + ", which the front matter does not name");
                }
            }
        }
        return findings;
    }

    static List<String> dashboard(Page page) {
        return page.alert()
                .dashboard()
                .filter(name -> !Files.isRegularFile(ROOT.resolve("monitoring/dashboards/" + name + ".json")))
                .map(name ->
                        List.of(page.name() + ".md: dashboard: there is no monitoring/dashboards/" + name + ".json"))
                .orElse(List.of());
    }

    static List<String> related(Page page) {
        return page.about().related().stream()
                .filter(other -> Stream.of("alerts", "procedures")
                        .noneMatch(kind -> Files.isRegularFile(ROOT.resolve("runbooks/" + kind + "/" + other + ".md"))))
                .map(other -> page.name() + ".md: related: there is no page " + other)
                .toList();
    }

    /** A step that hides its mistakes would pass for ever. */
    static List<String> hides(Page page) {
        var findings = new ArrayList<String>();
        for (Step step : page.steps()) {
            if (step.language() == Language.SH) {
                HIDES.forEach((pattern, what) -> pattern.matcher(step.text())
                        .results()
                        .forEach(found -> findings.add(page.name() + ".md:" + step.line() + ": " + step.id() + " "
                                + what + ": " + found.group().strip())));
            }
        }
        return findings;
    }

    /** Commands of this tree are there. */
    static List<String> calls(Page page) {
        Set<String> targets = targets();
        var findings = new ArrayList<String>();
        for (Step step : page.steps()) {
            if (step.language() == Language.SH) {
                CALLS.matcher(step.text()).results().forEach(call -> {
                    boolean there = call.group(1) == null
                            ? Files.isExecutable(ROOT.resolve(call.group(2)))
                            : targets.contains(call.group(1));
                    if (!there) {
                        findings.add(
                                page.name() + ".md:" + step.line() + ": " + step.id() + " calls what is not there: "
                                        + (call.group(1) == null ? call.group(2) : "make " + call.group(1)));
                    }
                });
            }
        }
        return findings;
    }

    private static Set<String> targets() {
        try {
            return TARGETS.matcher(Files.readString(ROOT.resolve("Makefile")))
                    .results()
                    .map(target -> target.group(1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
