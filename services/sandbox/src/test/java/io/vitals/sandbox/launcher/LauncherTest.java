package io.vitals.sandbox.launcher;

import io.vitals.sandbox.postgres.SandboxPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The program as a user starts it: a process, its exit code, and what is left of it. */
class LauncherTest {
    @TempDir
    Path root;

    private final List<Process> processes = new ArrayList<>();
    private final Ports ports = Ports.free(new Random());

    @BeforeEach
    void install() throws IOException {
        FakeService.install(root);
        SandboxPostgres.fill(Files.createDirectories(root.resolve("state/postgres")));
    }

    @AfterEach
    void endWhatATestLeft() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        assertThat(exitCode(sandbox("stop"))).isZero();
    }

    @Test
    void runs_until_it_is_asked_to_stop_and_then_leaves_nothing() throws Exception {
        Process running = run();
        awaitLine(running, "Vitals is ready: http://localhost:" + ports.healthPublic());
        await().atMost(Duration.ofSeconds(30)).until(() -> output(running).contains("control page"));
        assertThat(output(running)).contains("Mira (member)", "http://localhost:" + ports.control());
        Process second = run();
        assertThat(exitCode(second)).isEqualTo(1);
        assertThat(output(second)).contains("runs already").hasLineCount(1);

        running.destroy();
        assertThat(exitCode(running)).isZero();
        assertThat(output(running))
                .containsSubsequence(
                        "Stopping health-api",
                        "Stopping whoop-service",
                        "Stopping the simulators",
                        "Stopping PostgreSQL");
        assertThat(ports.taken()).isEmpty();
    }

    @Test
    void a_busy_port_is_one_line_that_names_it_and_nothing_is_left_running() throws Exception {
        try (var taken = new ServerSocket(ports.issuer(), 1, InetAddress.getLoopbackAddress())) {
            Process refused = run();
            assertThat(exitCode(refused)).isEqualTo(1);
            assertThat(output(refused))
                    .hasLineCount(1)
                    .contains("Port " + taken.getLocalPort() + " is taken, but the sign-in issuer needs it");
        }
        assertThat(ports.taken()).isEmpty();
    }

    @Test
    void detached_it_returns_when_ready_and_stop_ends_it() throws Exception {
        Process detached = run("--detach");
        assertThat(exitCode(detached)).isZero();
        assertThat(output(detached)).contains("Vitals is ready: http://localhost:" + ports.healthPublic());
        assertThat(exitCode(sandbox("status"))).isZero();
        assertThat(exitCode(sandbox("stop"))).isZero();
        assertThat(ports.taken()).isEmpty();
        assertThat(exitCode(sandbox("status"))).isEqualTo(3);
    }

    @Test
    void a_detached_start_that_fails_says_why_and_leaves_nothing() throws Exception {
        Files.createDirectories(root.resolve("state"));
        Files.createFile(root.resolve("state/whoop-service.fails"));
        Process detached = run("--detach");
        assertThat(exitCode(detached)).isEqualTo(1);
        assertThat(output(detached)).contains("The migration of whoop-service failed");
        assertThat(ports.taken()).isEmpty();
    }

    @Test
    void a_child_that_dies_stops_everything_with_one_line() throws Exception {
        Process running = run();
        awaitLine(running, "Vitals is ready");
        new ProcessRecord(root.resolve("state/processes/whoop-service"))
                .running()
                .orElseThrow()
                .destroyForcibly();
        assertThat(exitCode(running)).isEqualTo(1);
        assertThat(output(running)).contains("whoop-service ended by itself with exit code 137");
        assertThat(ports.taken()).isEmpty();
    }

    @Test
    void after_the_launcher_was_killed_the_next_run_ends_what_it_left() throws Exception {
        Process killed = run();
        awaitLine(killed, "Vitals is ready");
        killed.destroyForcibly().waitFor();
        assertThat(ports.taken()).isNotEmpty();
        assertThat(exitCode(run("--detach"))).isZero();
        assertThat(exitCode(sandbox("stop"))).isZero();
        assertThat(ports.taken()).isEmpty();
    }

    @Test
    void a_production_profile_or_an_unbuilt_service_or_a_wrong_word_is_refused() throws Exception {
        Process production = launch(Map.of("VITALS_PROFILE", "production"), List.of("run"));
        assertThat(exitCode(production)).isEqualTo(1);
        assertThat(output(production)).contains("VITALS_PROFILE is production").hasLineCount(1);
        Files.delete(root.resolve("services/health-api/target/health-api.jar"));
        Process unbuilt = run();
        assertThat(exitCode(unbuilt)).isEqualTo(1);
        assertThat(output(unbuilt)).contains("health-api.jar is missing").hasLineCount(1);
        assertThat(exitCode(sandbox("dance"))).isEqualTo(1);
    }

    private Process run(String... more) throws IOException {
        var arguments = new ArrayList<>(List.of("run", "--ports-from", Integer.toString(ports.healthPublic())));
        arguments.addAll(List.of(more));
        return launch(Map.of(), arguments);
    }

    private Process sandbox(String command) throws IOException {
        return launch(Map.of(), List.of(command));
    }

    private Process launch(Map<String, String> environment, List<String> arguments) throws IOException {
        var line = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.vitals.sandbox.Main"));
        line.addAll(arguments);
        line.addAll(List.of("--directory", root.resolve("state").toString()));
        var builder = new ProcessBuilder(line)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("out-" + processes.size()).toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("ends").isTrue();
        return process.exitValue();
    }

    private String output(Process process) throws IOException {
        return Files.readString(root.resolve("out-" + processes.indexOf(process)));
    }

    private void awaitLine(Process process, String line) {
        await().atMost(Duration.ofSeconds(60))
                .failFast("it ended", () -> !process.isAlive())
                .until(() -> output(process).contains(line));
    }
}
