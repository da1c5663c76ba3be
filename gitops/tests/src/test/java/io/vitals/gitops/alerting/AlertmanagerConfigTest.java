package io.vitals.gitops.alerting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Render;
import io.vitals.gitops.Yaml;
import io.vitals.gitops.platform.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** The configuration is one that Alertmanager takes, holds no secret, and reaches it as the operator wants it. */
class AlertmanagerConfigTest {
    static final List<String> CLUSTERS = Sources.CLUSTERS;
    private static final Pattern TEMPLATE = Pattern.compile("template \"([^\"]+)\"");
    private static final Pattern NEIGHBOUR = Pattern.compile("http://[a-z-]+\\.monitoring\\.svc:\\d+/[a-z0-9/]+");

    @TempDir
    Path folder;

    @Test
    void alertmanagerTakesIt() throws IOException {
        assertThat(check(Alertmanager.ours())).contains("5 inhibit rules", "13 receivers", "1 templates");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /route/routes/5      | receiver       | "nobody"          | undefined receiver "nobody"
            /route/routes/5      | group_wait     | "soon"            | not a valid duration string
            /route/routes/5      | matchers       | ["severity critical"] | bad matcher format
            /route/routes/7      | active_time_intervals | ["weekend"] | undefined time interval
            /receivers/1/webhook_configs/0 | payload_of | {}          | field payload_of not found
            /receivers/1/webhook_configs/0 | url    | "http://x"        | at most one of url & url_file
            """)
    void whatIsWrongIsRefused(String at, String field, String value, String refused) throws IOException {
        ObjectNode config = Alertmanager.ours();
        ((ObjectNode) config.at(at)).set(field, Yaml.parse(value).getFirst());
        assertThat(check(config)).contains(refused);
    }

    /** In place of the webhook of whoever is on call. */
    @Test
    void soItDoesWithAmazonForTextMessages() throws IOException {
        ObjectNode config = Alertmanager.ours();
        var pager = (ObjectNode) receiver(config, "pager");
        pager.remove("webhook_configs");
        pager.setAll(Alertmanager.read(Alertmanager.FOLDER.resolve("examples/receiver-sns.yaml")));
        assertThat(check(config)).contains("SUCCESS");
    }

    private String check(ObjectNode config) throws IOException {
        Files.copy(Alertmanager.TEMPLATES, folder.resolve("vitals.tmpl"));
        config.putArray("templates").add(folder.resolve("*.tmpl").toString());
        Alertmanager.write(folder.resolve("alertmanager.json"), config);
        var answer = Alertmanager.amtool(
                "check-config", folder.resolve("alertmanager.json").toString());
        assertThat(answer.code()).isEqualTo(answer.out().contains("SUCCESS") ? 0 : 1);
        return answer.out() + answer.err();
    }

    @Test
    void noSecretIsWrittenInIt() {
        var files = new TreeSet<String>();
        secrets("", Alertmanager.ours(), files);
        for (String cluster : CLUSTERS) {
            var sealed = new TreeSet<String>();
            for (JsonNode mounted : spec().path("secrets")) {
                Yaml.read(Program.ROOT.resolve(
                                "sealed-secrets/platform/%s/monitoring/%s.yaml".formatted(cluster, mounted.asText())))
                        .getFirst()
                        .at("/spec/encryptedData")
                        .fieldNames()
                        .forEachRemaining(
                                key -> sealed.add("/etc/alertmanager/secrets/" + mounted.asText() + "/" + key));
            }
            assertThat(sealed).as(cluster).isEqualTo(files);
        }
    }

    /** Whatever can hold an address with a key in it, or a password, comes from a file; that of a neighbour holds none. */
    private static void secrets(String name, JsonNode node, Set<String> files) {
        node.properties().forEach(field -> secrets(field.getKey(), field.getValue(), files));
        if (node.isArray()) {
            node.forEach(entry -> secrets(name, entry, files));
        }
        if (node.isTextual()) {
            if (name.endsWith("_file")) {
                files.add(node.asText());
            }
            boolean link = name.equals("url")
                    && (node.asText().startsWith("{{ template")
                            || NEIGHBOUR.matcher(node.asText()).matches());
            assertThat(name.matches(".*(password|secret|token|api_key|url|credentials)") && !link)
                    .as(name + ": " + node.asText())
                    .isFalse();
        }
    }

    @Test
    void everyReceiverIsUsedAndEveryTemplateIsThere() throws IOException {
        ObjectNode config = Alertmanager.ours();
        var receivers = new TreeSet<String>();
        config.path("receivers")
                .forEach(receiver -> receivers.add(receiver.path("name").asText()));
        var used = new TreeSet<String>();
        Alertmanager.routes(config)
                .forEach(route -> used.add(route.path("receiver").asText()));
        assertThat(used).isEqualTo(receivers);
        String templates = Files.readString(Alertmanager.TEMPLATES);
        String all = config + templates + Files.readString(Alertmanager.FOLDER.resolve("examples/receiver-sns.yaml"));
        TEMPLATE.matcher(all.replace("\\\"", "\""))
                .results()
                .forEach(use -> assertThat(templates).contains("define \"" + use.group(1) + "\""));
    }

    /** A message is sent when a group is looked at, which is every group_interval. */
    @Test
    void whatIsRepeatedIsRepeatedWhenItIsSaid() {
        for (ObjectNode route : Alertmanager.routes(Alertmanager.ours())) {
            if (route.has("repeat_interval") && route.has("group_interval")) {
                assertThat(seconds(route, "repeat_interval") % seconds(route, "group_interval"))
                        .as(route.toString())
                        .isZero();
            }
        }
    }

    /** The next person is told again twice as often as the first one. */
    @Test
    void whoIsSecondIsAskedMoreOften() {
        assertThat(2 * seconds(to("pager-secondary"), "repeat_interval"))
                .isEqualTo(seconds(to("pager"), "repeat_interval"));
    }

    private static ObjectNode to(String receiver) {
        return Alertmanager.routes(Alertmanager.ours()).stream()
                .filter(route -> route.path("receiver").asText().equals(receiver))
                .findFirst()
                .orElseThrow();
    }

    private static long seconds(ObjectNode route, String field) {
        return Times.millis(route.path(field).asText()) / 1000;
    }

    /** What its Secret is made of is what is tested here, and the operator finds it. */
    @Test
    void theOperatorGetsThisFile() throws IOException {
        List<Manifest> rendered = Render.folder(Alertmanager.FOLDER);
        assertThat(rendered).hasSize(1);
        Manifest secret = rendered.getFirst();
        JsonNode spec = spec();
        assertThat(secret.kind()).isEqualTo("Secret");
        assertThat(secret.namespace()).isEqualTo("monitoring");
        assertThat(secret.name()).isEqualTo(spec.path("configSecret").asText());
        assertThat(spec.path("useExistingSecret").asBoolean(false)).isTrue();
        assertThat(decoded(secret, "alertmanager.yaml")).isEqualTo(Files.readString(Alertmanager.FILE));
        assertThat(decoded(secret, "vitals.tmpl")).isEqualTo(Files.readString(Alertmanager.TEMPLATES));
        assertThat(Alertmanager.ours().at("/templates/0").asText()).isEqualTo("/etc/alertmanager/config/*.tmpl");
        assertThat(Yaml.read(Program.ROOT.resolve("gitops/platform/kube-prometheus-stack/application.yaml"))
                        .getFirst()
                        .at("/spec/sources")
                        .findValuesAsText("path"))
                .contains("monitoring/alertmanager");
    }

    private static JsonNode spec() {
        return Yaml.read(Program.ROOT.resolve("gitops/platform/kube-prometheus-stack/values.yaml"))
                .getFirst()
                .at("/alertmanager/alertmanagerSpec");
    }

    private static String decoded(Manifest secret, String key) {
        return new String(
                Base64.getMimeDecoder().decode(secret.at("/data").path(key).asText()), StandardCharsets.UTF_8);
    }

    /** What is not of production wakes nobody, so each that alerts says where it is. */
    @ParameterizedTest
    @FieldSource("CLUSTERS")
    void whoAlertsSaysOfWhichCluster(String cluster) {
        assertThat(values(cluster, "kube-prometheus-stack")
                        .at("/prometheus/prometheusSpec/externalLabels/cluster")
                        .asText())
                .isEqualTo(cluster);
        assertThat(values(cluster, "loki")
                        .at("/loki/rulerConfig/external_labels/cluster")
                        .asText())
                .isEqualTo(cluster);
        assertThat(values(cluster, "falco")
                        .at("/falcosidekick/config/alertmanager/extralabels")
                        .asText()
                        .split(",", -1))
                .contains("cluster:" + cluster, "team:security");
    }

    private static JsonNode values(String cluster, String component) {
        return Yaml.read(Program.ROOT.resolve("gitops/clusters/%s/values/%s.yaml".formatted(cluster, component)))
                .getFirst();
    }

    private static JsonNode receiver(ObjectNode config, String name) {
        for (JsonNode receiver : config.path("receivers")) {
            if (receiver.path("name").asText().equals(name)) {
                return receiver;
            }
        }
        throw new AssertionError("there is no receiver " + name);
    }
}
