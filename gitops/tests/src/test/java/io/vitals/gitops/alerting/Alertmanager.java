package io.vitals.gitops.alerting;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Program;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What Alertmanager reads, as a tree, and amtool of the same version. */
final class Alertmanager {
    static final Path FOLDER = Program.ROOT.resolve("monitoring/alertmanager");
    static final Path FILE = FOLDER.resolve("alertmanager.yaml");
    static final Path TEMPLATES = FOLDER.resolve("templates/vitals.tmpl");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Alertmanager() {}

    /** A copy of ours that can be changed. */
    static ObjectNode ours() {
        return read(FILE);
    }

    /** With anchors and merges resolved, as Alertmanager does and Jackson does not. */
    static ObjectNode read(Path file) {
        try {
            Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
            return MAPPER.valueToTree(MAPPER.convertValue(loaded, new TypeReference<Map<String, Object>>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes it for Alertmanager, for which JSON is YAML. */
    static void write(Path file, JsonNode content) {
        try {
            Files.writeString(file, MAPPER.writeValueAsString(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path tool(String name) {
        return Path.of(Program.tool("alertmanager")).resolveSibling(name);
    }

    static Program.Answer amtool(String... arguments) {
        var command = new ArrayList<String>();
        command.add(tool("amtool").toString());
        command.addAll(List.of(arguments));
        return Program.run(Program.ROOT, command.toArray(String[]::new));
    }

    /** All routes, the first one too. */
    static List<ObjectNode> routes(JsonNode config) {
        var all = new ArrayList<ObjectNode>();
        collect((ObjectNode) config.path("route"), all);
        return all;
    }

    private static void collect(ObjectNode route, List<ObjectNode> all) {
        all.add(route);
        route.path("routes").forEach(below -> collect((ObjectNode) below, all));
    }
}
