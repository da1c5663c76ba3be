package io.vitals.kit.management;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * What runs here, for annotations of deployments and for comparing the colours of a rollout.
 *
 * @param version of the release, as the program's jar says
 * @param gitSha the commit it was built from; both are unknown where the build was not told, or where there is no jar
 * @param color of the rollout's side that the process was started on
 */
public record BuildInfo(String version, String gitSha, String color) {
    private static final String UNKNOWN = "unknown";

    /** Reads the manifest of the jar that the program's class came from. */
    public static BuildInfo of(Class<?> program, String color) {
        Attributes manifest = manifest(program);
        return new BuildInfo(
                value(manifest, Attributes.Name.IMPLEMENTATION_VERSION.toString()), value(manifest, "Git-Sha"), color);
    }

    private static String value(Attributes manifest, String name) {
        String value = manifest.getValue(name);
        return value == null || value.isBlank() ? UNKNOWN : value;
    }

    private static Attributes manifest(Class<?> program) {
        CodeSource source = program.getProtectionDomain().getCodeSource();
        try {
            if (source != null
                    && Files.isRegularFile(Path.of(source.getLocation().toURI()))) {
                try (JarFile jar =
                        new JarFile(Path.of(source.getLocation().toURI()).toFile())) {
                    Manifest manifest = jar.getManifest();
                    return manifest == null ? new Attributes() : manifest.getMainAttributes();
                }
            }
        } catch (IOException | URISyntaxException | IllegalArgumentException _) {
            // A program that runs is not stopped for want of its name.
        }
        return new Attributes();
    }

    void show(MeterRegistry registry) {
        Gauge.builder("app.build.info", () -> 1)
                .description("1, with what runs here as its labels")
                .tag("version", version)
                .tag("git_sha", gitSha)
                .tag("color", color)
                .register(registry);
    }
}
