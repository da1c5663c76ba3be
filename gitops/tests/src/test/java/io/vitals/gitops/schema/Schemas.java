package io.vitals.gitops.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * JSON Schemas for kubeconform, made of what Kubernetes and the operators publish in their Go modules, in a folder outside the tree. They
 * are strict: a field that a type does not know is an error, as it would be dropped in silence in a cluster.
 */
final class Schemas {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REF = "#/definitions/";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    /** Raised when the same modules make other schemas. */
    private static final String FORM = "3";

    private Schemas() {}

    /** Where kubeconform finds them. */
    static String location() {
        return folder() + "/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";
    }

    private static Path folder() {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        try {
            String modules = Files.readString(Program.ROOT.resolve("tools/schemas/modules.txt"));
            Path folder = Path.of(cache, "vitals", "schemas", hash(FORM + modules));
            if (!Files.exists(folder)) {
                Files.createDirectories(folder.getParent());
                Path part = Files.createTempDirectory(folder.getParent(), "part-");
                write(part);
                try {
                    Files.move(part, folder);
                } catch (FileSystemException e) {
                    // Another process was faster with the same.
                    if (!Files.exists(folder)) {
                        throw e;
                    }
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path folder) throws IOException {
        String files = Program.run(
                        Program.ROOT,
                        Program.ROOT.resolve("tools/schemas/fetch").toString())
                .orThrow();
        JsonNode meta = JsonNodeFactory.instance.objectNode();
        JsonNode definitions = meta;
        for (String file : files.lines().filter(file -> file.endsWith(".json")).toList()) {
            JsonNode whole = JSON.readTree(Path.of(file).toFile());
            if (whole.has("$ref")) {
                program(folder, whole);
            } else {
                definitions = whole.path("definitions");
                core(folder, definitions);
            }
        }
        for (String file : files.lines().toList()) {
            if (!file.endsWith(".json")) {
                for (JsonNode document : Yaml.read(Path.of(file))) {
                    if (document.path("kind").asText().equals("CustomResourceDefinition")) {
                        custom(folder, document.path("spec"), definitions);
                    }
                }
            }
        }
    }

    private static void core(Path folder, JsonNode definitions) throws IOException {
        for (Map.Entry<String, JsonNode> entry : definitions.properties()) {
            JsonNode definition = entry.getValue();
            JsonNode kinds = definition.path("x-kubernetes-group-version-kind");
            if (kinds.size() != 1 || !definition.path("properties").has("metadata")) {
                continue;
            }
            JsonNode kind = kinds.get(0);
            ObjectNode schema = withDefinitions(strict(definition), Set.of(entry.getKey()), definitions);
            file(
                    folder,
                    kind.path("group").asText(),
                    kind.path("kind").asText(),
                    kind.path("version").asText(),
                    schema);
        }
    }

    /** What a program reads and no cluster; its schema is one already, and as strict as the program. */
    private static void program(Path folder, JsonNode whole) throws IOException {
        String name = whole.path("$ref").asText().substring(REF.length());
        JsonNode definition = whole.path("definitions").path(name);
        if (definition.path("additionalProperties").asBoolean(true)) {
            throw new IllegalStateException(name + " takes fields that it does not know");
        }
        String apiVersion = definition.at("/properties/apiVersion/enum/0").asText();
        int slash = apiVersion.indexOf('/');
        file(folder, apiVersion.substring(0, slash), name, apiVersion.substring(slash + 1), whole);
    }

    private static void custom(Path folder, JsonNode spec, JsonNode definitions) throws IOException {
        for (JsonNode version : spec.path("versions")) {
            ObjectNode schema = (ObjectNode) strict(version.at("/schema/openAPIV3Schema"));
            ((ObjectNode) schema.path("properties"))
                    .set("metadata", JSON.createObjectNode().put("$ref", REF + META));
            ObjectNode whole = withDefinitions(schema, Set.of(META), definitions);
            file(
                    folder,
                    spec.path("group").asText(),
                    spec.at("/names/kind").asText(),
                    version.path("name").asText(),
                    whole);
        }
    }

    private static void file(Path folder, String group, String kind, String version, JsonNode schema)
            throws IOException {
        // What belongs to no group is looked for under its version.
        Path file = folder.resolve(group.isEmpty() ? version : group)
                .resolve(kind.toLowerCase(Locale.ROOT) + "_" + version + ".json");
        Files.createDirectories(file.getParent());
        JSON.writeValue(file.toFile(), schema);
    }

    /** A schema with the definitions that it reaches. */
    private static ObjectNode withDefinitions(JsonNode schema, Set<String> from, JsonNode all) {
        ObjectNode whole = schema.deepCopy();
        ObjectNode into = JSON.createObjectNode();
        collect(schema, all, into, new HashSet<>());
        from.stream().filter(name -> name.equals(META)).forEach(name -> put(name, all, into, new HashSet<>()));
        whole.set("definitions", into);
        return whole;
    }

    private static void collect(JsonNode node, JsonNode all, ObjectNode into, Set<String> seen) {
        if (node.path("$ref").isTextual()) {
            put(node.path("$ref").asText().substring(REF.length()), all, into, seen);
        }
        node.forEach(child -> collect(child, all, into, seen));
    }

    private static void put(String name, JsonNode all, ObjectNode into, Set<String> seen) {
        if (seen.add(name) && !into.has(name)) {
            JsonNode definition = leaf(name, strict(all.path(name)));
            into.set(name, definition);
            collect(definition, all, into, seen);
        }
    }

    /** Types whose written forms are more than their schema says. */
    private static JsonNode leaf(String name, JsonNode definition) {
        if (name.endsWith(".IntOrString") || name.endsWith(".Quantity")) {
            return either();
        }
        return definition;
    }

    private static ObjectNode either() {
        ObjectNode either = JSON.createObjectNode();
        either.putArray("oneOf")
                .add(JSON.createObjectNode().put("type", "string"))
                .add(JSON.createObjectNode().put("type", "number"));
        return either;
    }

    /** Without what it does not know, and without the words of OpenAPI that JSON Schema does not have. */
    private static JsonNode strict(JsonNode node) {
        if (node.isArray()) {
            var array = JSON.createArrayNode();
            node.forEach(child -> array.add(strict(child)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        if (node.path("x-kubernetes-int-or-string").asBoolean(false)) {
            return either();
        }
        ObjectNode out = JSON.createObjectNode();
        node.properties().forEach(entry -> {
            String key = entry.getKey();
            if (key.equals("properties") && entry.getValue().isObject()) {
                ObjectNode properties = out.putObject("properties");
                entry.getValue()
                        .properties()
                        .forEach(property -> properties.set(property.getKey(), strict(property.getValue())));
            } else if (!key.startsWith("x-kubernetes-")
                    && !Set.of("description", "format", "default", "nullable", "example")
                            .contains(key)) {
                out.set(key, strict(entry.getValue()));
            }
        });
        boolean open = node.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)
                || node.path("x-kubernetes-embedded-resource").asBoolean(false);
        if (node.path("properties").isObject() && !node.has("additionalProperties") && !open) {
            out.put("additionalProperties", false);
        }
        return out;
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)))
                    .substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
