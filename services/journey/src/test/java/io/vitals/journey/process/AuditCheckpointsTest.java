package io.vitals.journey.process;

import io.vitals.journey.stack.RunningVitals;
import io.vitals.sandbox.launcher.Stack;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A run signs checkpoints of its audit logs, and the command that verifies a log holds it against them. */
@ExtendWith(RunningVitals.class)
class AuditCheckpointsTest {
    private final Stack stack;

    AuditCheckpointsTest(Stack stack) {
        this.stack = stack;
    }

    private record Outcome(int exitCode, String output) {}

    @ParameterizedTest
    @ValueSource(strings = {"health-api", "whoop-service"})
    void theLogOfARunIsSoundByItsCheckpoints(String service, @TempDir Path copy) throws Exception {
        MemberSession.signIn(stack, "mira");
        Path checkpoints = stack.directory().resolve("audit");
        await("a checkpoint of " + service)
                .atMost(Duration.ofSeconds(90))
                .until(() -> !files(checkpoints, service).isEmpty());
        Outcome sound = verify(service, "--checkpoints", checkpoints.toString(), "--keys", keys(), "--max-age", "300");
        assertThat(sound.output())
                .contains("checkpoints, the newest")
                .contains("sound")
                .doesNotContain("NOT sound");
        assertThat(sound.exitCode()).isZero();

        for (Path file : files(checkpoints, service)) {
            String signed = Files.readString(file);
            int last = signed.lastIndexOf('"') - 2;
            char other = signed.charAt(last) == 'A' ? 'B' : 'A';
            Files.writeString(
                    copy.resolve(file.getFileName()), signed.substring(0, last) + other + signed.substring(last + 1));
        }
        Outcome forged = verify(service, "--checkpoints", copy.toString(), "--keys", keys());
        assertThat(forged.output()).as("one character of a signature changed").contains("NOT sound");
        assertThat(forged.exitCode()).isEqualTo(1);
    }

    private static List<Path> files(Path directory, String service) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().contains(service))
                    .toList();
        }
    }

    private String keys() {
        return stack.directory().resolve("secrets/audit.jwks.json").toString();
    }

    private Outcome verify(String service, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("..", service, "target", service + ".jar").toString(),
                "audit",
                "verify"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("VITALS_"));
        builder.environment()
                .put(
                        "VITALS_CONFIG",
                        stack.directory()
                                .resolve("config")
                                .resolve(service + ".yaml")
                                .toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("it ends by itself")
                .isTrue();
        return new Outcome(process.exitValue(), output);
    }
}
