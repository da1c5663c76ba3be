package io.vitals.kit.lifecycle;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a process does between SIGTERM and its end. */
class StopWithProcessTest {
    /** Long beside what one request takes, short beside the deadline of a test. */
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private static final Pattern PORT = Pattern.compile("^port=(\\d+)$", Pattern.MULTILINE);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private @Nullable Process process;

    /** Starts one and waits until it is ready; where its management listener is. */
    private URI start(String... arguments) throws IOException {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DrainingProcess.class.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> PORT.matcher(Files.readString(output)).find());
        Matcher port = PORT.matcher(Files.readString(output));
        assertThat(port.find()).isTrue();
        URI management = URI.create("http://127.0.0.1:" + port.group(1));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get(management, "/health/ready").statusCode() == 200);
        return management;
    }

    @AfterEach
    void end() {
        process().destroyForcibly();
    }

    private Process process() {
        return Objects.requireNonNull(process, "none was started");
    }

    @Test
    void healthAndMetricsAreAnsweredWhileItDrainsAndItEndsWithZero() throws Exception {
        URI management = start(DRAIN.toString());
        process().destroy();
        await().atMost(DRAIN).until(() -> get(management, "/health/ready").statusCode() == 503);
        assertThat(get(management, "/health/live").statusCode()).isEqualTo(200);
        assertThat(get(management, "/metrics").body()).contains("app_log_events_total");
        assertThat(process().isAlive()).as("still draining").isTrue();
        assertThat(process().waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
        assertThat(process().exitValue()).as("asked to stop, and stopped").isZero();
    }

    @Test
    void oneThatCannotStopAPartKeepsTheNumberOfTheSignal() throws Exception {
        start("PT0S", "a part that does not close");
        process().destroy();
        assertThat(process().waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
        assertThat(process().exitValue()).isEqualTo(143);
    }

    private static HttpResponse<String> get(URI management, String path) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(management.resolve(path))
                        .timeout(Duration.ofSeconds(5))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
