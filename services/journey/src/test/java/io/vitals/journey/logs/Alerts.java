package io.vitals.journey.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.journey.stack.Tool;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

import static org.awaitility.Awaitility.await;

/** A real Alertmanager that tells nobody: what reached it is asked for. */
final class Alerts implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("msg=\"Listening on\" address=127\\.0\\.0\\.1:(\\d+)");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Tool process;
    private final URI address;

    Alerts(Path folder) throws IOException {
        Path config = folder.resolve("alertmanager.yaml");
        Files.writeString(config, "receivers: [{name: none}]\nroute: {receiver: none}\n");
        process = Tool.start(
                folder,
                "alertmanager",
                "--config.file=" + config,
                "--storage.path=" + folder.resolve("alertmanager"),
                "--cluster.listen-address=",
                "--web.listen-address=127.0.0.1:0");
        address = await("Alertmanager listens: " + process.log())
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> LISTENS.matcher(process.said())
                                .results()
                                .map(match -> URI.create("http://127.0.0.1:" + match.group(1)))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    URI address() {
        return address;
    }

    /** The alerts that are not over. */
    JsonNode active() throws IOException, InterruptedException {
        return MAPPER.readTree(http.send(
                        HttpRequest.newBuilder(address.resolve("/api/v2/alerts?active=true"))
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    @Override
    public void close() {
        http.close();
        process.close();
    }
}
