package io.vitals.health.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compares requests and answers with the contract. An answer must have a status, a content type and a body that the
 * contract declares, with no field that it does not speak of; and no request that breaks the contract may succeed.
 */
public final class ContractJudge {
    private static final String URN = "urn:vitals:contract";
    private static final Set<String> JSON_TYPES = Set.of("application/json", "application/problem+json");

    private final Contract contract;
    private final SchemaRegistry schemas;
    private final Map<String, Schema> known = new ConcurrentHashMap<>();

    public ContractJudge(Contract contract) {
        this.contract = contract;
        String closed = closed(contract.document()).toString();
        this.schemas = SchemaRegistry.withDialect(
                Dialects.getOpenApi31(),
                builder -> builder.schemas(Map.of(URN, closed))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()));
    }

    /**
     * What was asked and what came.
     *
     * @param body null if it cannot be read here
     */
    public record Exchange(
            String method,
            URI uri,
            @Nullable String requestType,
            String requestBody,
            int status,
            @Nullable String type,
            @Nullable String body) {}

    /** What is wrong with it; empty if nothing is. */
    public List<String> violations(Exchange exchange) {
        List<String> wrong = new ArrayList<>();
        Contract.Operation operation =
                contract.find(exchange.method(), exchange.uri().getPath()).orElse(null);
        if (operation == null) {
            if (exchange.status() < 400) {
                wrong.add("is served without a contract");
            }
            return wrong;
        }
        Contract.Place response = response(operation, exchange.status());
        if (response.isMissing()) {
            wrong.add("answers " + exchange.status() + ", which the contract does not declare");
            return wrong;
        }
        body(response, exchange.type(), exchange.body(), "the answer", wrong);
        if (exchange.status() < 400) {
            List<String> refused = new ArrayList<>();
            query(operation, exchange.uri(), refused);
            request(operation, exchange, refused);
            refused.forEach(why -> wrong.add("took a request that the contract refuses: " + why));
        }
        return wrong;
    }

    private Contract.Place response(Contract.Operation operation, int status) {
        return contract.resolve(operation.pointer() + "/responses/" + status);
    }

    private void body(
            Contract.Place owner, @Nullable String type, @Nullable String body, String what, List<String> wrong) {
        JsonNode content = owner.node().path("content");
        if (content.isMissingNode()) {
            if (body != null && !body.isEmpty()) {
                wrong.add(what + " has a body, and the contract none");
            }
            return;
        }
        String plain = type == null ? "" : type.split(";", 2)[0].strip();
        if (content.has("*/*")) {
            return;
        }
        if (!content.has(plain)) {
            wrong.add(what + " is of type '" + plain + "', which the contract does not declare");
            return;
        }
        if (body != null && JSON_TYPES.contains(plain) && content.path(plain).has("schema")) {
            check(owner.under("content", plain, "schema"), body, what, wrong);
        }
    }

    private void request(Contract.Operation operation, Exchange exchange, List<String> wrong) {
        Contract.Place body = contract.resolve(operation.pointer() + "/requestBody");
        if (!body.isMissing()) {
            body(body, exchange.requestType(), exchange.requestBody(), "the body", wrong);
        }
    }

    private void query(Contract.Operation operation, URI uri, List<String> wrong) {
        Map<String, String> given = new LinkedHashMap<>();
        boolean strict = !operation.takesOthers(contract.document());
        for (Map.Entry<String, String> parameter : parameters(uri)) {
            boolean again = given.put(parameter.getKey(), parameter.getValue()) != null;
            if (strict && (again || !operation.queryNames().contains(parameter.getKey()))) {
                wrong.add("parameter " + parameter.getKey() + (again ? " is given twice" : " is not declared"));
            }
        }
        for (JsonNode parameter : operation.parameters()) {
            if (!parameter.path("in").asText().equals("query")) {
                continue;
            }
            String name = parameter.path("name").asText();
            if (given.containsKey(name)) {
                String type = parameter.path("schema").path("type").asText();
                boolean text = !type.equals("integer") && !type.equals("number") && !type.equals("boolean");
                String value = text ? TextNode.valueOf(given.get(name)).toString() : given.get(name);
                check(parameter.path("x-pointer").asText(), value, "parameter " + name, wrong);
            } else if (parameter.path("required").asBoolean()) {
                wrong.add("parameter " + name + " is missing");
            }
        }
    }

    private static List<Map.Entry<String, String>> parameters(URI uri) {
        List<Map.Entry<String, String>> parameters = new ArrayList<>();
        String query = uri.getRawQuery();
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                parameters.add(Map.entry(
                        URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8)));
            }
        }
        return parameters;
    }

    private void check(String pointer, String json, String what, List<String> wrong) {
        Schema schema = known.computeIfAbsent(pointer, at -> schemas.getSchema(SchemaLocation.of(URN + "#" + at)));
        try {
            for (Error error : schema.validate(json, InputFormat.JSON)) {
                wrong.add(what + " at " + error.getInstanceLocation() + ": " + error.getMessage());
            }
        } catch (RuntimeException e) {
            wrong.add(what + " is no JSON");
        }
    }

    /**
     * The contract with every object closed, so that a field which it does not declare is a violation. What is part of
     * an {@code allOf} stays open, as the whole is closed.
     */
    static JsonNode closed(JsonNode document) {
        JsonNode copy = document.deepCopy();
        Set<JsonNode> parts = Collections.newSetFromMap(new IdentityHashMap<>());
        for (JsonNode all : copy.findValues("allOf")) {
            for (JsonNode part : all) {
                String reference = part.path("$ref").asText();
                parts.add(reference.isEmpty() ? part : copy.at(reference.substring(1)));
            }
        }
        close(copy, parts);
        return copy;
    }

    private static void close(JsonNode node, Set<JsonNode> parts) {
        boolean object =
                node.path("properties").isObject() || node.path("allOf").isArray();
        if (object && !node.has("additionalProperties") && !parts.contains(node)) {
            ((ObjectNode) node).put("unevaluatedProperties", false);
        }
        node.forEach(child -> close(child, parts));
    }
}
