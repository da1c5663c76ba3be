package io.vitals.journey.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

import static org.assertj.core.api.Assertions.assertThat;

/** The images that Jib builds, unpacked and started on this machine's JDK. */
class ImageTest {
    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"whoop-service", "health-api"})
    void theImageHoldsAllThatTheServiceNeedsToStart(String service) throws Exception {
        Map<String, byte[]> parts = read(Files.newInputStream(
                Path.of("..").resolve(service).resolve("target").resolve("jib-image.tar")));
        ObjectMapper json = new ObjectMapper();
        JsonNode manifest = json.readTree(parts.get("manifest.json")).path(0);
        JsonNode config =
                json.readTree(parts.get(manifest.path("Config").asText())).path("config");
        for (JsonNode layer : manifest.path("Layers")) {
            unpack(new GZIPInputStream(new ByteArrayInputStream(parts.get(layer.asText()))));
        }

        assertThat(config.path("User").asText()).as("never root").isEqualTo("10001:10001");
        Started started = start(config.path("Entrypoint"));
        assertThat(started.exitCode())
                .as("without configuration the service says what is missing: %s", started.output())
                .isEqualTo(2);
        assertThat(started.output()).contains(service + ": the configuration cannot be used:", "db.url: is missing");
    }

    private record Started(int exitCode, String output) {}

    private Started start(JsonNode entrypoint) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        for (JsonNode word : entrypoint) {
            String text = word.asText();
            if (text.startsWith("@")) {
                text = Files.readString(root.resolve(text.substring(2)));
            }
            command.add(text.replace("/app/", root.resolve("app") + "/"));
        }
        assertThat(command.getFirst()).isEqualTo("java");
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("VITALS_"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("it ends by itself")
                .isTrue();
        return new Started(process.exitValue(), output);
    }

    private static Map<String, byte[]> read(InputStream file) throws IOException {
        Map<String, byte[]> parts = new HashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new BufferedInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                parts.put(entry.getName(), tar.readAllBytes());
            }
        }
        return parts;
    }

    private void unpack(InputStream layer) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(layer)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = root.resolve(entry.getName()).normalize();
                assertThat(target).startsWithRaw(root);
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.write(target, tar.readAllBytes());
                }
            }
        }
    }
}
