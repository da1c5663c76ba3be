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

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1000.0);
    }
}
