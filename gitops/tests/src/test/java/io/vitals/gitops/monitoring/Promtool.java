package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.gitops.Program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Asks promtool, of the version of the Prometheus that runs. */
final class Promtool {
    private static final YAMLMapper MAPPER = new YAMLMapper();

    private Promtool() {}

    static Program.Answer run(Path folder, String... arguments) {
        var command = new ArrayList<String>();
        command.add(
                Path.of(Program.tool("prometheus")).resolveSibling("promtool").toString());
        command.addAll(List.of(arguments));
        return Program.run(folder, command.toArray(String[]::new));
    }

    /** Writes what Prometheus reads: rules without the object around them. */
    static void write(Path file, List<AlertRule> rules) {
        ObjectNode group = JsonNodeFactory.instance.objectNode().put("name", "rules");
        group.putArray("rules").addAll(rules.stream().map(AlertRule::json).toList());
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.putArray("groups").add(group);
        write(file, content);
    }

    static void write(Path file, JsonNode content) {
        try {
            Files.writeString(file, MAPPER.writeValueAsString(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
