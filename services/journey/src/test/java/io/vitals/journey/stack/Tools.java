package io.vitals.journey.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** Programs of tools/, built when they are not there yet, and the end of those that run. */
public final class Tools {
    public static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final ConcurrentMap<String, Path> BUILT = new ConcurrentHashMap<>();

    private Tools() {}

    public static Path program(String name) {
        return BUILT.computeIfAbsent(
                name, missing -> Path.of(said(ROOT, ROOT.resolve("tools/build").toString(), missing)));
    }

    /** What a command prints that has to succeed. */
    public static String said(Path folder, String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + process.exitValue());
            }
            return said.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks a process to end, and ends it when it does not. */
    public static void end(Process process) {
        process.destroy();
        if (process.onExit()
                .completeOnTimeout(process, 20, TimeUnit.SECONDS)
                .join()
                .isAlive()) {
            process.destroyForcibly();
        }
    }
}
