package io.vitals.loadtest.gatling;

import io.gatling.app.Gatling;
import io.vitals.loadtest.stack.JavaProgram;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Gatling in a process of its own, so that its memory and its pauses are not those of the simulators. */
public final class GatlingProcess {
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dlogback.configurationFile=sandbox-logback.xml");

    private final Path directory;

    /** Keeps plans, which hold keys, in a directory that is deleted at the end. */
    public GatlingProcess(Path directory) {
        this.directory = directory;
    }

    /**
     * Runs a plan to its end.
     *
     * @param results where the folder with Gatling's log and report is made
     * @return that folder
     */
    public Path run(Plan plan, Path results) throws IOException, InterruptedException {
        Path file = directory.resolve("plan.json");
        plan.write(file);
        Files.createDirectories(results);
        Path output = results.resolve("gatling.log");
        List<String> options = Stream.concat(OPTIONS.stream(), Stream.of("-D" + LoadSimulation.PLAN + "=" + file))
                .toList();
        List<String> arguments = List.of(
                "--simulation",
                LoadSimulation.class.getName(),
                "--results-folder",
                results.toAbsolutePath().toString());
        Process process = JavaProgram.of(Gatling.class.getName(), options, arguments)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Thread ender = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(ender);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(
                        "Gatling ended with exit code " + process.exitValue() + "; see " + output);
            }
        } finally {
            process.destroy();
            Files.deleteIfExists(file);
        }
        Runtime.getRuntime().removeShutdownHook(ender);
        try (Stream<Path> made = Files.list(results)) {
            return made.filter(path -> Files.isRegularFile(path.resolve(Statistics.LOG)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("Gatling left no log; see " + output));
        }
    }
}
