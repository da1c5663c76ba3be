package io.vitals.supply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What we say of Helidon's later fixes speaks of what is in the images, twice the same, and names tests that there are. */
class VexTest {
    private static final Path SERVICES = Path.of("..");
    private static final Path DOCS = SERVICES.resolve("../docs/security");
    private static final Pattern COMMIT = Pattern.compile("helidon/commit/([0-9a-f]{40})");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");

    @Test
    void everyStatementIsAboutAPackageInTheImages() throws IOException {
        Set<String> shipped = shipped();
        List<String> absent = new ArrayList<>();
        for (JsonNode statement : statements()) {
            for (JsonNode product : statement.path("products")) {
                assertThat(shipped).contains(product.path("@id").asText());
                product.path("subcomponents")
                        .forEach(part -> absent.add(part.path("@id").asText()));
            }
            assertThat(statement.path("status").asText()).isEqualTo("not_affected");
            assertThat(statement.path("justification").asText().equals("component_not_present"))
                    .as(statement.toString())
                    .isEqualTo(statement.findValue("subcomponents") != null);
        }
        // Whatever their version.
        Set<String> names = shipped.stream().map(VexTest::withoutVersion).collect(Collectors.toSet());
        assertThat(absent).isNotEmpty();
        assertThat(names)
                .doesNotContainAnyElementsOf(
                        absent.stream().map(VexTest::withoutVersion).toList());
    }

    @Test
    void theTableAndTheStatementsAreAboutTheSameFixes() throws IOException {
        Set<String> table = new TreeSet<>();
        Matcher commits = COMMIT.matcher(Files.readString(DOCS.resolve("helidon-4.1.md")));
        while (commits.find()) {
            table.add(commits.group(1));
        }
        Set<String> stated = new TreeSet<>();
        statements()
                .forEach(statement ->
                        stated.add(statement.path("vulnerability").path("name").asText()));
        assertThat(table).isNotEmpty().isEqualTo(stated);
    }

    @Test
    void theTestsThatItNamesAreThere() throws IOException {
        Set<String> named = new TreeSet<>();
        Matcher tests = TEST.matcher(Files.readString(DOCS.resolve("helidon-4.1.md")));
        while (tests.find()) {
            named.add(tests.group(1) + ".java");
        }
        Set<String> present;
        try (Stream<Path> files = Files.find(
                SERVICES, 20, (path, attributes) -> path.toString().matches(".*/src/test/java/.*Test\\.java"))) {
            present = files.map(path -> String.valueOf(path.getFileName())).collect(Collectors.toSet());
        }
        assertThat(named).isNotEmpty();
        assertThat(present).containsAll(named);
    }

    private static JsonNode statements() throws IOException {
        JsonNode statements = new ObjectMapper()
                .readTree(DOCS.resolve("helidon-4.1.vex.json").toFile())
                .path("statements");
        assertThat(statements).isNotEmpty();
        return statements;
    }

    /** The purls of the locks of what runs in production; make images holds them against the images. */
    private static Set<String> shipped() throws IOException {
        Set<String> shipped = new TreeSet<>();
        for (String name : List.of("whoop-service", "health-api")) {
            shipped.addAll(Lock.read(SERVICES.resolve(name).resolve("bom.lock"))
                    .hashes()
                    .keySet());
        }
        return shipped;
    }

    private static String withoutVersion(String purl) {
        return purl.replaceAll("@.*", "");
    }
}
