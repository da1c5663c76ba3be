package io.vitals.kit.lifecycle;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import java.util.List;
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
    private Process process;
    private URI management;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        Path output = directory.resolve("output");
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DrainingProcess.class.getName(),
                        DRAIN.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> PORT.matcher(Files.readString(output)).find());
        Matcher port = PORT.matcher(Files.readString(output));
        assertThat(port.find()).isTrue();
        management = URI.create("http://127.0.0.1:" + port.group(1));
        await().atMost(Duration.ofSeconds(30)).until(() -> get("/health/ready").statusCode() == 200);
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void healthAndMetricsAreAnsweredWhileItDrains() throws Exception {
        process.destroy();
        await().atMost(DRAIN).until(() -> get("/health/ready").statusCode() == 503);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").body()).contains("app_log_events_total");
        assertThat(process.isAlive()).as("still draining").isTrue();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
        assertThat(process.exitValue()).as("ended by SIGTERM").isEqualTo(143);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(management.resolve(path))
                        .timeout(Duration.ofSeconds(5))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
