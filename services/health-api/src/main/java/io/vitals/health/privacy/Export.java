package io.vitals.health.privacy;

import io.vitals.kit.json.Json;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Everything we hold about a member, as one JSON document or as an archive of CSV files, written as it is read: memory use
 * does not grow with the member's history. A section that cannot be read ends with a marker in {@code incomplete}, so a cut
 * answer is never taken for a whole one.
 */
public final class Export {
    private final List<Section> sections;
    private final Clock clock;

    public Export(List<Section> sections, Clock clock) {
        this.sections = List.copyOf(sections);
        this.clock = clock;
    }

    /** A part with one table or several. */
    public record Section(String name, Rows rows) {}

    /** Gives each row of a section, table by table. */
    @FunctionalInterface
    public interface Rows {
        void each(UUID member, Sink sink);
    }

    /** Takes a row as written JSON. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes a row.
         *
         * @param table empty if the section is one table
         */
        void row(String table, byte[] json);
    }

    /** Writes the document; the stream stays open. */
    public void write(UUID member, OutputStream out) throws IOException {
        text(out, "{\"member\":\"" + member + "\",\"exported_at\":\"" + clock.instant() + "\"");
        JsonTables tables = new JsonTables(out);
        Set<String> incomplete = each(member, tables);
        tables.end();
        text(out, ",\n\"incomplete\":");
        out.write(Json.write(incomplete));
        text(out, "}\n");
    }

    /** Writes an archive with a file for each table and one that says what is incomplete; the stream stays open. */
    public void writeCsv(UUID member, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        CsvTables tables = new CsvTables(zip);
        Set<String> incomplete = each(member, tables);
        tables.end();
        zip.putNextEntry(new ZipEntry("about.csv"));
        text(zip, Csv.line(List.of("member", "exported_at", "incomplete")));
        text(zip, Csv.line(List.of(member.toString(), clock.instant().toString(), String.join(" ", incomplete))));
        zip.closeEntry();
        zip.finish();
    }

    private interface Tables {
        void row(String table, byte[] json) throws IOException;

        /** The table is in the document even if it gets no row. */
        void named(String table) throws IOException;
    }

    private Set<String> each(UUID member, Tables tables) throws IOException {
        Set<String> incomplete = new LinkedHashSet<>();
        for (Section section : sections) {
            try {
                section.rows().each(member, (table, row) -> {
                    try {
                        tables.row(table.isEmpty() ? section.name() : section.name() + "." + table, row);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                tables.named(section.name());
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (RuntimeException e) {
                incomplete.add(section.name());
                tables.named(section.name());
            }
        }
        return incomplete;
    }

    private static final class JsonTables implements Tables {
        private final OutputStream out;
        private String current = "";

        JsonTables(OutputStream out) {
            this.out = out;
        }

        @Override
        public void row(String table, byte[] json) throws IOException {
            if (table.equals(current)) {
                text(out, ",\n");
            } else {
                end();
                text(out, ",\n\"" + table + "\":[\n");
                current = table;
            }
            out.write(json);
        }

        @Override
        public void named(String table) throws IOException {
            if (!current.equals(table) && !current.startsWith(table + ".")) {
                end();
                text(out, ",\n\"" + table + "\":[");
                current = table;
            }
        }

        void end() throws IOException {
            if (!current.isEmpty()) {
                text(out, "]");
                current = "";
            }
        }
    }

    private static final class CsvTables implements Tables {
        private final ZipOutputStream zip;
        private String current = "";

        CsvTables(ZipOutputStream zip) {
            this.zip = zip;
        }

        @Override
        public void row(String table, byte[] json) throws IOException {
            Csv.Row row = Csv.row(json);
            if (!table.equals(current)) {
                end();
                zip.putNextEntry(new ZipEntry(table + ".csv"));
                text(zip, Csv.line(row.names()));
                current = table;
            }
            text(zip, Csv.line(row.values()));
        }

        @Override
        public void named(String table) {
            // A file without a row would have no header either.
        }

        void end() throws IOException {
            if (!current.isEmpty()) {
                zip.closeEntry();
                current = "";
            }
        }
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
