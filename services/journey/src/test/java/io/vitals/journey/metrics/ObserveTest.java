package io.vitals.journey.metrics;

import io.vitals.journey.browser.Chromium;
import io.vitals.journey.browser.Visitor;
import io.vitals.journey.stack.RunningVitals;
import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@code tools/observe} shows each dashboard with what a real Prometheus has of the running services. */
@ExtendWith(RunningVitals.class)
class ObserveTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    /** Of these the services alone know enough; the others wait for a cluster. */
    private static final List<String> OF_THE_SERVICES =
            List.of("freshness", "jvm", "overview", "red", "security", "slo", "whoop");

    @TempDir
    Path folder;

    @Test
    void eachDashboardIsDrawnFromTheRunningServices(Stack vitals) throws Exception {
        int at = Ports.free(new SecureRandom()).healthPublic();
        Process observe =
                start("--ports-from", Integer.toString(vitals.ports().healthPublic()), "--at", Integer.toString(at));
        try (Chromium chromium = Chromium.launch();
                Visitor visitor = chromium.visitor("http://localhost:" + (at + 2))) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(said()).contains("Dashboards: http://localhost:" + (at + 2)));
            // A rate is made of two scrapes of each service.
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(rates(at)).contains("health-api", "whoop-service"));
            for (String name : kept()) {
                visitor.page().navigate("/#" + name);
                awaitDrawn(visitor, name);
                assertThat(inState(visitor, "failed")).as(name).isEmpty();
                if (OF_THE_SERVICES.contains(name)) {
                    // Rules that record something are evaluated each half minute.
                    await().pollInSameThread()
                            .pollInterval(Duration.ofSeconds(2))
                            .atMost(Duration.ofSeconds(90))
                            .untilAsserted(() ->
                                    assertThat(drawn(visitor, name)).as(name).isNotEmpty());
                }
            }
            assertThat(visitor.complaints()).isEmpty();
        } finally {
            List<ProcessHandle> started = observe.descendants().toList();
            observe.destroy();
            assertThat(observe.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(started).hasSizeGreaterThanOrEqualTo(3).noneMatch(ProcessHandle::isAlive);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--ports-from 80 | 64 | --ports-from takes a number from 1024 to 65520",
                "--at x | 64 | --at takes a number from 1024 to 65520",
                "--pictures nowhere | 66 | --pictures takes a folder that is there",
                "--all x | 64 | tools/observe [--ports-from N] [--at PORT] [--pictures FOLDER]",
                "--ports-from 1024 | 69 | nothing answers at port 1031: make run comes first, and its --ports-from here too",
            })
    void whatCanNotBeIsRefused(String arguments, int code, String message) throws Exception {
        Process observe = start(arguments.split(" "));
        assertThat(observe.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(said()).isEqualTo("vitals: " + message + "\n");
        assertThat(observe.exitValue()).isEqualTo(code);
    }

    private Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(ROOT.resolve("tools/observe").toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    private static String rates(int port) throws IOException, InterruptedException {
        String query = "sum%20by%20(pod)%20(rate(app_log_events_total%5B20s%5D))";
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + port + "/api/v1/query?query=" + query))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static void awaitDrawn(Visitor visitor, String name) {
        visitor.page().waitForFunction("name => document.body.dataset.drawn === name", name);
    }

    /** What shows something; if nothing does, after another look. */
    private static List<String> drawn(Visitor visitor, String name) {
        if (inState(visitor, "drawn").isEmpty()) {
            visitor.page().reload();
            awaitDrawn(visitor, name);
        }
        return inState(visitor, "drawn");
    }

    private static List<String> inState(Visitor visitor, String state) {
        return visitor.page().locator("section[data-state=" + state + "]").allInnerTexts();
    }

    private static Set<String> kept() throws IOException {
        var names = new TreeSet<String>();
        try (var files = Files.newDirectoryStream(ROOT.resolve("monitoring/dashboards"), "*.json")) {
            files.forEach(file -> names.add(file.getFileName().toString().replace(".json", "")));
        }
        return names;
    }
}
