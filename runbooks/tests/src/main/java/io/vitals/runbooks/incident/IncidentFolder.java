package io.vitals.runbooks.incident;

import io.vitals.runbooks.incident.IncidentRecord.Action;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All records, and the index that is made of them. */
public final class IncidentFolder {
    private static final Path FOLDER = Path.of("runbooks/incidents");
    private static final String EMPTY = "None yet.\n";

    private final Path tree;

    /** Of a tree. */
    public IncidentFolder(Path tree) {
        this.tree = tree;
    }

    /** What is wrong with one record of a tree. */
    public static List<String> findings(Path tree, String name, String text) {
        return RecordLint.findings(tree, name, text);
    }

    /** What is wrong with any record, whatever day it is. */
    public List<String> findings() {
        var findings = new ArrayList<String>();
        texts().forEach((name, text) -> findings.addAll(RecordLint.findings(tree, name, text)));
        return findings;
    }

    /** Drafts and actions that are late. */
    public List<String> overdue(LocalDate today) {
        var late = new ArrayList<String>();
        records().forEach((name, record) -> late.addAll(RecordLint.overdue(name, record, today)));
        return late;
    }

    /** The index, as it has to be. */
    public String index() {
        var incidents = new StringBuilder();
        var actions = new StringBuilder();
        records().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
                .forEach(entry -> {
                    IncidentRecord record = entry.getValue();
                    String link = "[" + entry.getKey() + "](records/" + entry.getKey() + ".md)";
                    incidents.append("| " + link + " | " + record.sev() + (record.drill() ? ", drill" : "") + " | "
                            + (record.complete() ? "complete" : "draft") + " | " + record.title() + " |\n");
                    for (Action action : record.actions()) {
                        actions.append(
                                "| " + link + " " + action.id() + " | " + action.what() + " | " + action.type() + " | "
                                        + action.owner() + " | " + day(action.due()) + " | "
                                        + (action.done().isPresent() ? day(action.done()) : "open") + " | "
                                        + action.test().orElse("none") + " |\n");
                    }
                });
        return """
                # Index of incidents
                `make incidents` writes it.

                ## Incidents
                %s
                ## Actions
                %s""".formatted(
                        table("| Incident | Level | Record | What |\n|---|---|---|---|\n", incidents),
                        table(
                                "| Action | What | Type | Owner | Due | Done | Test |\n|---|---|---|---|---|---|---|\n",
                                actions));
    }

    private static String table(String head, StringBuilder rows) {
        return rows.isEmpty() ? EMPTY : head + rows;
    }

    private static String day(Optional<LocalDate> day) {
        return day.map(LocalDate::toString).orElse("");
    }

    /** Where the index is. */
    public Path indexFile() {
        return tree.resolve(FOLDER).resolve("index.md");
    }

    /** Where a record is or will be. */
    public Path file(String id) {
        return tree.resolve(FOLDER).resolve("records").resolve(id + ".md");
    }

    private Map<String, IncidentRecord> records() {
        var records = new LinkedHashMap<String, IncidentRecord>();
        texts().forEach((name, text) -> {
            var findings = new ArrayList<String>();
            IncidentRecord record = RecordReader.read(name + ".md", text, findings);
            if (findings.isEmpty()) {
                records.put(name, record);
            }
        });
        return records;
    }

    private Map<String, String> texts() {
        var texts = new LinkedHashMap<String, String>();
        Path records = tree.resolve(FOLDER).resolve("records");
        if (!Files.isDirectory(records)) {
            return texts;
        }
        try (Stream<Path> files = Files.list(records)) {
            for (Path file : files.sorted().toList()) {
                texts.put(String.valueOf(file.getFileName()).replaceFirst("\\.md$", ""), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }
}
