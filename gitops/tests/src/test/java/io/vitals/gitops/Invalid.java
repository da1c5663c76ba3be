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
    public String refused() {
        return content.path("refused").asText();
    }

    /** A copy of ours with the change. */
    public Tree appliedIn(Path folder) throws IOException {
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
