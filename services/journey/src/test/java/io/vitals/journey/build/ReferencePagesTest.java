package io.vitals.journey.build;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The reference pages name what the code has, no more and no less. */
class ReferencePagesTest {
    private static final Path REPOSITORY = Path.of("..", "..");
    private static final Pattern PROBLEM = Pattern.compile("\\b[45]\\d\\d,\\s*\"([a-z]+(?:-[a-z]+)*)\",\\s*\"[A-Z]");
    private static final Pattern HEADING = Pattern.compile("(?m)^## ([a-z-]+)$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    @Test
    void everyProblemTypeHasItsEntryAndEveryEntryItsType() throws IOException {
        assertThat(names(HEADING, Files.readString(REPOSITORY.resolve("docs/problems.md"))))
                .isEqualTo(names(PROBLEM, mainSources()));
    }

    @Test
    void everyLinkInTheReadMeLeadsSomewhere() throws IOException {
        for (String page : new String[] {"README.md", "docs/README.md"}) {
            Path file = REPOSITORY.resolve(page);
            for (String target : names(LINK, Files.readString(file))) {
                assertThat(file.resolveSibling(target))
                        .as("%s links to %s", page, target)
                        .exists();
            }
        }
    }

    @Test
    void noFileNamesAPathOfOneMachine() throws IOException {
        Pattern machine = Pattern.compile("/(?:root|home/[a-z]+|work)/");
        assertThat(sources(".java", ".md", ".xml", ".yaml", ".sql", ".js", ".css", ".html"))
                .filteredOn(file -> machine.matcher(text(file)).find())
                .isEmpty();
    }

    private static String mainSources() throws IOException {
        return sources(".java").stream()
                .filter(file -> file.toString().contains("/src/main/"))
                .map(ReferencePagesTest::text)
                .collect(Collectors.joining("\n"));
    }

    private static List<Path> sources(String... endings) throws IOException {
        try (Stream<Path> files = Files.walk(REPOSITORY)) {
            return files.filter(file -> !file.toString().contains("/target/")
                            && !file.toString().contains("/.vitals/"))
                    .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .filter(file -> !file.getFileName().toString().equals("ReferencePagesTest.java"))
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult r) -> r.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
