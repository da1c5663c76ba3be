package io.vitals.gitops.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Render;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;
import io.vitals.gitops.platform.Sources;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The real operator of the chart's version, an API server, and every monitor, probe and rule that the tree has for production: each of them
 * is selected, and Prometheus and Alertmanager take what the operator writes.
 */
@Tag("operator")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorTest {
    private static final Set<String> MONITORS = Set.of("PodMonitor", "Probe", "ServiceMonitor");
    private static final Pattern REJECTED = Pattern.compile(
            "(?m)^prometheus_operator_managed_resources\\{[^}]*resource=\"(\\w+)\"[^}]*state=\"rejected\"} ([0-9.]+)$");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path folder = Path.of("target", "operator").toAbsolutePath();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Manifest> ours = ours();
    private final ControlPlane plane;

    /** Its logs stay there until it runs again. */
    OperatorTest() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        plane = new ControlPlane(Files.createDirectories(folder));
    }

    /** All that the operator looks for, of production. */
    private static List<Manifest> ours() {
        Stream<List<Manifest>> services = Tree.OURS.rendered().entrySet().stream()
                .filter(folder -> folder.getKey().toString().contains("/overlays/production"))
                .map(Map.Entry::getValue);
        return Stream.of(
                        services,
                        Sources.rendered(Tree.OURS, "production").values().stream(),
                        Stream.of(Render.folder(Program.ROOT.resolve("monitoring/rules"))))
                .flatMap(several -> several)
                .flatMap(List::stream)
                .filter(manifest ->
                        MONITORS.contains(manifest.kind()) || manifest.kind().equals("PrometheusRule"))
                .toList();
    }

    @BeforeAll
    void start() throws IOException {
        Path module = Path.of(Program.run(
                        Program.ROOT.resolve("tools/prometheus-operator"),
                        "go",
                        "list",
                        "-m",
                        "-f",
                        "{{.Dir}}",
                        "github.com/prometheus-operator/prometheus-operator")
                .orThrow()
                .strip());
        try (Stream<Path> kinds = Files.list(module.resolve("example/prometheus-operator-crd"))) {
            for (Path kind : kinds.toList()) {
                apply(new Manifest(Yaml.read(kind).getFirst()));
            }
        }
        until(() -> assertThat(plane.client()
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .list()
                        .getItems())
                .isNotEmpty()
                .allSatisfy(kind -> assertThat(kind.getStatus().getConditions())
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"))));
        Stream.concat(ours.stream().map(Manifest::namespace), Stream.of(Stack.NAMESPACE))
                .distinct()
                .forEach(namespace -> plane.client()
                        .namespaces()
                        .resource(new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(namespace)
                                .endMetadata()
                                .build())
                        .serverSideApply());
        ours.forEach(this::apply);
        Render.folder(Program.ROOT.resolve("monitoring/alertmanager")).forEach(this::apply);
        plane.startOperator();
        apply(Stack.prometheus(Stack.values()));
        apply(Stack.alertmanager(Stack.values()));
    }

    @AfterAll
    void stop() {
        plane.close();
        http.close();
    }

    private void apply(Manifest manifest) {
        plane.client()
                .resource(MAPPER.convertValue(manifest.json(), GenericKubernetesResource.class))
                .serverSideApply();
    }

    @Test
    @Order(1)
    void everyMonitorAndProbeIsScraped() {
        assertThat(ours).hasSizeGreaterThan(20);
        until(() -> assertThat(jobs()).containsExactlyInAnyOrderElementsOf(wanted()));
        assertThat(rejected()).isEmpty();
    }

    /** As the operator calls them; of those that have several endpoints, each is a job. */
    private Set<String> wanted() {
        var all = new TreeSet<String>();
        for (Manifest monitor : ours) {
            String name = monitor.namespace() + "/" + monitor.name();
            switch (monitor.kind()) {
                case "PodMonitor" -> numbered(all, "podMonitor/" + name, monitor.at("/spec/podMetricsEndpoints"));
                case "ServiceMonitor" -> numbered(all, "serviceMonitor/" + name, monitor.at("/spec/endpoints"));
                case "Probe" -> all.add("probe/" + name);
                default -> {}
            }
        }
        return all;
    }

    private static void numbered(Set<String> all, String name, JsonNode endpoints) {
        for (int i = 0; i < endpoints.size(); i++) {
            all.add(name + "/" + i);
        }
    }

    private Set<String> jobs() {
        return prometheusConfig()
                .path("scrape_configs")
                .valueStream()
                .map(job -> job.path("job_name").asText())
                .collect(Collectors.toSet());
    }

    private JsonNode prometheusConfig() {
        return Yaml.parse(unzipped("prometheus-" + Stack.NAME, "prometheus.yaml.gz"))
                .getFirst();
    }

    @Test
    @Order(2)
    void everyRuleIsThereAndPrometheusTakesAllOfIt() throws IOException {
        Map<String, String> files = ruleFiles();
        Set<String> alerts = new TreeSet<>();
        for (String content : files.values()) {
            alerts(Yaml.parse(content).getFirst().path("groups"), alerts);
        }
        Set<String> wanted = new TreeSet<>();
        ours.stream()
                .filter(manifest -> manifest.kind().equals("PrometheusRule"))
                .forEach(rules -> alerts(rules.at("/spec/groups"), wanted));
        assertThat(wanted).hasSizeGreaterThan(90);
        assertThat(alerts).isEqualTo(wanted);

        Path rules = Files.createDirectories(folder.resolve("rules"));
        for (var file : files.entrySet()) {
            Files.writeString(rules.resolve(file.getKey()), file.getValue());
        }
        ObjectNode config = (ObjectNode) prometheusConfig();
        // It mounts more of them than it fills, so that more rules start no pod again.
        assertThat(config.path("rule_files").valueStream().map(JsonNode::asText))
                .containsAll(ruleMaps().stream()
                        .map(map -> "/etc/prometheus/rules/" + map.getMetadata().getName() + "/*.yaml")
                        .toList());
        config.putArray("rule_files").add(rules + "/*.yaml");
        assertThat(config.at("/global/external_labels/cluster").isTextual()).isTrue();
        Path file = Files.writeString(folder.resolve("prometheus.json"), MAPPER.writeValueAsString(config));
        var checked = Program.run(
                folder,
                Path.of(Program.tool("prometheus")).resolveSibling("promtool").toString(),
                "check",
                "config",
                file.toString());
        assertThat(checked.out() + checked.err()).contains("SUCCESS");
        assertThat(checked.code()).isZero();
    }

    private List<ConfigMap> ruleMaps() {
        return plane.client()
                .configMaps()
                .inNamespace(Stack.NAMESPACE)
                .withLabel("prometheus-name", Stack.NAME)
                .list()
                .getItems();
    }

    /** Each file is named by the object that it is of. */
    private Map<String, String> ruleFiles() {
        return ruleMaps().stream()
                .flatMap(map -> map.getData().entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static void alerts(JsonNode groups, Set<String> alerts) {
        groups.forEach(group -> group.path("rules").forEach(rule -> {
            if (rule.hasNonNull("alert")) {
                alerts.add(rule.path("alert").asText() + " " + rule.path("for").asText());
            }
        }));
    }

    @Test
    @Order(3)
    void alertmanagerGetsTheTreesConfigurationAndNothingElse() throws IOException {
        until(() -> assertThat(unzipped("alertmanager-" + Stack.NAME + "-generated", "alertmanager.yaml.gz"))
                .isNotEmpty());
        String generated = unzipped("alertmanager-" + Stack.NAME + "-generated", "alertmanager.yaml.gz");
        Path file = Files.writeString(folder.resolve("alertmanager.yaml"), generated);
        assertThat(routes(file)).isEqualTo(routes(Program.ROOT.resolve("monitoring/alertmanager/alertmanager.yaml")));
        JsonNode mounted = MAPPER.valueToTree(plane.client()
                        .apps()
                        .statefulSets()
                        .inNamespace(Stack.NAMESPACE)
                        .withName("alertmanager-" + Stack.NAME)
                        .get())
                .at("/spec/template/spec/containers/0/volumeMounts");
        assertThat(mounted.findValuesAsText("mountPath"))
                .contains(
                        "/etc/alertmanager/secrets/alertmanager-receivers",
                        "/etc/alertmanager/secrets/on-call-notifications");
    }

    /** What amtool reads: which routes there are, whom they lead to. */
    private static String routes(Path config) {
        return Program.run(
                        Program.ROOT,
                        Path.of(Program.tool("alertmanager"))
                                .resolveSibling("amtool")
                                .toString(),
                        "config",
                        "routes",
                        "show",
                        "--config.file=" + config)
                .orThrow();
    }

    /** The control: what the operator can not use it says, and it is missing from what is scraped. */
    @Test
    @Order(4)
    void aMonitorThatCanNotBeUsedIsSeen() throws IOException {
        Manifest monitor = ours.stream()
                .filter(manifest -> manifest.kind().equals("PodMonitor"))
                .findFirst()
                .orElseThrow();
        ObjectNode broken = monitor.json().deepCopy();
        ((ObjectNode) broken.at("/spec/podMetricsEndpoints/0")).put("scrapeTimeout", "99h");
        apply(new Manifest(broken));
        until(() -> assertThat(jobs()).isNotEqualTo(wanted()));
        until(() -> assertThat(rejected()).containsExactly("PodMonitor"));
        apply(monitor);
        until(() -> assertThat(jobs()).isEqualTo(wanted()));
        until(() -> assertThat(rejected()).isEmpty());
    }

    /** The other control: with the chart's own selectors none of ours is. */
    @Test
    @Order(5)
    void withTheSelectorsOfTheChartNothingIs() {
        ObjectNode values = Stack.values().deepCopy();
        var spec = (ObjectNode) values.at("/prometheus/prometheusSpec");
        List.of("podMonitor", "probe", "rule", "serviceMonitor")
                .forEach(kind -> spec.remove(kind + "SelectorNilUsesHelmValues"));
        apply(Stack.prometheus(values));
        until(() -> assertThat(jobs()).isEmpty());
        until(() -> assertThat(ruleFiles().values())
                .allSatisfy(file -> assertThat(file).doesNotContain("alert:")));
    }

    private Set<String> rejected() {
        try {
            String metrics = http.send(
                            HttpRequest.newBuilder(URI.create("http://" + plane.operator() + "/metrics"))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            var all = new TreeSet<String>();
            var told = new ArrayList<String>();
            REJECTED.matcher(metrics).results().forEach(match -> {
                told.add(match.group(1));
                if (Double.parseDouble(match.group(2)) > 0) {
                    all.add(match.group(1));
                }
            });
            assertThat(told).contains("PodMonitor", "Probe", "ServiceMonitor", "PrometheusRule");
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String unzipped(String secret, String key) {
        Secret found = plane.client()
                .secrets()
                .inNamespace(Stack.NAMESPACE)
                .withName(secret)
                .get();
        assertThat(found).as(secret).isNotNull();
        try (var stream = new GZIPInputStream(new ByteArrayInputStream(
                Base64.getDecoder().decode(found.getData().get(key))))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void until(ThrowingRunnable holds) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptions()
                .untilAsserted(holds);
    }
}
