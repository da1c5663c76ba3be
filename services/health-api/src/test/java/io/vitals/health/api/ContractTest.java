package io.vitals.health.api;

import io.vitals.health.access.Rule;
import io.vitals.health.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract file and the policy table speak of the same routes; the policy and the routes are matched at start. */
class ContractTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");
    private static Map<String, Object> contract;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = ContractTest.class.getResourceAsStream("/openapi.yaml")) {
            contract = new Yaml().load(in);
        }
    }

    @Test
    void every_route_has_a_contract_and_every_contract_a_route() {
        Set<String> promised = new TreeSet<>();
        paths().forEach((path, item) -> item.keySet().stream()
                .filter(METHODS::contains)
                .forEach(method -> promised.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        Set<String> kept = Policy.TABLE.stream()
                .map(rule -> rule.route().replace("/assets/*", "/assets/{path}"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(promised).isEqualTo(kept);
    }

    @Test
    void the_contract_asks_for_the_proof_that_the_policy_asks_for() {
        for (Rule rule : Policy.TABLE) {
            Map<String, Object> operation = operation(rule);
            List<String> schemes = schemes(operation);
            switch (rule.entry()) {
                case ANYONE, VISITOR -> assertThat(schemes).as(rule.route()).isEmpty();
                case SESSION -> assertThat(schemes).as(rule.route()).containsExactly("session");
                case SIGNED_IN ->
                    assertThat(schemes)
                            .as(rule.route())
                            .containsExactly(
                                    rule.scope().isPresent()
                                            ? new String[] {"bearer", "session", "key"}
                                            : new String[] {"bearer", "session"});
            }
            rule.scope()
                    .ifPresent(scope ->
                            assertThat(scopes(operation)).as(rule.route()).containsExactly(scope.wire()));
            Map<String, Object> responses = object(operation.get("responses"));
            if (rule.entry() == Rule.Entry.VISITOR) {
                assertThat(responses).as(rule.route()).containsKey("429");
            }
            if (!rule.entry().open()) {
                assertThat(responses).as(rule.route()).containsKeys("400", "401", "429");
            }
            if (rule.ownership() != Rule.Ownership.NONE) {
                assertThat(responses).as(rule.route()).containsKeys("403", "404");
            }
        }
    }

    @Test
    void the_routes_take_the_parameters_of_the_contract_and_no_others() {
        Map<String, Set<String>> promised = new TreeMap<>();
        Set<String> open = new TreeSet<>();
        for (Rule rule : Policy.TABLE) {
            if (!rule.entry().open()) {
                Set<String> names = Contract.read()
                        .find(rule.method(), rule.pattern())
                        .orElseThrow()
                        .queryNames();
                if (operation(rule).containsKey("x-other-parameters")) {
                    open.add(rule.route());
                } else if (!names.isEmpty()) {
                    promised.put(rule.route(), names);
                }
            }
        }
        assertThat(promised).isNotEmpty().isEqualTo(QueryParameters.TAKEN);
        assertThat(open).isEqualTo(QueryParameters.ANY);
    }

    @Test
    void every_reference_leads_somewhere() {
        List<String> references = new ArrayList<>();
        collect(contract, references);
        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            @Nullable Object at = contract;
            for (String step : reference.substring(2).split("/", -1)) {
                at = object(at).get(step);
            }
            assertThat(at).as(reference).isNotNull();
        });
    }

    private static void collect(Object node, List<String> references) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key.equals("$ref")) {
                    references.add((String) value);
                } else {
                    collect(value, references);
                }
            });
        } else if (node instanceof List<?> list) {
            list.forEach(item -> collect(item, references));
        }
    }

    private static List<String> schemes(Map<String, Object> operation) {
        @Nullable Object own = operation.containsKey("security") ? operation.get("security") : contract.get("security");
        List<String> schemes = new ArrayList<>();
        for (Object alternative : (List<?>) Objects.requireNonNull(own)) {
            schemes.addAll(object(alternative).keySet());
        }
        return schemes;
    }

    private static List<Object> scopes(Map<String, Object> operation) {
        List<Object> scopes = new ArrayList<>();
        for (Object alternative : (List<?>) Objects.requireNonNull(operation.get("security"))) {
            scopes.addAll((List<?>) object(alternative).getOrDefault("key", List.of()));
        }
        return scopes;
    }

    private static Map<String, Object> operation(Rule rule) {
        String path = rule.pattern().replace("/assets/*", "/assets/{path}");
        return object(object(paths().get(path)).get(rule.method().toLowerCase(Locale.ROOT)));
    }

    private static Map<String, Map<String, Object>> paths() {
        Map<String, Map<String, Object>> paths = new java.util.LinkedHashMap<>();
        object(contract.get("paths")).forEach((path, item) -> paths.put(path, object(item)));
        return paths;
    }

    // YAML has no types; a contract that is none fails the test here.
    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(@Nullable Object node) {
        return (Map<String, Object>) Objects.requireNonNull(node);
    }
}
