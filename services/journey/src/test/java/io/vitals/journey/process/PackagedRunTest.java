package io.vitals.journey.process;

import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.launcher.StackSettings;
import io.vitals.sandbox.member.Almanac;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The packaged programs as a user starts them, and what stays from one run to the next. */
class PackagedRunTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    @Test
    void a_second_run_finds_the_link_and_the_days() {
        var settings = new StackSettings(
                ROOT,
                directory,
                Ports.free(new SecureRandom()),
                Almanac.pinned(LocalDate.now(ZoneOffset.UTC)),
                _ -> {});
        String day;
        try (var stack = new Stack(settings, PackagedRunTest::unexpected)) {
            stack.start();
            MemberSession mira = MemberSession.signIn(stack, "mira");
            mira.connect(1);
            await().atMost(Duration.ofSeconds(60)).until(mira::isCurrent);
            day = "/api/v1/users/me/days/"
                    + stack.simulators().population().member(1).today().minusDays(2);
            await().atMost(Duration.ofSeconds(30)).until(() -> mira.get(day).status() == 200);
        }
        try (var stack = new Stack(settings, PackagedRunTest::unexpected)) {
            stack.start();
            MemberSession mira = MemberSession.signIn(stack, "mira");
            assertThat(mira.link().path("state").asText()).isEqualTo("active");
            assertThat(mira.get(day).json().path("completeness").asDouble()).isPositive();
            var sleep = stack.simulators().whoop().control().newSleep(1).sleep();
            String today = "/api/v1/users/me/days/"
                    + java.time.LocalDate.ofInstant(
                            sleep.span().end(), sleep.span().offset());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> mira.get(today).text().contains(sleep.id().toString()));
        }
    }

    @Test
    void detached_it_becomes_ready_and_stop_leaves_no_process() throws Exception {
        String from = Integer.toString(Ports.free(new SecureRandom()).healthPublic());
        assertThat(sandbox("run", "--detach", "--ports-from", from)).isZero();
        assertThat(processes()).hasSizeGreaterThan(3);
        assertThat(output()).contains("Vitals is ready: http://localhost:" + from);
        assertThat(sandbox("stop")).isZero();
        await().atMost(Duration.ofSeconds(10)).until(() -> processes().isEmpty());
    }

    /** Every process that was started for this directory. */
    private List<String> processes() {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .map(process -> process.info().commandLine().orElse("") + environmentOf(process.pid()))
                .filter(line -> line.contains(directory.toString()))
                .toList();
    }

    /** The services get their directory by a variable, not by an argument. */
    private static String environmentOf(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/environ"), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private int sandbox(String... arguments) throws Exception {
        var line = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-jar",
                ROOT.resolve("services/sandbox/target/sandbox.jar").toString()));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--directory", directory.resolve("state").toString()));
        Process process = new ProcessBuilder(line)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(outputFile().toFile()))
                .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private String output() throws IOException {
        return Files.readString(outputFile());
    }

    private Path outputFile() {
        return directory.resolve("output");
    }

    private static void unexpected(String line) {
        throw new AssertionError(line);
    }
}
