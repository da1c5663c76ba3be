package io.vitals.journey.image;

import io.vitals.sandbox.leaks.SecretScanner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** The images that {@code make images} wrote keep the rules for images. */
@Tag("images")
class BuiltImagesTest {
    private static final Path SERVICES = Path.of("..");

    @ParameterizedTest
    @CsvSource({
        "whoop-service,8081 8082 9091,false",
        "health-api,8080 9090,false",
        "probe,9092,false",
        "on-call,8085 9095,false",
        "sandbox,'',true",
        "edge,8080 8081,false"
    })
    void anImageKeepsTheRules(String name, String ports, boolean shell) throws IOException {
        Path file = SERVICES.resolve(name).resolve("target/jib-image.tar");
        assertThat(file).as("make images comes first").exists();
        ImageTar image = ImageTar.read(file);
        Set<String> open = ports.isEmpty() ? Set.of() : Set.of(ports.split(" "));

        assertThat(new ImageRules(shell, open, foreign()).faults(image)).isEmpty();

        System.out.printf(
                "%s: %.1f MB compressed, %.1f MB unpacked, %d layers%n",
                name,
                image.compressed() / 1e6,
                image.unpacked() / 1e6,
                image.layers().size());
    }

    /** The folder it was built in, the home of who built it, and the beginnings of keys. */
    private static SecretScanner foreign() {
        SecretScanner foreign = new SecretScanner();
        foreign.knowShort(
                "the folder that it was built in",
                Path.of("../..").toAbsolutePath().normalize().toString());
        foreign.knowShort("a private key", "-----BEGIN PRIVATE" + " KEY-----\nM");
        foreign.knowShort("a private key", "-----BEGIN RSA PRIVATE" + " KEY-----\nM");
        return foreign;
    }
}
