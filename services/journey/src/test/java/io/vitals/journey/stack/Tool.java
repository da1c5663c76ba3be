package io.vitals.journey.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of tools/ that runs beside the services, and ends with the test. */
public final class Tool implements AutoCloseable {
    private static final Path BUILD =
            Path.of("../../tools/build").toAbsolutePath().normalize();

    private final Process process;
    private final Path log;

    private Tool(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it, built before if it is not yet.
     *
     * @param folder that its output goes to
     */
    public static Tool start(Path folder, String name, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(path(name)));
        command.addAll(List.of(arguments));
        Path log = folder.resolve(name + ".log");
        return new Tool(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
    }

    private static String path(String name) throws IOException {
        Process build = new ProcessBuilder(BUILD.toString(), name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (build.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(name + " could not be built");
        }
        return said.strip();
    }

    public boolean runs() {
        return process.isAlive();
    }

    /** Where its output goes. */
    public Path log() {
        return log;
    }

    public String said() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroy();
        if (process.onExit()
                .completeOnTimeout(process, 20, TimeUnit.SECONDS)
                .join()
                .isAlive()) {
            process.destroyForcibly();
        }
    }
}
