package io.vitals.loadtest.verdict;

import io.vitals.loadtest.profile.Threshold;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Verdicts as the rows of a Markdown table; times are in milliseconds. */
public final class Table {
    private static final List<String> HEADINGS =
            List.of("scenario", "requests", "rps", "errors", "p50", "p95", "p99", "max", "limit", "verdict");

    private Table() {}

    public static void print(List<Verdict> verdicts, PrintStream out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        verdicts.forEach(verdict -> rows.add(row(verdict)));
        int[] widths = IntStream.range(0, HEADINGS.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (int i = 0; i < rows.size(); i++) {
            out.println(line(rows.get(i), widths));
            if (i == 0) {
                out.println(line(
                        IntStream.of(widths)
                                .mapToObj(width -> "-".repeat(width))
                                .toList(),
                        widths));
            }
        }
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int column = 0; column < widths.length; column++) {
            line.append(' ')
                    .append(cells.get(column))
                    .append(" ".repeat(widths[column] - cells.get(column).length()))
                    .append(" |");
        }
        return line.toString();
    }

    private static List<String> row(Verdict verdict) {
        Measured measured = verdict.measured();
        return List.of(
                measured.scenario().named(measured.request()),
                Long.toString(measured.requests()),
                "%.1f".formatted(measured.perSecond()),
                Long.toString(measured.errors()),
                millis(measured.p50()),
                millis(measured.p95()),
                millis(measured.p99()),
                millis(measured.max()),
                limit(verdict.threshold()),
                verdict.kept() ? "kept" : "BROKEN: " + String.join(", ", verdict.broken()));
    }

    private static String millis(double millis) {
        return "%.0f".formatted(millis);
    }

    private static String limit(Threshold threshold) {
        List<String> limits = new ArrayList<>();
        threshold.p95().ifPresent(p95 -> limits.add("p95 <= " + p95.toMillis()));
        threshold.p99().ifPresent(p99 -> limits.add("p99 <= " + p99.toMillis()));
        threshold.max().ifPresent(max -> limits.add("max <= " + max.toMillis()));
        limits.add(String.format(Locale.ROOT, "errors <= %s %%", threshold.errorsPercent()));
        return String.join(", ", limits);
    }
}
