package io.vitals.runbooks.incident;

import io.vitals.runbooks.incident.IncidentRecord.Action;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a record has to hold. A finished one has changed something, or says why not. */
final class RecordLint {
    static final List<String> SECTIONS = List.of(
            "Summary",
            "Impact",
            "Timeline",
            "Detection",
            "Contributing factors",
            "What went well",
            "What went badly",
            "Lessons");
    private static final Pattern ID = Pattern.compile("\\d{8}-\\d{4}-[0-9a-f]{10}");
    private static final Pattern ALERT = Pattern.compile("[A-Z][A-Za-z0-9]+");
    /** What a draft has where somebody still has to write. */
    static final String OPEN = "To be written";
    /** It looks for a person where a cause was to be found. */
    private static final Pattern BLAME = Pattern.compile(
            "(?i)\\b(human error|operator error|careless(ly|ness)?|should have known|negligen(t|ce)|whose fault|to blame)\\b");

    private static final Pattern PERSON = Pattern.compile("[\\w.+-]+@[\\w-]+\\.[\\w.]+|(?<![\\w/])@[a-z][\\w-]+");
    private static final int SHORTEST_REASON = 20;
    /** Working days until a post-mortem is talked about. */
    private static final int REVIEW = 5;

    private final Path tree;
    private final String file;
    private final IncidentRecord record;
    private final List<String> findings;

    private RecordLint(Path tree, String file, IncidentRecord record, List<String> findings) {
        this.tree = tree;
        this.file = file;
        this.record = record;
        this.findings = findings;
    }

    /** What is wrong with a record, whatever day it is. */
    static List<String> findings(Path tree, String name, String text) {
        var findings = new ArrayList<String>();
        String file = name + ".md";
        IncidentRecord record = RecordReader.read(file, text, findings);
        if (findings.isEmpty()) {
            new RecordLint(tree, file, record, findings).judge(name);
        }
        return findings;
    }

    /** What is late on a day. */
    static List<String> overdue(String name, IncidentRecord record, LocalDate today) {
        var late = new ArrayList<String>();
        if (!record.complete() && record.owesPostMortem() && record.resolvedAt().isPresent()) {
            LocalDate until = workingDays(record.resolvedAt().get(), REVIEW);
            if (today.isAfter(until)) {
                late.add(name + ".md: is a draft, and was to be complete by " + until);
            }
        }
        for (Action action : record.actions()) {
            if (action.done().isEmpty() && action.due().filter(today::isAfter).isPresent()) {
                late.add(name + ".md: " + action.id() + " was due on "
                        + action.due().get() + ": " + action.owner() + ", " + action.what());
            }
        }
        return late;
    }

    private static LocalDate workingDays(Instant from, int days) {
        LocalDate day = LocalDate.ofInstant(from, ZoneOffset.UTC);
        for (int left = days; left > 0; ) {
            day = day.plusDays(1);
            if (day.getDayOfWeek() != DayOfWeek.SATURDAY && day.getDayOfWeek() != DayOfWeek.SUNDAY) {
                left--;
            }
        }
        return day;
    }

    private void judge(String name) {
        if (!record.id().equals(name)) {
            fault("incident", "is " + record.id() + ", and the file is called " + name);
        }
        if (!ID.matcher(record.id()).matches()) {
            fault("incident", "is no id of on-call such as 20261128-1409-3f9a1c22b0");
        }
        if (record.alerts().isEmpty()) {
            fault("alerts", "is empty; an incident begins with one");
        }
        record.alerts().stream()
                .filter(alert -> !ALERT.matcher(alert).matches() || !Files.isRegularFile(page(alert)))
                .forEach(alert -> fault("alerts", "there is no page " + alert));
        times();
        sections();
        words();
        changes();
        actions();
    }

    /** Alerts of a database are called after it, and share a page. */
    private Path page(String alert) {
        return tree.resolve("runbooks/alerts/" + alert.replaceFirst("^(Health|Whoop)(?=Database)", "") + ".md");
    }

    private void times() {
        var times = new LinkedHashMap<String, Optional<Instant>>();
        times.put("started_at", record.startedAt());
        times.put("notified_at", record.notifiedAt());
        times.put("mitigated_at", record.mitigatedAt());
        times.put("resolved_at", record.resolvedAt());
        Map.Entry<String, Instant> last = null;
        for (var time : times.entrySet()) {
            boolean needed = record.complete() || time.getKey().matches("started_at|notified_at");
            if (time.getValue().isEmpty()) {
                if (needed) {
                    fault(time.getKey(), "is missing");
                }
                continue;
            }
            // Members may be well before the first page is read, and an alert can be told of late.
            if (last != null
                    && time.getValue().get().isBefore(last.getValue())
                    && !time.getKey().equals("mitigated_at")) {
                fault(time.getKey(), "is before " + last.getKey());
            }
            last = Map.entry(time.getKey(), time.getValue().get());
        }
        if (record.acknowledgedAt().isPresent() != record.acknowledgedBy().isPresent()) {
            fault("acknowledged_by", "goes with acknowledged_at");
        }
        record.acknowledgedAt()
                .filter(at -> record.notifiedAt().filter(at::isBefore).isPresent())
                .ifPresent(_ -> fault("acknowledged_at", "is before notified_at"));
        record.mitigatedAt()
                .filter(at -> record.startedAt().filter(at::isBefore).isPresent())
                .ifPresent(_ -> fault("mitigated_at", "is before started_at"));
    }

    private void sections() {
        if (!List.copyOf(record.sections().keySet()).equals(SECTIONS)) {
            findings.add(file + ": the sections are "
                    + String.join(", ", record.sections().keySet()) + "; they have to be "
                    + String.join(", ", SECTIONS));
        }
        if (record.complete()) {
            record.sections().forEach((title, text) -> {
                if (text.isBlank() || text.contains(OPEN)) {
                    findings.add(file + ": ## " + title + ": is not written, and the record says complete");
                }
            });
            if (record.owesPostMortem() && record.reviewed().isEmpty()) {
                fault("reviewed", "is missing: " + record.sev() + " is talked about before it is complete");
            }
        }
    }

    private void words() {
        String all = record.title() + "\n" + String.join("\n", record.sections().values());
        BLAME.matcher(all)
                .results()
                .forEach(
                        found -> findings.add(file + ": blames: \"" + found.group() + "\"; say what made it possible"));
        PERSON.matcher(all).results().forEach(_ -> findings.add(file + ": names a person; a record has roles only"));
    }

    private void changes() {
        boolean any = record.changed().values().stream().anyMatch(paths -> !paths.isEmpty());
        if (any && record.unchanged().isPresent()) {
            fault("unchanged", "contradicts changed");
        }
        if (record.complete() && !any && record.unchanged().isEmpty()) {
            fault(
                    "changed",
                    "a finished post-mortem has changed an alert, a test or a runbook, or says in unchanged why not");
        }
        record.unchanged()
                .filter(reason -> reason.length() < SHORTEST_REASON)
                .ifPresent(_ -> fault("unchanged", "is no reason"));
        record.changed()
                .forEach((kind, paths) -> paths.forEach(path -> {
                    if (!Files.isRegularFile(tree.resolve(path))) {
                        fault("changed." + kind, "there is no " + path);
                    } else if (!belongs(kind, path)) {
                        fault("changed." + kind, path + " is none of them");
                    } else if (kind.equals("runbooks") && !mentions(path)) {
                        fault("changed." + kind, path + " does not name the incident under its History");
                    }
                }));
    }

    private static boolean belongs(String kind, String path) {
        return switch (kind) {
            case "alerts" ->
                path.matches("monitoring/(rules|logs|detection)/.+\\.yaml|gitops/.+/prometheusrule\\.yaml");
            case "tests" -> path.matches(".+/src/test/.+\\.java|monitoring/(tests/.+|logs/scenarios)\\.yaml");
            default -> path.matches("runbooks/(alerts|procedures)/.+\\.md");
        };
    }

    private boolean mentions(String path) {
        try {
            String text = Files.readString(tree.resolve(path));
            return text.substring(Math.max(text.indexOf("\n## History"), 0)).contains(record.id());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void actions() {
        var ids = new HashSet<String>();
        for (Action action : record.actions()) {
            String of = "actions." + action.id();
            if (!ids.add(action.id())) {
                fault(of, "is there twice");
            }
            if (action.test().isPresent() == action.noTest().isPresent()) {
                fault(of, "has either test, which holds it, or no_test, with the reason");
            }
            action.due()
                    .filter(due -> record.startedAt()
                            .map(at -> LocalDate.ofInstant(at, ZoneOffset.UTC))
                            .filter(due::isBefore)
                            .isPresent())
                    .ifPresent(due -> fault(of + ".due", due + " is before the incident"));
            action.test()
                    .filter(test -> action.done().isPresent() && !Files.isRegularFile(tree.resolve(test)))
                    .ifPresent(test -> fault(of + ".test", "is done, and there is no " + test));
        }
        if (record.complete() && record.owesPostMortem() && record.actions().isEmpty()) {
            fault("actions", "is empty: " + record.sev() + " leads to something");
        }
    }

    private void fault(String field, String message) {
        findings.add(file + ": " + field + ": " + message);
    }
}
