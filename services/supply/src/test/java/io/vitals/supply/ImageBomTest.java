package io.vitals.supply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The bill of an image names all that is in it, is the same each time, and is refused when nobody has accepted what it names. */
class ImageBomTest {
    private static final String ROOT = "services/runtime/target/root";
    private static final String LIBRARY = "pkg:maven/org.example/a@1?type=jar";
    private static final String LIBRARY_HASH = "a".repeat(64);

    @TempDir
    private Path tree;

    @BeforeEach
    void aTreeWithOneImage() throws IOException {
        write("services/supply/licences.txt", """
                allow Apache-2.0
                allow LGPL-2.1-or-later
                part pkg:generic/openjdk = Apache-2.0
                part pkg:deb/debian/libc6 = LGPL-2.1-or-later
                """);
        write(ROOT + "/var/lib/dpkg/status.d/libc6", """
                Package: libc6
                Source: glibc
                Version: 1:2.36-9+deb12u14~1
                Architecture: amd64
                Description: GNU C Library
                 Version: of the text that goes on
                """);
        write("services/runtime/target/java/release", "JAVA_VERSION=\"25.0.3\"\n");
        write("services/api/target/api.jar", "jar");
        write("services/api/target/libraries.json", """
                {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": "urn:uuid:1",
                 "metadata": {"timestamp": "2026-11-01T00:00:00Z", "component": {"type": "library",
                   "bom-ref": "pkg:maven/io.vitals/api@1?type=jar", "group": "io.vitals", "name": "api", "version": "1",
                   "purl": "pkg:maven/io.vitals/api@1?type=jar", "licenses": [{"license": {"id": "Apache-2.0"}}]}},
                 "components": [{"type": "library", "bom-ref": "LIBRARY", "group": "org.example", "name": "a", "version": "1",
                   "hashes": [{"alg": "MD5", "content": "00"}, {"alg": "SHA-256", "content": "HASH"}],
                   "licenses": [{"license": {"id": "Apache-2.0"}}], "purl": "LIBRARY"}],
                 "dependencies": [{"ref": "pkg:maven/io.vitals/api@1?type=jar", "dependsOn": ["LIBRARY"]}]}
                """.replace("LIBRARY", LIBRARY)
                .replace("HASH", LIBRARY_HASH));
        write("services/api/bom.lock", LIBRARY + " " + LIBRARY_HASH + "\n");
    }

    @Test
    void namesAllThatIsInTheImage() throws IOException {
        assertThat(bom("api")).isEmpty();
        JsonNode bom = bill("api");
        assertThat(bom.path("components").findValuesAsText("purl"))
                .containsExactly(
                        "pkg:deb/debian/libc6@1:2.36-9%2Bdeb12u14~1?arch=amd64",
                        "pkg:generic/openjdk@25.0.3", "pkg:maven/io.vitals/api@1?type=jar", LIBRARY);
        JsonNode program = bom.path("components").path(2);
        assertThat(program.path("hashes").path(0).path("content").asText())
                .isEqualTo("0163f1eea7894350060624d315234d40c508ab251ba121714e234503045faadd");
        assertThat(bom.path("metadata").path("component").path("type").asText()).isEqualTo("container");
        assertThat(bom.path("dependencies").path(0))
                .hasToString(
                        "{\"ref\":\"image:api\",\"dependsOn\":[\"pkg:deb/debian/libc6@1:2.36-9%2Bdeb12u14~1?arch=amd64\","
                                + "\"pkg:generic/openjdk@25.0.3\",\"pkg:maven/io.vitals/api@1?type=jar\"]}");
    }

    @Test
    void isTheSameEachTimeAndCarriesNoTime() throws IOException {
        bom("api");
        String first = Files.readString(tree.resolve("services/api/target/bom.json"));
        bom("api");
        assertThat(Files.readString(tree.resolve("services/api/target/bom.json")))
                .isEqualTo(first)
                .doesNotContain("timestamp", "serialNumber");
    }

    @Test
    void aChangedLibraryIsRefusedUntilSomebodyAcceptsIt() throws IOException {
        write("services/api/bom.lock", LIBRARY + " " + "b".repeat(64) + "\n");
        assertThat(bom("api")).contains(LIBRARY + " has the hash " + LIBRARY_HASH, "make lock");

        assertThat(run("lock", "api", ROOT)).isEmpty();

        assertThat(bom("api")).isEmpty();
        assertThat(Files.readString(tree.resolve("services/api/bom.lock")))
                .isEqualTo(LIBRARY + " " + LIBRARY_HASH + "\n");
    }

    @Test
    void anImageWithoutALockIsRefused() throws IOException {
        Files.delete(tree.resolve("services/api/bom.lock"));
        assertThat(bom("api")).contains(LIBRARY + " is new in the image");
    }

    @Test
    void aForbiddenLicenceIsRefusedByName() throws IOException {
        Path libraries = tree.resolve("services/api/target/libraries.json");
        Files.writeString(
                libraries, Files.readString(libraries).replace("\"id\": \"Apache-2.0\"", "\"id\": \"SSPL-1.0\""));
        assertThat(bom("api")).contains(LIBRARY + " is under a licence that is not allowed: SSPL-1.0");
    }

    @Test
    void aBaseThatHoldsNoJarHasABillToo() throws IOException {
        assertThat(bom("runtime")).isEmpty();
        assertThat(bill("runtime").path("components").findValuesAsText("purl"))
                .containsExactly("pkg:deb/debian/libc6@1:2.36-9%2Bdeb12u14~1?arch=amd64", "pkg:generic/openjdk@25.0.3");
    }

    @Test
    void aPackageWithoutAVersionIsRefused() throws IOException {
        write(ROOT + "/var/lib/dpkg/status.d/tzdata", "Package: tzdata\nArchitecture: all\n");
        assertThat(bom("api")).contains("tzdata names no Version");
    }

    @Test
    void theReportSaysWhatIsUnderWhichLicenceInWhichImage() throws IOException {
        bom("api");
        bom("runtime");
        assertThat(run("licences", "api", "runtime")).isEmpty();
        assertThat(Files.readString(tree.resolve("target/licences.md")))
                .contains(
                        "| Apache-2.0 | 3 |",
                        "| maven/org.example/a@1 | Apache-2.0 | api |",
                        "| deb/debian/libc6@1:2.36-9%2Bdeb12u14~1 | LGPL-2.1-or-later | api, runtime |");
    }

    @Test
    void aReportWithoutABillIsRefused() throws IOException {
        assertThat(run("licences", "api")).contains("make images");
    }

    private String bom(String name) throws IOException {
        return run("bom", name, ROOT);
    }

    /** What the command complains of; nothing when it ends well. */
    private String run(String... arguments) throws IOException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(tree, List.of(arguments), new PrintStream(err, true, UTF_8));
        assertThat(code).isEqualTo(err.size() == 0 ? 0 : 1);
        return err.toString(UTF_8);
    }

    private JsonNode bill(String name) throws IOException {
        return new ObjectMapper()
                .readTree(tree.resolve("services")
                        .resolve(name)
                        .resolve("target/bom.json")
                        .toFile());
    }

    private void write(String path, String text) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }
}
