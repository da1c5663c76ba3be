package io.vitals.gitops.policies;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Render;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import static org.assertj.core.api.Assertions.assertThat;

class PoliciesTest {
    private static final Path FOLDER = Program.ROOT.resolve("gitops/policies");
    private static final Pattern REFUSED = Pattern.compile("(?m)^# refused: (.+)$");
    private static final Pattern OLD = Pattern.compile("(?m)^# old: replicas=(\\d+)$");
    private static final Map<String, String> APPLICATION =
            Map.of("tier", "application", "environment", "production", "kubernetes.io/metadata.name", "any");

    static Stream<String> policies() {
        return files(FOLDER, "validatingadmissionpolicy.yaml")
                .map(file -> FOLDER.relativize(file).getName(0).toString());
    }

    static Stream<Path> good() {
        return fixtures("good");
    }

    static Stream<Path> bad() {
        return fixtures("bad");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void isNamedAsItsFolderAndItsExpressionsCompile(String name) {
        Policy policy = policy(name);
        policy.compile();
        assertThat(policy.name()).isEqualTo(name);
        assertThat(policy.messages())
                .isNotEmpty()
                .allSatisfy(message -> assertThat(message).isNotBlank());
    }

    /** A message that no bad input brings about would never be seen to be right. */
    @ParameterizedTest
    @MethodSource("policies")
    void hasAGoodInputAndABadOneForEachOfItsMessages(String name) {
        Path folder = FOLDER.resolve(name);
        assertThat(files(folder.resolve("good"), ".yaml")).isNotEmpty();
        var provoked = files(folder.resolve("bad"), ".yaml")
                .map(PoliciesTest::expected)
                .collect(Collectors.toSet());
        assertThat(provoked).containsExactlyInAnyOrderElementsOf(policy(name).messages());
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refusesEachOfItsBadInputsWithItsMessage(Path file) {
        Policy policy = policyOf(file);
        Request request = request(FOLDER.resolve(file));
        assertThat(policy.concerns(request)).isTrue();
        assertThat(policy.refusals(request)).contains(expected(FOLDER.resolve(file)));
    }

    @ParameterizedTest
    @MethodSource("good")
    void admitsEachOfItsGoodInputs(Path file) {
        Policy policy = policyOf(file);
        Request request = request(FOLDER.resolve(file));
        assertThat(policy.concerns(request)).isTrue();
        assertThat(policy.refusals(request)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("policies")
    void isAuditedInDevAndDeniesInStagingAndProduction(String name) {
        Map<String, List<String>> actions = new TreeMap<>();
        for (String environment : List.of("dev", "staging", "production")) {
            actions.put(environment, actions(name, environment));
        }
        assertThat(actions)
                .isEqualTo(Map.of(
                        "dev", List.of("Audit", "Warn"), "staging", List.of("Deny"), "production", List.of("Deny")));
    }

    /** What the operator of the databases makes is its own; nobody else may pass as it. */
    @Test
    void onlyTheOperatorOfTheDatabasesIsLetThrough() {
        Policy policy = policy("image-digest");
        Request request = request(FOLDER.resolve("image-digest/bad/short-digest.yaml"));
        assertThat(policy.refusals(request.by("system:serviceaccount:cnpg-system:cloudnative-pg")))
                .isEmpty();
        assertThat(policy.refusals(request.by("system:serviceaccount:cnpg-system:default")))
                .isNotEmpty();
    }

    @Test
    void anotherNamespaceIsNotAskedAbout() {
        Policy policy = policy("host-access");
        JsonNode object =
                request(FOLDER.resolve("host-access/bad/hostnetwork.yaml")).object();
        assertThat(policy.refusals(Request.create(object, Map.of("tier", "platform"))))
                .isEmpty();
        assertThat(policy.refusals(Request.create(object, APPLICATION))).isNotEmpty();
    }

    /** An expression that cannot be answered refuses: an API server with failurePolicy Fail does. */
    @Test
    void anObjectThatThePolicyCannotReadIsRefused() {
        Policy policy = policy("image-digest");
        assertThat(policy.refusals(Request.create(
                        Yaml.parse("{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {}}")
                                .getFirst(),
                        APPLICATION)))
                .isNotEmpty();
    }

    @Test
    void everyObjectOfOursPassesAllPolicies() {
        var policies = policies().map(PoliciesTest::policy).toList();
        Map<String, Map<String, String>> namespaces = namespaces();
        List<String> refused = new ArrayList<>();
        var noted = new TreeSet<String>();
        var judged = new TreeSet<String>();
        for (Manifest manifest : ours()) {
            var labels = namespaces.getOrDefault(
                    manifest.namespace(), Map.of("tier", "platform", "environment", "production"));
            var request = Request.create(manifest.json(), labels);
            for (Policy policy : policies) {
                if (policy.concerns(request)) {
                    judged.add(policy.name());
                }
                for (String message : policy.refusals(request)) {
                    if (actions(policy.name(), labels.getOrDefault("environment", "production"))
                            .contains("Deny")) {
                        refused.add(manifest.namespace() + "/" + manifest.id() + ": " + message);
                    } else {
                        noted.add(policy.name() + ": " + message);
                    }
                }
            }
        }
        assertThat(refused).isEmpty();
        // What dev does without, and is noted there: it promotes at once.
        assertThat(noted).containsExactly("rollout-guards: a release is analysed before and after its promotion");
        // Had nothing of ours been found, everything would pass.
        assertThat(judged)
                .contains(
                        "image-digest",
                        "rollout-services",
                        "sealed-secret-strict",
                        "disruption-budget",
                        "alert-runbook");
    }

    /** What the applications, the databases and the sealed secrets would bring into a cluster. */
    private static List<Manifest> ours() {
        List<Manifest> all = new ArrayList<>();
        for (String part : List.of("apps", "data", "platform")) {
            Path below = Program.ROOT.resolve("gitops").resolve(part);
            if (Files.isDirectory(below)) {
                Render.folders(below).stream()
                        .filter(folder ->
                                part.equals("platform") || folder.toString().contains("/overlays/"))
                        .forEach(folder -> all.addAll(Render.folder(folder)));
            }
        }
        files(Program.ROOT.resolve("sealed-secrets"), ".yaml")
                .flatMap(file -> Yaml.read(file).stream())
                .map(Manifest::new)
                .filter(manifest -> manifest.kind().equals("SealedSecret"))
                .forEach(all::add);
        return all;
    }

    private static Map<String, Map<String, String>> namespaces() {
        Map<String, Map<String, String>> labels = new TreeMap<>();
        for (String cluster : List.of("local", "preproduction", "production")) {
            for (Manifest manifest :
                    Render.folder(Program.ROOT.resolve("gitops/clusters").resolve(cluster + "/namespaces"))) {
                if (manifest.kind().equals("Namespace")) {
                    Map<String, String> own = new TreeMap<>();
                    manifest.at("/metadata/labels")
                            .properties()
                            .forEach(label ->
                                    own.put(label.getKey(), label.getValue().asText()));
                    labels.put(manifest.name(), own);
                }
            }
        }
        return labels;
    }

    private static List<String> actions(String policy, String environment) {
        return files(FOLDER.resolve(policy), ".yaml")
                .map(file -> new Manifest(Yaml.read(file).getFirst()))
                .filter(manifest -> manifest.kind().equals("ValidatingAdmissionPolicyBinding"))
                .filter(manifest -> manifest.text("/spec/policyName").equals(policy))
                .filter(manifest -> selects(manifest, environment))
                .flatMap(manifest -> StreamSupport.stream(
                        manifest.at("/spec/validationActions").spliterator(), false))
                .map(JsonNode::asText)
                .toList();
    }

    private static boolean selects(Manifest binding, String environment) {
        return StreamSupport.stream(
                        binding.at("/spec/matchResources/namespaceSelector/matchExpressions")
                                .spliterator(),
                        false)
                .allMatch(expression -> {
                    boolean in = StreamSupport.stream(expression.path("values").spliterator(), false)
                            .anyMatch(value -> value.asText().equals(environment));
                    return in == expression.path("operator").asText().equals("In");
                });
    }

    private static Policy policyOf(Path fixture) {
        return policy(fixture.getName(0).toString());
    }

    private static Policy policy(String name) {
        return Policy.read(FOLDER.resolve(name).resolve("validatingadmissionpolicy.yaml"));
    }

    private static Request request(Path file) {
        JsonNode object = Yaml.read(file).getFirst();
        Matcher old = OLD.matcher(text(file));
        if (!old.find()) {
            return Request.create(object, APPLICATION);
        }
        JsonNode before = object.deepCopy();
        ((ObjectNode) before.path("spec")).put("replicas", Integer.parseInt(old.group(1)));
        return new Request(object, before, Policy.ARGO_CD, APPLICATION);
    }

    private static String expected(Path file) {
        Matcher refused = REFUSED.matcher(text(file));
        assertThat(refused.find())
                .as("%s does not say with which message it is refused", file)
                .isTrue();
        return refused.group(1);
    }

    private static Stream<Path> fixtures(String kind) {
        return files(FOLDER, ".yaml")
                .map(FOLDER::relativize)
                .filter(file ->
                        file.getNameCount() == 3 && file.getName(1).toString().equals(kind));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path below, String ending) {
        if (!Files.isDirectory(below)) {
            return Stream.empty();
        }
        try (Stream<Path> all = Files.walk(below)) {
            return all
                    .filter(file -> file.getFileName().toString().endsWith(ending) && Files.isRegularFile(file))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
