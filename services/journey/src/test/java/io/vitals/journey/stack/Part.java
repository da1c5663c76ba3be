package io.vitals.journey.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

import static org.awaitility.Awaitility.await;

/** A program of the monitoring as a process, on a port that it says in its log. Prometheus, Alertmanager and exporters say it alike. */
public final class Part implements AutoCloseable {
    private static final Pattern LISTENS =
            Pattern.compile("msg=\"Listening on\" (?:component=web )?address=127\\.0\\.0\\.1:(\\d+)");
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Function<String, List<String>> command;
    private final Map<String, String> environment;
    private final Path log;
    private final int port;
    private Process process;

    /**
     * Starts it and returns when it listens.
     *
     * @param command for the address to listen at
     */
    public Part(Path log, Map<String, String> environment, Function<String, List<String>> command) {
        this.command = command;
        this.environment = Map.copyOf(environment);
        this.log = log;
        this.process = launch(0);
        this.port = await("it listens: " + log)
                .atMost(LONGEST)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> LISTENS.matcher(Files.readString(log))
                                .results()
                                .map(match -> Integer.parseInt(match.group(1)))
                                .findFirst()
                                .orElse(0),
                        found -> found > 0);
    }

    /** Alertmanager with a configuration; what it keeps goes below the folder. */
    public static Part alertmanager(Path folder, Path config) {
        return new Part(
                folder.resolve("alertmanager.log"),
                Map.of(),
                address -> List.of(
                        Tools.program("alertmanager").toString(),
                        "--config.file=" + config,
                        "--storage.path=" + folder.resolve("alertmanager"),
                        "--cluster.listen-address=",
                        "--web.listen-address=" + address));
    }

    private Process launch(int at) {
        try {
            var builder = new ProcessBuilder(command.apply("127.0.0.1:" + at))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** On the port that it had. */
    public void startAgain() {
        process = launch(port);
    }

    public JsonNode get(String path) throws IOException {
        try {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://" + address() + path))
                            .timeout(LONGEST)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IOException(path + ": " + answer.statusCode());
            }
            return JSON.readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        Tools.end(process);
    }
}
