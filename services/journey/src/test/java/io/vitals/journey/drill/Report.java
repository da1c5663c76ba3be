package io.vitals.journey.drill;

import io.vitals.runbooks.run.Result;
import io.vitals.runbooks.run.Tally;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a drill has measured, as a table. */
final class Report {
    private static final String LINE = "%-26s | %-14s | %-8s | %7s | %7s | %7s | %s";

    private Report() {}

    /** Its lines, which are also kept in a file. */
    static List<String> write(Path file, List<Drill.Row> rows) throws IOException {
        var lines = new ArrayList<String>();
        lines.add(String.format(Locale.ROOT, LINE, "alert", "of", "to", "fired", "told", "cleared", "fault"));
        for (Drill.Row row : rows) {
            lines.add(String.format(
                    Locale.ROOT,
                    LINE,
                    row.alert().alert(),
                    row.alert().service(),
                    row.alert().way().name().toLowerCase(Locale.ROOT),
                    seconds(row.fired()),
                    seconds(row.told()),
                    row.cleared().map(Report::seconds).orElse("-"),
                    row.fault()));
        }
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
        return lines;
    }

    /** What the pages' steps did, and how many passed, failed and were skipped. */
    static List<String> pages(Path file, List<Result> results) throws IOException {
        var lines = new ArrayList<String>();
        results.forEach(result -> lines.add(result.toString()));
        lines.add(Tally.of(results).toString());
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
        return lines;
    }

    /**
     * The same as a document.
     *
     * @param about of what and when
     */
    static String document(String about, List<Drill.Row> rows, List<Result> results) {
        var text = new StringBuilder("""
                # Drills
                Faults of the running services, what was told of them after how many seconds, and how the pages of their alerts did: before anything happens no
                `assert` of a page may be true, while its alert fires each has to be, and when the fault is over so has each `verify`. Time passes 60 times faster
                there ([monitoring.md](monitoring.md#the-drill)). What asks a cluster, Loki or a variable that is not set is skipped. Written by
                `make runbook-test WRITE=1`; %s.

                | Alert | Of | Fault | Fired | Told | Cleared | Steps passed | Failed | Skipped |
                |---|---|---|---|---|---|---|---|---|
                """.formatted(about));
        for (Drill.Row row : rows) {
            Tally steps = Tally.of(results.stream()
                    .filter(result -> result.page().equals(row.alert().alert()))
                    .toList());
            text.append(String.format(
                    Locale.ROOT,
                    "| [%1$s](../runbooks/alerts/%1$s.md) | %2$s | %3$s | %4$s | %5$s | %6$s | %7$d | %8$d | %9$d |%n",
                    row.alert().alert(),
                    row.alert().service(),
                    row.fault(),
                    seconds(row.fired()),
                    seconds(row.told()),
                    row.cleared().map(Report::seconds).orElse("-"),
                    steps.of(Result.Outcome.PASSED),
                    steps.of(Result.Outcome.FAILED),
                    steps.of(Result.Outcome.SKIPPED)));
        }
        text.append("\nSteps: ").append(Tally.of(results)).append(".\n\n| Skipped, as | Steps |\n|---|---|\n");
        results.stream()
                .filter(result -> result.outcome() == Result.Outcome.SKIPPED)
                .collect(Collectors.groupingBy(Result::detail, TreeMap::new, Collectors.counting()))
                .forEach((why, steps) -> text.append("| ")
                        .append(why)
                        .append(" | ")
                        .append(steps)
                        .append(" |\n"));
        return text.toString();
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1000.0);
    }
}
