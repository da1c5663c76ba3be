package io.vitals.journey.probe;

import io.vitals.sandbox.launcher.Stack;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs {@code probe.jar} against a stack, with its secrets in files. */
final class ProbeProcess {
    private static final Path JAR = Path.of("../probe/target/probe.jar");

    private final Path output;
    private final Map<String, String> environment = new HashMap<>();

    /**
     * Prepares it.
     *
     * @param directory takes its secrets and its output
     * @param key with scope days:read
     */
    ProbeProcess(Stack stack, Path directory, String account, int whoopMember, String key) throws IOException {
        this.output = directory.resolve("probe.out");
        environment.put("VITALS_PROFILE", "sandbox");
        environment.put("VITALS_TARGET", stack.pageUrl().toString());
        environment.put("VITALS_ISSUER", "http://localhost:" + stack.ports().issuer());
        environment.put("VITALS_JOURNEYS", "page,sign-in,connect,refresh,day");
        // A busy machine is slow, and how fast Vitals is is not the subject.
        environment.put("VITALS_LIMITS_CALL", "30s");
        environment.put("VITALS_LIMITS_JOURNEY", "2m");
        environment.put("VITALS_ACCOUNT_FORM_FILE", file(directory, "account", "account=" + account));
        environment.put("VITALS_API_KEY_FILE", file(directory, "key", key));
        environment.put(
                "VITALS_CONNECT_WHOOP", "http://localhost:" + stack.ports().whoopSimulator());
        environment.put(
                "VITALS_CONNECT_FORM_FILE", file(directory, "consent", "member=" + whoopMember + "\ndecision=allow"));
    }

    ProbeProcess with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** What a run of {@code once} ended with, and all it said. */
    record Ended(int code, String output) {}

    Ended once() throws IOException, InterruptedException {
        Files.deleteIfExists(output);
        Process process = start("once");
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("it ends").isTrue();
            return new Ended(process.exitValue(), output());
        } finally {
            process.destroyForcibly();
        }
    }

    Process start(String command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-jar",
                        JAR.toString(),
                        command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(output.toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("VITALS_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    private static String file(Path directory, String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content)
                .toAbsolutePath()
                .toString();
    }
}
