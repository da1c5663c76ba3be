package io.vitals.gitops.platform;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Program;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The platform holds to every rule, and each change in gitops/invalid/platform is refused with the message that stands in it. */
class PlatformTest {
    private static final List<Rule> RULES = List.of(new ComponentsRule(), new ProjectsRule(), new SecretsRule());
    private static final Path INVALID = Program.ROOT.resolve("gitops/invalid/platform");

    static List<Named<Rule>> rules() {
        return RULES.stream()
                .map(rule -> Named.of(rule.getClass().getSimpleName(), rule))
                .toList();
    }

    static Stream<String> changes() throws IOException {
        try (Stream<Path> files = Files.list(INVALID)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holdsTo(Rule rule) {
        assertThat(judge(rule, Tree.OURS)).isEmpty();
    }

    @Test
    void everyRuleRefusesSomething() throws IOException {
        var refused = new ArrayList<String>();
        for (String name : changes().toList()) {
            refused.add(invalid(name).path("rule").asText());
        }
        assertThat(refused)
                .containsAll(RULES.stream()
                        .map(rule -> rule.getClass().getSimpleName())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void isRefused(String name, @TempDir Path folder) throws IOException {
        JsonNode invalid = invalid(name);
        List<String> files = Sources.each(invalid.path("change")).stream()
                .map(change -> change.path("file").asText())
                .toList();
        Tree tree = Tree.copy(folder, files);
        for (JsonNode change : invalid.path("change")) {
            apply(folder.resolve(change.path("file").asText()), change);
        }
        Rule rule = RULES.stream()
                .filter(one -> one.getClass()
                        .getSimpleName()
                        .equals(invalid.path("rule").asText()))
                .findAny()
                .orElseThrow();
        assertThat(judge(rule, tree)).contains(invalid.path("refused").asText());
    }

    private static List<String> judge(Rule rule, Tree tree) {
        var findings = new Findings();
        rule.judge(tree, findings);
        return findings.lines();
    }

    private static JsonNode invalid(String name) {
        return Yaml.read(INVALID.resolve(name)).getFirst();
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
