package io.vitals.gitops.policies;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A ValidatingAdmissionPolicy, judged as an API server judges it: what it is asked about at all, then its conditions, then its
 * validations in order. An expression that fails is a refusal, as failurePolicy: Fail says.
 */
final class Policy {
    /** Who asks unless a case says otherwise. */
    static final String ARGO_CD = "system:serviceaccount:argocd:argocd-application-controller";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("object", SimpleType.DYN)
            .addVar("oldObject", SimpleType.DYN)
            .addVar("request", SimpleType.DYN)
            .addVar("namespaceObject", SimpleType.DYN)
            .addVar("variables", SimpleType.DYN)
            .build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();

    private final Manifest policy;
    private final Map<String, CelRuntime.Program> programs = new HashMap<>();

    Policy(JsonNode document) {
        policy = new Manifest(document);
    }

    static Policy read(Path file) {
        return new Policy(Yaml.read(file).getFirst());
    }

    String name() {
        return policy.name();
    }

    /** The messages with which it can refuse. */
    List<String> messages() {
        return each("/spec/validations")
                .map(validation -> validation.path("message").asText())
                .toList();
    }

    /** All expressions, compiled: the first that is none throws. */
    void compile() {
        for (String list : List.of("/spec/matchConditions", "/spec/validations", "/spec/variables")) {
            each(list).forEach(entry -> program(entry.path("expression").asText()));
        }
    }

    /** Why it refuses a request; empty when it does not, or is not asked. */
    List<String> refusals(Request request) {
        if (!concerns(request)) {
            return List.of();
        }
        Map<String, Object> values = new HashMap<>();
        values.put("object", plain(request.object()));
        values.put("request", Map.of("operation", request.operation(), "userInfo", Map.of("username", request.user())));
        values.put("namespaceObject", Map.of("metadata", Map.of("labels", request.namespaceLabels())));
        if (request.before() != null) {
            values.put("oldObject", plain(request.before()));
        }
        Map<String, Object> variables = new HashMap<>();
        values.put("variables", variables);
        try {
            for (JsonNode condition : policy.at("/spec/matchConditions")) {
                if (!Boolean.TRUE.equals(eval(condition, values))) {
                    return List.of();
                }
            }
            for (JsonNode variable : policy.at("/spec/variables")) {
                variables.put(variable.path("name").asText(), eval(variable, values));
            }
        } catch (CelEvaluationException e) {
            return List.of(name() + ": " + e.getMessage());
        }
        List<String> refusals = new ArrayList<>();
        for (JsonNode validation : policy.at("/spec/validations")) {
            try {
                if (!Boolean.TRUE.equals(eval(validation, values))) {
                    refusals.add(validation.path("message").asText());
                }
            } catch (CelEvaluationException e) {
                refusals.add(name() + ": " + e.getMessage());
            }
        }
        return refusals;
    }

    /** Whether the API server asks it about such an object in such a namespace. */
    boolean concerns(Request request) {
        for (Map.Entry<String, JsonNode> label : policy.at("/spec/matchConstraints/namespaceSelector/matchLabels")
                .properties()) {
            if (!label.getValue().asText().equals(request.namespaceLabels().get(label.getKey()))) {
                return false;
            }
        }
        var object = new Manifest(request.object());
        String apiVersion = object.text("/apiVersion");
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
        String kind = object.kind().toLowerCase(Locale.ROOT);
        String plural = kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
        return each("/spec/matchConstraints/resourceRules")
                .anyMatch(rule -> has(rule, "apiGroups", group)
                        && has(rule, "apiVersions", version)
                        && has(rule, "resources", plural)
                        && has(rule, "operations", request.operation()));
    }

    private Object eval(JsonNode entry, Map<String, Object> values) throws CelEvaluationException {
        return program(entry.path("expression").asText()).eval(values);
    }

    private CelRuntime.Program program(String expression) {
        return programs.computeIfAbsent(expression, missing -> {
            try {
                return RUNTIME.createProgram(COMPILER.compile(missing).getAst());
            } catch (CelValidationException | CelEvaluationException e) {
                throw new IllegalArgumentException(name() + ": " + missing + ": " + e.getMessage(), e);
            }
        });
    }

    private java.util.stream.Stream<JsonNode> each(String pointer) {
        return StreamSupport.stream(policy.at(pointer).spliterator(), false);
    }

    private static boolean has(JsonNode rule, String list, String value) {
        return StreamSupport.stream(rule.path(list).spliterator(), false)
                .anyMatch(entry -> entry.asText().equals(value));
    }

    /** Numbers as CEL has them. */
    private static Object plain(JsonNode node) {
        return JSON.convertValue(widen(node.deepCopy()), Object.class);
    }

    private static JsonNode widen(JsonNode node) {
        if (node.isObject()) {
            var object = (com.fasterxml.jackson.databind.node.ObjectNode) node;
            List.copyOf(object.properties()).forEach(entry -> object.set(entry.getKey(), widen(entry.getValue())));
        } else if (node.isArray()) {
            var array = (com.fasterxml.jackson.databind.node.ArrayNode) node;
            for (int i = 0; i < array.size(); i++) {
                array.set(i, widen(array.get(i)));
            }
        } else if (node.isInt()) {
            return com.fasterxml.jackson.databind.node.LongNode.valueOf(node.longValue());
        }
        return node;
    }
}
