package io.vitals.journey.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.journey.stack.Tool;
import io.vitals.sandbox.launcher.Ports;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import static org.awaitility.Awaitility.await;

/** A real Loki with the settings of production, but that it stores on this disk. */
final class RunningLoki implements AutoCloseable {
    private static final Path ROOT = Path.of("../../").toAbsolutePath().normalize();
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final Tool process;
    private final int port;

    /**
     * @param rules as a file of the ruler has them
     * @param overlay what is different for a test
     */
    RunningLoki(Path folder, JsonNode rules, Consumer<ObjectNode> overlay) throws IOException {
        Ports ports = Ports.free(new SecureRandom());
        port = ports.control();
        ObjectNode config = config(folder, port, ports.issuer());
        overlay.accept(config);
        Path directory = Files.createDirectories(folder.resolve("rules/fake"));
        YAML.writeValue(directory.resolve("rules.yaml").toFile(), rules);
        Path file = folder.resolve("loki.yaml");
        YAML.writeValue(file.toFile(), config);
        process = Tool.start(folder, "loki", "-config.file=" + file);
        await("Loki is ready: " + process.log())
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> process.runs() && send("GET", "/ready", "").startsWith("ready"));
    }

    /** The values of the chart, put where the chart puts them. */
    private static ObjectNode config(Path folder, int port, int grpc) throws IOException {
        ObjectNode values = (ObjectNode)
                YAML.readTree(ROOT.resolve("gitops/platform/loki/values.yaml").toFile());
        ObjectNode production = (ObjectNode) YAML.readTree(
                ROOT.resolve("gitops/clusters/production/values/loki.yaml").toFile());
        ObjectNode loki = YAML.readerForUpdating(values.path("loki").deepCopy()).readValue(production.path("loki"));
        ObjectNode config = MAPPER.createObjectNode();
        config.set("auth_enabled", loki.path("auth_enabled"));
        config.putObject("server")
                .put("grpc_listen_address", "127.0.0.1")
                .put("grpc_listen_port", grpc)
                .put("http_listen_address", "127.0.0.1")
                .put("http_listen_port", port);
        ObjectNode common = config.putObject("common").<ObjectNode>setAll((ObjectNode) loki.path("commonConfig"));
        common.put("instance_addr", "127.0.0.1").put("path_prefix", folder.toString());
        common.putObject("ring").putObject("kvstore").put("store", "inmemory");
        common.putObject("storage")
                .putObject("filesystem")
                .put("chunks_directory", folder.resolve("chunks").toString())
                .put("rules_directory", folder.resolve("unused").toString());
        config.putObject("analytics").put("reporting_enabled", false);
        config.putObject("compactor")
                .<ObjectNode>setAll((ObjectNode) loki.path("compactor"))
                .put("delete_request_store", "filesystem");
        config.set("limits_config", loki.path("limits_config"));
        config.set("schema_config", loki.path("schemaConfig"));
        config.at("/schema_config/configs").forEach(period -> ((ObjectNode) period).put("object_store", "filesystem"));
        ObjectNode ruler =
                config.putObject("ruler").<ObjectNode>setAll((ObjectNode) production.at("/loki/rulerConfig"));
        ruler.<ObjectNode>setAll((ObjectNode) values.at("/loki/rulerConfig"))
                .put("rule_path", folder.resolve("evaluated").toString());
        ((ObjectNode) ruler.at("/storage/local"))
                .put("directory", folder.resolve("rules").toString());
        return config;
    }

    /** Sends lines as Alloy does. */
    void push(List<LogLine> lines) throws IOException, InterruptedException {
        ObjectNode body = MAPPER.createObjectNode();
        var streams = body.putArray("streams");
        for (LogLine line : lines) {
            var entry = streams.addObject()
                    .<ObjectNode>set("stream", MAPPER.valueToTree(line.labels()))
                    .putArray("values")
                    .addArray();
            entry.add(nanos(line.time())).add(line.text()).add(MAPPER.<JsonNode>valueToTree(line.metadata()));
        }
        send("POST", "/loki/api/v1/push", body.toString());
    }

    /** The lines that a query finds, of a span of time. */
    List<String> lines(String query, Instant from, Instant to) throws IOException, InterruptedException {
        var found = new ArrayList<String>();
        ask("/loki/api/v1/query_range?limit=5000&query=" + encoded(query) + "&start=" + nanos(from) + "&end="
                        + nanos(to))
                .at("/data/result")
                .forEach(stream -> stream.path("values")
                        .forEach(value -> found.add(value.path(1).asText())));
        return found;
    }

    /** What a query of numbers gives now; nothing if there is no result, or several. */
    double number(String query) throws IOException, InterruptedException {
        JsonNode result = ask("/loki/api/v1/query?query=" + encoded(query)).at("/data/result");
        return result.size() == 1 ? result.at("/0/value/1").asDouble() : Double.NaN;
    }

    JsonNode ask(String path) throws IOException, InterruptedException {
        return MAPPER.readTree(send("GET", path, ""));
    }

    /** What it says of itself, which is not always JSON. */
    String read(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    /** Writes what it holds in memory. */
    void flush() throws IOException, InterruptedException {
        send("POST", "/flush", "");
    }

    private String send(String method, String path, String body) throws IOException, InterruptedException {
        var answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(30))
                        .header("content-type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static String nanos(Instant time) {
        return time.getEpochSecond() + "%09d".formatted(time.getNano());
    }

    private static String encoded(String query) {
        return URLEncoder.encode(query, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
        process.close();
    }
}
