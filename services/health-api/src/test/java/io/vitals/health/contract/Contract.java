package io.vitals.health.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.kit.json.Json;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The contract file, read. */
public final class Contract {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");

    private final JsonNode document;
    private final List<Operation> operations = new ArrayList<>();

    private Contract(JsonNode document) {
        this.document = document;
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(entry -> METHODS.contains(entry.getKey()))
                        .forEach(entry -> operations.add(operation(path.getKey(), path.getValue(), entry.getKey()))));
    }

    /** The file that the service serves. */
    public static Contract read() {
        try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
            return new Contract(Json.mapper().valueToTree(new Yaml().load(in)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One method of one path.
     *
     * @param pointer leads to it in the document
     * @param node with references
     * @param parameters of the operation and of its path, without references
     * @param pattern matches the paths that it serves
     */
    public record Operation(
            String method, String path, String pointer, JsonNode node, List<JsonNode> parameters, Pattern pattern) {
        @Override
        public String toString() {
            return method + " " + path;
        }

        /** The names that a request's query may have. */
        public Set<String> queryNames() {
            return parameters.stream()
                    .filter(parameter -> parameter.path("in").asText().equals("query"))
                    .map(parameter -> parameter.path("name").asText())
                    .collect(Collectors.toUnmodifiableSet());
        }

        /** Whether a query may have further names, which mean nothing. */
        boolean takesOthers(JsonNode document) {
            JsonNode security = node.has("security") ? node.path("security") : document.path("security");
            return node.path("x-other-parameters").asBoolean() || security.isEmpty();
        }

        boolean exact() {
            return !path.contains("{");
        }
    }

    public JsonNode document() {
        return document;
    }

    public List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** The operation that answers such a request; a path without parameters goes first. */
    public Optional<Operation> find(String method, String path) {
        List<Operation> matching = operations.stream()
                .filter(operation -> operation.method().equals(method)
                        && operation.pattern().matcher(path).matches())
                .toList();
        return matching.stream()
                .filter(Operation::exact)
                .findFirst()
                .or(() -> matching.stream().findFirst());
    }

    /** What a node stands for, references followed. */
    public Place resolve(String pointer) {
        JsonNode node = document.at(pointer);
        if (node.path("$ref").isTextual()) {
            return resolve(node.path("$ref").asText().substring(1));
        }
        return new Place(pointer, node);
    }

    /** A node and where it really stands. */
    public record Place(String pointer, JsonNode node) {
        boolean isMissing() {
            return node.isMissingNode();
        }

        String under(String... steps) {
            StringBuilder longer = new StringBuilder(pointer);
            for (String step : steps) {
                longer.append('/').append(escape(step));
            }
            return longer.toString();
        }
    }

    static Place nothing() {
        return new Place("", MissingNode.getInstance());
    }

    private static String escape(String step) {
        return step.replace("~", "~0").replace("/", "~1");
    }

    private Operation operation(String path, JsonNode item, String method) {
        String at = "/paths/" + escape(path);
        List<JsonNode> parameters = new ArrayList<>();
        parameters.addAll(parameters(at, item));
        parameters.addAll(parameters(at + "/" + method, item.path(method)));
        String regex = path.equals("/assets/{path}")
                ? "/assets/.*"
                : PARAMETER.matcher(path).replaceAll("[^/]+");
        return new Operation(
                method.toUpperCase(Locale.ROOT),
                path,
                at + "/" + method,
                item.path(method),
                List.copyOf(parameters),
                Pattern.compile(regex));
    }

    private List<JsonNode> parameters(String at, JsonNode owner) {
        List<JsonNode> parameters = new ArrayList<>();
        for (int i = 0; i < owner.path("parameters").size(); i++) {
            ObjectNode parameter = resolve(at + "/parameters/" + i).node().deepCopy();
            parameter.put("x-pointer", resolve(at + "/parameters/" + i).pointer() + "/schema");
            parameters.add(parameter);
        }
        return parameters;
    }
}
