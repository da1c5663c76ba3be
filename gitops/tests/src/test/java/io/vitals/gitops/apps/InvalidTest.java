package io.vitals.gitops.apps;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Program;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Each file of gitops/invalid is a change to the whole tree that must be refused, with the message that stands in it. */
class InvalidTest {
    private static final Set<String> REFUSED_BY = new TreeSet<>();

    static Stream<String> changes() throws IOException {
        try (Stream<Path> files = Files.list(Program.ROOT.resolve("gitops/invalid"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void isRefused(String name, @TempDir Path folder) throws IOException {
        JsonNode invalid =
                Yaml.read(Program.ROOT.resolve("gitops/invalid").resolve(name)).getFirst();
        List<String> files = invalid.path("change")
                .valueStream()
                .map(change -> change.path("file").asText())
                .toList();
        Tree tree = Tree.copy(folder, files);
        for (JsonNode change : invalid.path("change")) {
            apply(folder.resolve(change.path("file").asText()), change);
        }

        var lines = new ArrayList<String>();
        for (Rule rule : Rules.ALL) {
            var findings = new Findings();
            rule.judge(tree, findings);
            lines.addAll(findings.lines());
            if (findings.lines().contains(invalid.path("refused").asText())) {
                REFUSED_BY.add(rule.getClass().getSimpleName());
            }
        }

        assertThat(lines).contains(invalid.path("refused").asText());
    }

    /** A rule that refuses nothing is none. */
    @AfterAll
    static void everyRuleRefusesSomething() {
        assertThat(REFUSED_BY)
                .containsAll(Rules.ALL.stream()
                        .map(rule -> rule.getClass().getSimpleName())
                        .collect(Collectors.toSet()));
    }

    private static void apply(Path file, JsonNode change) throws IOException {
        if (change.path("delete").asBoolean(false)) {
            Files.delete(file);
        } else if (change.has("create")) {
            Files.writeString(file, change.path("create").asText());
        } else {
            String text = Files.readString(file);
            String replaced = change.path("replace").asText();
            assertThat(text).as("%s holds what is to be replaced once", file).containsOnlyOnce(replaced);
            Files.writeString(file, text.replace(replaced, change.path("with").asText()));
        }
    }
}
