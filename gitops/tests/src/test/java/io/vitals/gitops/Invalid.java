package io.vitals.gitops;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A file of gitops/invalid: a change to the whole tree that must be refused.
 *
 * @param content the file; {@code change} lists what is replaced, created or deleted
 */
public record Invalid(JsonNode content) {
    /** The names of the files in a folder. */
    public static Stream<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    public static Invalid read(Path file) {
        return new Invalid(Yaml.read(file).getFirst());
    }

    /** The message that must refuse it. */
    private String refused() {
        return content.path("refused").asText();
    }

    /** The one of the rules that must refuse it. */
    private String rule() {
        return content.path("rule").asText();
    }

    /** Asks the rule that it names: another one that happens to say the same would not do. */
    public void isRefused(List<Rule> rules, Path folder) throws IOException {
        Tree tree = appliedIn(folder);
        Rule rule = rules.stream()
                .filter(one -> one.getClass().getSimpleName().equals(rule()))
                .findAny()
                .orElseThrow(() -> new AssertionError("there is no rule " + rule()));
        assertThat(Findings.of(rule, tree)).contains(refused());
    }

    /** A rule that refuses nothing is none. */
    public static void everyRuleRefusesSomething(List<Rule> rules, Path folder) throws IOException {
        assertThat(names(folder).map(name -> read(folder.resolve(name)).rule()))
                .containsAll(rules.stream()
                        .map(rule -> rule.getClass().getSimpleName())
                        .toList());
    }

    /** A copy of ours with the change. */
    private Tree appliedIn(Path folder) throws IOException {
        List<String> files = content.path("change")
                .valueStream()
                .map(change -> change.path("file").asText())
                .toList();
        Tree tree = Tree.copy(folder, files);
        for (JsonNode change : content.path("change")) {
            apply(folder.resolve(change.path("file").asText()), change);
        }
        return tree;
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
