package io.vitals.runbooks;

import io.vitals.runbooks.incident.IncidentDraft;
import io.vitals.runbooks.incident.IncidentFolder;
import io.vitals.runbooks.rota.Rota;
import io.vitals.runbooks.rota.RotaReader;
import io.vitals.runbooks.run.Console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What is done with records of incidents and with the rota. */
final class Desk {
    private static final int FAILED = 1;
    private static final int DATA = 65;
    private static final int NO_INPUT = 66;
    private static final int CANT_CREATE = 73;
    /** A rota that ends sooner is to be made longer now. */
    private static final Duration AHEAD = Duration.ofDays(28);
    /** What was merged this long before may have to do with it. */
    private static final Duration BEFORE = Duration.ofHours(2);

    private final Path tree;
    private final Clock clock;
    private final Console console;

    Desk(Path tree, Clock clock, Console console) {
        this.tree = tree;
        this.clock = clock;
        this.console = console;
    }

    /** The code to exit with; empty when it is none of these commands. */
    OptionalInt run(List<String> arguments) throws InterruptedException {
        String command = String.join(" ", arguments.subList(0, Math.min(1, arguments.size()))) + "/" + arguments.size();
        try {
            return switch (command) {
                case "incidents/1" -> OptionalInt.of(incidents());
                case "incident/2" -> OptionalInt.of(begin(Path.of(arguments.get(1))));
                case "on-call/1" -> OptionalInt.of(onCall());
                default -> OptionalInt.empty();
            };
        } catch (IOException e) {
            console.say("vitals: " + e.getMessage());
            return OptionalInt.of(DATA);
        }
    }

    /** Writes the index, and says what is wrong or late. */
    private int incidents() throws IOException {
        var folder = new IncidentFolder(tree);
        Files.writeString(folder.indexFile(), folder.index());
        var findings = new ArrayList<>(folder.findings());
        findings.addAll(folder.overdue(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)));
        findings.forEach(console::say);
        console.say(findings.isEmpty() ? "nothing is wrong or late" : findings.size() + " are wrong or late");
        return findings.isEmpty() ? 0 : FAILED;
    }

    private int begin(Path kept) throws IOException, InterruptedException {
        Path file = tree.resolve(kept);
        if (!Files.isRegularFile(file)) {
            console.say("vitals: there is no " + kept);
            return NO_INPUT;
        }
        IncidentDraft.Draft draft = IncidentDraft.of(
                Files.readString(file), merged(Files.getLastModifiedTime(file).toInstant()));
        Path record = new IncidentFolder(tree).file(draft.id());
        if (Files.exists(record)) {
            console.say("vitals: there is " + tree.relativize(record) + " already");
            return CANT_CREATE;
        }
        Files.createDirectories(record.getParent());
        Files.writeString(record, draft.text());
        console.say("begun: " + tree.relativize(record));
        return 0;
    }

    private List<String> merged(Instant until) throws IOException, InterruptedException {
        Process git = new ProcessBuilder(
                        "git",
                        "log",
                        "--format=%h %cI %s",
                        "--since=" + until.minus(BEFORE),
                        "--until=" + until,
                        "--",
                        "gitops",
                        "sealed-secrets")
                .directory(tree.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (git.waitFor() != 0) {
            throw new IOException("git does not say what was merged");
        }
        return said.lines().toList();
    }

    private int onCall() throws IOException {
        var findings = new ArrayList<String>();
        Rota rota = RotaReader.read(Files.readString(tree.resolve("runbooks/on-call/rota.yaml")), findings);
        findings.forEach(console::say);
        if (!findings.isEmpty()) {
            return FAILED;
        }
        Instant now = clock.instant();
        Optional<Rota.Shift> shift = rota.at(now);
        if (shift.isEmpty()) {
            console.say("nobody is on call: the rota goes from " + rota.from() + " to " + rota.until());
            return FAILED;
        }
        RotaReader.ROLES.forEach(
                role -> console.say(role + ": " + shift.get().places().get(role)));
        console.say("until " + shift.get().until() + " in " + rota.zone());
        boolean ends = now.plus(AHEAD).isAfter(rota.until().atZone(rota.zone()).toInstant());
        if (ends) {
            console.say("the rota ends at " + rota.until() + ": make it longer");
        }
        return ends ? FAILED : 0;
    }
}
