package io.vitals.runbooks.gates;

import io.vitals.runbooks.page.Language;
import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whether commands can be read by the shell, and what its linter says of them. */
final class ShellGate {
    private static final String SHELLCHECK = "shellcheck";

    private ShellGate() {}

    static List<String> syntax(Path folder, List<Page> pages) throws IOException, InterruptedException {
        return said(folder, write(folder, pages), "bash", "-c", "for file; do bash -n \"$file\"; done", "syntax");
    }

    /** Whether the linter is there to be asked. */
    static boolean canLint() throws IOException, InterruptedException {
        return new ProcessBuilder("bash", "-c", "command -v " + SHELLCHECK)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    static List<String> lint(Path folder, List<Page> pages) throws IOException, InterruptedException {
        return said(folder, write(folder, pages), SHELLCHECK, "--shell=bash", "--format=gcc");
    }

    private static List<String> write(Path folder, List<Page> pages) throws IOException {
        var files = new ArrayList<String>();
        for (Page page : pages) {
            for (Step step : page.steps()) {
                if (step.language() == Language.SH) {
                    String name = page.name() + "." + step.id();
                    Files.writeString(folder.resolve(name), step.text() + "\n");
                    files.add(name);
                }
            }
        }
        return files;
    }

    /** A line for each finding: where, and what. */
    private static List<String> said(Path folder, List<String> files, String... command)
            throws IOException, InterruptedException {
        if (files.isEmpty()) {
            return List.of();
        }
        var all = new ArrayList<>(List.of(command));
        all.addAll(files);
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("did not end: " + command[0]);
        }
        return Files.readAllLines(out);
    }
}
