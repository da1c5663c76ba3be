package io.vitals.gitops.probes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A real blackbox exporter with the modules of our values. */
final class BlackboxExporter implements AutoCloseable {
    private static final Path VALUES = Program.ROOT.resolve("gitops/platform/blackbox-exporter/values.yaml");
    private static final Pattern SERIES = Pattern.compile("(?m)^([a-z_]+)(?:\\{[^}]*})? (\\S+)$");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    /**
     * @param trusted file of the certificates that it trusts, as PEM
     */
    BlackboxExporter(Path folder, Path trusted) throws IOException {
        Path config = folder.resolve("blackbox.json");
        new ObjectMapper()
                .writeValue(config.toFile(), Yaml.read(VALUES).getFirst().path("config"));
        Path log = folder.resolve("log");
        var builder = new ProcessBuilder(
                        Program.tool("blackbox-exporter"),
                        "--config.file=" + config,
                        "--web.listen-address=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("SSL_CERT_FILE", trusted.toString());
        process = builder.start();
        port = Program.listening(log);
    }

    /** What a probe says, as Prometheus gets it: values by name, the last one where labels tell them apart. */
    Map<String, Double> probe(String module, String target) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(module, target);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(module + ": " + answer.statusCode() + " " + answer.body());
        }
        Map<String, Double> values = new TreeMap<>();
        SERIES.matcher(answer.body())
                .results()
                .forEach(series -> values.put(series.group(1), Double.parseDouble(series.group(2))));
        return values;
    }

    /** The bare answer, for what is no module. */
    HttpResponse<String> ask(String module, String target) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:%d/probe?module=%s&target=%s"
                .formatted(port, module, URLEncoder.encode(target, StandardCharsets.UTF_8)));
        return http.send(
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
        Program.end(process);
    }
}
