package io.vitals.journey.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a drill has measured, as a table. */
final class Report {
    private static final String LINE = "%-4s | %-32s | %8s | %8s | %6s | %6s | %7s | %7s | %7s | %7s";
    private static final double GIBIBYTE = 1L << 30;

    private final Original original;
    private final long seed;
    private final List<Row> rows = new ArrayList<>();

    /**
     * One restore.
     *
     * @param rows of the services' tables
     * @param size of the cluster in bytes
     * @param fetched until the base backup was there
     * @param replayed until the server could be written to
     * @param proven checks, and the ledger of erasures
     * @param all until a member has read their days
     */
    record Row(
            Target target,
            int expected,
            int found,
            long rows,
            long size,
            Duration fetched,
            Duration replayed,
            Duration proven,
            Duration all,
            List<String> findings) {}

    Report(Original original, long seed) {
        this.original = original;
        this.seed = seed;
    }

    void add(Row row) {
        rows.add(row);
    }

    int size() {
        return rows.size();
    }

    /** Its lines, which are also kept in a file. */
    List<String> write(Path file) throws IOException {
        var lines = new ArrayList<String>();
        lines.add(String.format(
                Locale.ROOT,
                LINE,
                "kind",
                "target",
                "expected",
                "found",
                "rows",
                "MiB",
                "fetch s",
                "play s",
                "prove s",
                "all s"));
        for (Row row : rows) {
            lines.add(String.format(
                    Locale.ROOT,
                    LINE,
                    row.target().kind().name().toLowerCase(Locale.ROOT),
                    row.target().name(),
                    row.expected(),
                    row.found(),
                    row.rows(),
                    row.size() >> 20,
                    seconds(row.fetched()),
                    seconds(row.replayed()),
                    seconds(row.proven()),
                    seconds(row.all())));
        }
        lines.add("seed " + seed + "; acknowledged "
                + original.written().commits().size() + "; lost with the disk: "
                + seconds(lost()) + " s of writes; fetch and replay: "
                + String.format(Locale.ROOT, "%.0f", perGibibyte()) + " s a GiB at this size");
        Files.write(file, lines);
        return lines;
    }

    private Duration lost() {
        return original.lostWrites(rows.getLast().target());
    }

    private double perGibibyte() {
        return rows.stream()
                .mapToDouble(row -> row.fetched().plus(row.replayed()).toMillis() / 1000.0 / (row.size() / GIBIBYTE))
                .max()
                .orElse(0);
    }

    /** In words, those that a restore did not keep. */
    List<String> brokenObjectives(Objectives objectives) {
        var broken = new ArrayList<String>();
        if (lost().compareTo(objectives.lost()) > 0) {
            broken.add("lost " + seconds(lost()) + " s of writes");
        }
        for (Row row : rows) {
            Duration allowed = objectives
                    .back()
                    .plus(objectives.perGibibyte().multipliedBy((long) Math.ceil(row.size() / GIBIBYTE) - 1));
            if (row.all().compareTo(allowed) > 0) {
                broken.add(row.target().name() + " took " + seconds(row.all()) + " s");
            }
        }
        return broken;
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1000.0);
    }
}
