package io.vitals.kit.config;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SettingsTest {
    enum Profile {
        PRODUCTION,
        SANDBOX
    }

    record Upstream(URI baseUrl, Secret apiKey, Duration deadline) {}

    record Example(
            Profile profile,
            Duration drain,
            DataSize maxBody,
            int workers,
            boolean strict,
            List<String> scopes,
            Optional<String> note,
            Upstream upstream) {}

    @TempDir
    private Path dir;

    private URL defaults;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void writeFiles() throws Exception {
        Path yaml = dir.resolve("application.yaml");
        Files.writeString(yaml, """
                profile: production
                drain: 5s
                max-body: 64KiB
                workers: 4
                strict: true
                scopes: [a, b]
                upstream:
                  base-url: https://upstream.example
                  deadline: PT2S
                """);
        defaults = yaml.toUri().toURL();
        Path key = Files.writeString(dir.resolve("key"), "hunter2\n");
        environment.put("VITALS_UPSTREAM_API_KEY_FILE", key.toString());
        environment.put("PATH", "/bin");
    }

    @Test
    void bindsDefaultsAndSecretsFromFiles() {
        Example example = load();
        assertThat(example.profile()).isEqualTo(Profile.PRODUCTION);
        assertThat(example.drain()).isEqualTo(Duration.ofSeconds(5));
        assertThat(example.maxBody()).isEqualTo(DataSize.ofKibibytes(64));
        assertThat(example.scopes()).containsExactly("a", "b");
        assertThat(example.note()).isEmpty();
        assertThat(example.upstream().apiKey().reveal()).isEqualTo("hunter2");
        assertThat(example.toString()).doesNotContain("hunter2");
    }

    @Test
    void theFileWinsOverDefaultsAndTheEnvironmentOverBoth() throws Exception {
        Path file =
                Files.writeString(dir.resolve("own.yaml"), "workers: 8\nstrict: false\nupstream:\n  deadline: 3s\n");
        environment.put("VITALS_CONFIG", file.toString());
        environment.put("VITALS_WORKERS", "9");
        environment.put("VITALS_SCOPES", "x");
        Example example = load();
        assertThat(example.workers()).isEqualTo(9);
        assertThat(example.strict()).isFalse();
        assertThat(example.scopes()).containsExactly("x");
        assertThat(example.upstream().deadline()).isEqualTo(Duration.ofSeconds(3));
        assertThat(example.upstream().baseUrl()).isEqualTo(URI.create("https://upstream.example"));
    }

    @Test
    void allFaultsAreToldAtOnceByKeyAndWithoutTheirValues() throws Exception {
        Path file = Files.writeString(
                dir.resolve("own.yaml"),
                "workers: manyplenty\nretired-key: old-value\nupstream:\n  api-key: swordfish\n  base-url: nohost\n");
        environment.put("VITALS_CONFIG", file.toString());
        environment.put("VITALS_PROFILE", "lab");
        environment.put("VITALS_DRIAN", "7s");
        environment.remove("VITALS_UPSTREAM_API_KEY_FILE");
        assertThatThrownBy(this::load).isInstanceOfSatisfying(ConfigException.class, e -> {
            assertThat(e.faults())
                    .anyMatch(f -> f.startsWith("workers: is not a valid int"))
                    .anyMatch(f -> f.startsWith("retired-key: no such setting"))
                    .anyMatch(f ->
                            f.startsWith("upstream.api-key: a secret is given as a file, by upstream.api-key-file"))
                    .anyMatch(f -> f.startsWith("upstream.base-url: is not an absolute URI"))
                    .anyMatch(f -> f.startsWith("profile: is not one of [production, sandbox]"))
                    .anyMatch(f -> f.startsWith("VITALS_DRIAN: no such setting"))
                    .hasSize(6);
            assertThat(e.getMessage()).doesNotContain("manyplenty", "old-value", "swordfish", "lab", "7s", "nohost");
        });
    }

    @Test
    void aMissingSecretFileIsNamedByItsKey() {
        environment.put("VITALS_UPSTREAM_API_KEY_FILE", dir.resolve("gone").toString());
        assertThatThrownBy(this::load).hasMessageContaining("upstream.api-key-file: names a file that cannot be read");
        environment.remove("VITALS_UPSTREAM_API_KEY_FILE");
        assertThatThrownBy(this::load).hasMessageContaining("upstream.api-key-file: is missing");
    }

    @Test
    void brokenYamlIsAFaultAndItsTextStaysInside() throws Exception {
        Path file = Files.writeString(dir.resolve("own.yaml"), "upstream: [unclosed: swordfish");
        environment.put("VITALS_CONFIG", file.toString());
        assertThatThrownBy(this::load)
                .hasMessageContaining("VITALS_CONFIG: is not valid YAML")
                .hasMessageNotContaining("swordfish");
    }

    @Test
    void aFileByItselfHasNoDefaultsAndRefusesWhatItDoesNotKnow() throws Exception {
        Path file = Files.writeString(dir.resolve("upstream.yaml"), """
                api-key-file: %s
                base-url: https://upstream.example
                deadline: 2s
                """.formatted(dir.resolve("key")));

        assertThat(Settings.file(Upstream.class, file).deadline()).isEqualTo(Duration.ofSeconds(2));

        Files.writeString(file, "base-url: https://upstream.example\ndedline: 2s\n");
        assertThatThrownBy(() -> Settings.file(Upstream.class, file))
                .hasMessageContaining("dedline: no such setting")
                .hasMessageContaining("deadline: is missing")
                .hasMessageContaining("api-key-file: is missing");
        assertThatThrownBy(() -> Settings.file(Upstream.class, dir.resolve("none.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none.yaml: cannot be read");
    }

    @Test
    void theReferenceHasARowForEverySetting() {
        assertThat(Settings.reference(Example.class))
                .contains("| `profile` | [production, sandbox] |")
                .contains("| `max-body` | size |")
                .contains("| `upstream.api-key-file` | file with the secret |")
                .contains("| `upstream.base-url` | uri |");
    }

    private Example load() {
        return Settings.load(Example.class, defaults, environment);
    }
}
