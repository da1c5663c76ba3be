package io.vitals.journey.oncall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.journey.stack.Tools;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Runs {@code on-call.jar}; it can be killed, and started again with the same files. */
public final class OnCallProcess implements AutoCloseable {
    private static final Path JAR = Path.of("../on-call/target/on-call.jar");
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final int port = Tools.freePort();
    private final int management = Tools.freePort();
    private Process process;

    /** What a command ended with, and all it said. */
    record Ended(int code, String output) {}

    /**
     * Starts it.
     *
     * @param folder takes its secrets, its output and its incidents
     */
    public OnCallProcess(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(credential(), "credential-of-alertmanager-in-tests");
        Files.writeString(folder.resolve("key"), "key-of-whoever-answers-pages-in-tests");
        process = start();
    }

    private Process start(String... command) throws IOException {
        Process started = launch(command);
        await("on-call is ready: " + output())
                .atMost(LONGEST)
                .until(() -> !started.isAlive() || status(management, "/health/ready") == 200);
        return started;
    }

    private Process launch(String... command) throws IOException {
        var arguments = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                JAR.toString()));
        arguments.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(output().toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("VITALS_"));
        builder.environment()
                .putAll(Map.of(
                        "VITALS_API_PORT", Integer.toString(port),
                        "VITALS_MANAGEMENT_PORT", Integer.toString(management),
                        "VITALS_INCIDENTS_DIRECTORY", incidents().toString(),
                        "VITALS_NOTIFICATIONS_CREDENTIAL_FILE", credential().toString(),
                        "VITALS_ACKNOWLEDGEMENTS_KEY_FILE",
                                folder.resolve("key").toString()));
        return builder.start();
    }

    /** A further process with the same configuration. */
    Ended run(String... command) throws IOException, InterruptedException {
        Files.deleteIfExists(output());
        Process other = launch(command);
        try {
            assertThat(other.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS))
                    .as("it ends")
                    .isTrue();
            return new Ended(other.exitValue(), Files.readString(output()));
        } finally {
            other.destroyForcibly();
        }
    }

    /** As a machine does that loses its power. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    void restart() throws IOException {
        process = start();
    }

    public long pid() {
        return process.pid();
    }

    public int management() {
        return management;
    }

    public Path credential() {
        return folder.resolve("credential").toAbsolutePath();
    }

    public Path incidents() {
        return folder.resolve("incidents").toAbsolutePath();
    }

    private Path output() {
        return folder.resolve("output").toAbsolutePath();
    }

    public URI notifications() {
        return URI.create("http://127.0.0.1:" + port + "/api/v1/notifications");
    }

    /** Tells it of an alert that fires, and says which incident that is. */
    public String page(String group) throws IOException, InterruptedException {
        return page(http, notifications(), Files.readString(credential()), group);
    }

    /**
     * Tells any on-call of an alert that fires, as Alertmanager does, and says which incident that is.
     *
     * @throws IOException if it is not kept
     */
    public static String page(HttpClient http, URI notifications, String credential, String group)
            throws IOException, InterruptedException {
        Map<String, Object> alert = Map.of(
                "annotations", Map.of("summary", "It is down"),
                "fingerprint", "5f0c",
                "labels",
                        Map.of(
                                "alertname", "ServiceDown",
                                "cluster", "production",
                                "service_id", "health-api",
                                "severity", "critical"),
                "startsAt", "2026-11-28T12:00:00Z",
                "status", "firing");
        Map<String, Object> told = Map.of(
                "alerts",
                List.of(alert),
                "groupKey",
                group,
                "groupLabels",
                Map.of("cluster", "production", "service_id", "health-api"),
                "status",
                "firing");
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(notifications)
                        .timeout(LONGEST)
                        .header("Authorization", "Bearer " + credential)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(told)))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("the answer is " + answer.statusCode());
        }
        return MAPPER.readTree(answer.body()).path("incident").asText();
    }

    /** Acknowledges with the program's own command. */
    public String acknowledge(String incident) throws IOException, InterruptedException {
        Ended ended = run("acknowledge", "--incident", incident, "--as", "primary");
        assertThat(ended.code()).as(ended.output()).isZero();
        return ended.output();
    }

    /** All that it keeps, open and over. */
    public List<JsonNode> kept() throws IOException {
        try (Stream<Path> files = Files.list(incidents())) {
            var all = new ArrayList<JsonNode>();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                all.add(MAPPER.readTree(file.toFile()));
            }
            return all;
        }
    }

    List<JsonNode> open() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(notifications().resolve("incidents?limit=100"))
                        .timeout(LONGEST)
                        .header("Authorization", "Bearer " + Files.readString(credential()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        return MAPPER.readTree(answer.body()).path("incidents").valueStream().toList();
    }

    String metrics() throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/metrics"))
                                .header("Accept", "text/plain")
                                .timeout(LONGEST)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private int status(int at, String path) throws InterruptedException {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path))
                                    .timeout(LONGEST)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        Tools.end(process);
        http.close();
    }
}
