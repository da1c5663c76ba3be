package io.vitals.journey.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.journey.image.ImageTar.Entry;
import io.vitals.journey.image.ImageTar.Kind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The bill of materials beside an image names all that is in the image, and nothing that is not. */
@Tag("images")
class BillsOfMaterialsTest {
    private static final Path SERVICES = Path.of("..");
    private static final String DESCRIPTIONS = "var/lib/dpkg/status.d/";

    @ParameterizedTest
    @ValueSource(strings = {"runtime", "whoop-service", "health-api", "sandbox", "probe", "on-call"})
    void aBillNamesEachJarPackageAndRuntimeOfItsImage(String name) throws IOException {
        List<Entry> files = files(name);
        Map<String, String> listed = new TreeMap<>();
        Set<String> packages = new TreeSet<>();
        for (JsonNode component : bill(name).path("components")) {
            String purl = component.path("purl").asText();
            if (purl.startsWith("pkg:maven/")) {
                listed.put(sha256(component), purl);
            } else {
                packages.add(component.path("name").asText());
            }
        }

        Map<String, String> jars = files.stream()
                // The runtime has one of its own, which is a part of it.
                .filter(file -> file.path().endsWith(".jar") && !file.path().startsWith("opt/java/"))
                .collect(Collectors.toMap(file -> hash(file.content()), Entry::path));
        assertThat(jars.keySet()).as("hashes of jars, %s", jars).isEqualTo(listed.keySet());

        Set<String> installed = files.stream()
                .map(Entry::path)
                .filter(path -> path.startsWith(DESCRIPTIONS))
                .map(path -> path.substring(DESCRIPTIONS.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        installed.add("openjdk");
        assertThat(packages).isEqualTo(installed);
        System.out.printf("%s: %d jars and %d other parts, all in its bill%n", name, jars.size(), installed.size());
    }

    @Test
    void itsVersionsAreThoseThatTheImageSays() throws IOException {
        Predicate<Entry> release = file -> file.path().equals("opt/java/release");
        Entry java = files("health-api").stream().filter(release).findFirst().orElseThrow();
        for (JsonNode component : bill("health-api").path("components")) {
            if (component.path("name").asText().equals("openjdk")) {
                assertThat(new String(java.content(), UTF_8))
                        .contains("JAVA_VERSION=\"" + component.path("version").asText() + "\"");
            }
        }
    }

    private static List<Entry> files(String name) throws IOException {
        Path file = SERVICES.resolve(name).resolve("target/jib-image.tar");
        assertThat(file).as("make images comes first").exists();
        return ImageTar.read(file).entries().stream()
                .filter(entry -> entry.kind() == Kind.FILE)
                .toList();
    }

    static JsonNode bill(String name) throws IOException {
        Path file = SERVICES.resolve(name).resolve("target/bom.json");
        assertThat(file).as("make images comes first").exists();
        return new ObjectMapper().readTree(file.toFile());
    }

    private static String sha256(JsonNode component) {
        return StreamSupport.stream(component.path("hashes").spliterator(), false)
                .filter(hash -> hash.path("alg").asText().equals("SHA-256"))
                .map(hash -> hash.path("content").asText())
                .findFirst()
                .orElseThrow();
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
