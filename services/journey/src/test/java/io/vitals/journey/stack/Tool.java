package io.vitals.journey.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of tools/ that runs beside the services, and ends with the test. */
public final class Tool implements AutoCloseable {
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
        var command = new ArrayList<>(List.of(Tools.program(name).toString()));
        command.addAll(List.of(arguments));
        Path log = folder.resolve(name + ".log");
        return new Tool(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
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
        Tools.end(process);
    }
}
