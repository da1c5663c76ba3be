package io.vitals.gitops.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Render;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;
import io.vitals.gitops.schema.SchemaRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Argo CD as a cluster gets it: its own release with our patches, each of which has to hit something. */
class InstallTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final List<Manifest> INSTALLED = Installation.folder(Tree.OURS, "argocd/install");
    private static final Manifest PROJECT =
            new Manifest(Yaml.read(Program.ROOT.resolve("argocd/projects/appproject-bootstrap.yaml"))
                    .getFirst());

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"argocd/bootstrap/local", "argocd/bootstrap/preproduction", "argocd/bootstrap/production"})
    void aClusterBeginsWithArgoCdItsProjectsAndTheRootAndEachObjectFitsItsSchema(String bootstrap) {
        List<Manifest> all = Installation.folder(Tree.OURS, bootstrap);
        var findings = new Findings();
        SchemaRule.judge(Map.of(Path.of(bootstrap), all), findings);
        assertThat(findings.lines()).isEmpty();

        Set<String> ids = all.stream().map(Manifest::id).collect(Collectors.toSet());
        assertThat(ids)
                .hasSameSizeAs(all)
                .containsAll(INSTALLED.stream().map(Manifest::id).toList())
                .contains(
                        "Application/root",
                        "AppProject/default",
                        "Secret/" + Path.of(bootstrap).getFileName());
        assertThat(all).allSatisfy(manifest -> assertThat(manifest.namespace()).isIn("argocd", ""));
    }

    /** Argo CD syncs itself: what its project does not know would stop it at the first change. */
    @Test
    void theProjectOfTheRootMayMakeAllOfIt() {
        for (Manifest manifest : Installation.folder(Tree.OURS, "argocd")) {
            String list = manifest.namespace().isEmpty() ? "clusterResourceWhitelist" : "namespaceResourceWhitelist";
            String apiVersion = manifest.text("/apiVersion");
            String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
            assertThat(PROJECT.at("/spec/" + list).valueStream())
                    .as(manifest.id())
                    .anySatisfy(kind -> {
                        assertThat(kind.path("kind").asText()).isEqualTo(manifest.kind());
                        assertThat(kind.path("group").asText()).isEqualTo(group);
                    });
        }
    }

    @Test
    void eachPatchHitsSomething() throws IOException {
        assertThat(patchesWithoutEffect(Program.ROOT.resolve("argocd"))).isEmpty();
    }

    @Test
    void aPatchThatHitsNothingIsFound() throws IOException {
        Tree.copy(folder.resolve("copy"), "argocd");
        Path argocd = folder.resolve("copy/argocd");
        Path kustomization = argocd.resolve("settings/kustomization.yaml");
        Files.writeString(
                kustomization,
                Files.readString(kustomization).replace("kind: CustomResourceDefinition", "kind: CustomResource"));
        assertThat(patchesWithoutEffect(argocd)).containsExactly("crd-applications.yaml");
    }

    @Test
    void aConfigMapThatArgoCdHasNotIsRefused() throws IOException {
        Tree.copy(folder.resolve("copy"), "argocd");
        Path argocd = folder.resolve("copy/argocd");
        Path rights = argocd.resolve("settings/configmap-argocd-rbac-cm.yaml");
        Files.writeString(rights, Files.readString(rights).replace("name: argocd-rbac-cm", "name: argocd-rights-cm"));
        assertThatThrownBy(() -> patchesWithoutEffect(argocd)).hasMessageContaining("argocd-rights-cm");
    }

    @Test
    void anotherVersionThanTheOneThatIsJudgedIsRefused() throws IOException {
        Tree.copy(folder.resolve("copy"), "argocd");
        Path argocd = folder.resolve("copy/argocd");
        Path kustomization = argocd.resolve("install/kustomization.yaml");
        Files.writeString(kustomization, Files.readString(kustomization).replaceFirst("ref=v[0-9.]+", "ref=v3.6.0"));
        assertThatThrownBy(() -> Installation.copyInto(folder.resolve("other"), argocd))
                .hasMessage("argocd/install is of another version than tools/schemas: v3@v3.6.1");
    }

    /** A key that nobody reads is a setting that somebody believes in. */
    @Test
    void eachParameterIsReadByAContainer() {
        var read = new TreeSet<String>();
        INSTALLED.forEach(manifest -> manifest.containers()
                .forEach(container -> container.path("env").forEach(variable -> {
                    JsonNode key = variable.at("/valueFrom/configMapKeyRef");
                    if (key.path("name").asText().equals("argocd-cmd-params-cm")) {
                        read.add(key.path("key").asText());
                    }
                })));
        assertThat(read).hasSizeGreaterThan(100).containsAll(keys("argocd-cmd-params-cm"));
        assertThat(read).doesNotContain("server.insecurely");
    }

    @Test
    void eachSettingIsOneThatArgoCdKnows() throws IOException {
        String code;
        try (Stream<Path> files = Files.walk(Installation.own().resolve("util/settings"))) {
            var all = new StringBuilder(
                    Files.readString(Installation.own().resolve("docs/operator-manual/argocd-cm.yaml")));
            for (Path file : files.filter(file -> file.toString().endsWith("settings.go"))
                    .toList()) {
                all.append(Files.readString(file));
            }
            code = all.toString();
        }
        for (String key : keys("argocd-cm")) {
            if (key.startsWith("resource.customizations.")) {
                assertThat(key).matches("resource\\.customizations\\.(health|knownTypeFields)\\.[a-z0-9.]+_[A-Za-z]+");
            } else if (!key.startsWith("accounts.")) {
                assertThat(code.contains("\"" + key + "\"") || code.contains("\n  " + key + ":"))
                        .as("Argo CD knows " + key)
                        .isTrue();
            }
        }
    }

    /** Its own Secrets are not there before it, so nothing may wait for a certificate that nobody makes. */
    @Test
    void noPartAsksForACertificateThatNobodyMakes() {
        assertThat(keys("argocd-cmd-params-cm")).noneMatch(key -> key.endsWith(".strict.tls"));
    }

    /** The namespace enforces it; a pod that does not fit would not start. */
    @Test
    void everyPodFitsTheLevelOfItsNamespace() {
        List<Manifest> workloads = INSTALLED.stream()
                .filter(manifest -> !manifest.podTemplate().isMissingNode())
                .toList();
        assertThat(workloads).hasSizeGreaterThan(6).allSatisfy(manifest -> {
            JsonNode pod = manifest.podTemplate().at("/spec/securityContext");
            assertThat(manifest.containers()).isNotEmpty().allSatisfy(container -> {
                JsonNode own = container.path("securityContext");
                assertThat(own.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
                assertThat(own.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
                assertThat(own.path("runAsNonRoot")
                                .asBoolean(pod.path("runAsNonRoot").asBoolean(false)))
                        .isTrue();
                assertThat(own.at("/seccompProfile/type")
                                .asText(pod.at("/seccompProfile/type").asText()))
                        .isEqualTo("RuntimeDefault");
            });
        });
    }

    private static Set<String> keys(String configMap) {
        var keys = new TreeSet<String>();
        Yaml.read(Program.ROOT.resolve("argocd/settings/configmap-" + configMap + ".yaml"))
                .getFirst()
                .path("data")
                .fieldNames()
                .forEachRemaining(keys::add);
        assertThat(keys).isNotEmpty();
        return keys;
    }

    /** The files of patches without which the same comes out. */
    private List<String> patchesWithoutEffect(Path argocd) throws IOException {
        Path copy = Files.createTempDirectory(folder.toRealPath(), "install");
        Installation.copyInto(copy, argocd);
        Path installation = copy.resolve("argocd/install");
        Path file = installation.resolve("kustomization.yaml");
        var kustomization = (ObjectNode) Yaml.read(file).getFirst();
        // The base is rendered once, and without what its own kinds look like: no patch is about that, and it is long.
        ArrayNode resources = (ArrayNode) kustomization.path("resources");
        var base = new StringBuilder();
        for (JsonNode object : Yaml.parse(
                Render.text(installation.resolve(resources.get(0).asText())).orThrow())) {
            if (object.path("kind").asText().equals("CustomResourceDefinition")) {
                ((ObjectNode) object).remove("spec");
            }
            base.append(YAML.writeValueAsString(object));
        }
        Files.writeString(installation.resolve("base.yaml"), base);
        resources.set(0, "base.yaml");
        write(file, kustomization);
        String whole = Render.text(installation).orThrow();
        Path settingsFile = copy.resolve("argocd/settings/kustomization.yaml");
        var settings = (ObjectNode) Yaml.read(settingsFile).getFirst();
        ArrayNode patches = (ArrayNode) settings.path("patches");
        assertThat(patches).isNotEmpty();
        var without = new ArrayList<String>();
        for (int i = 0; i < patches.size(); i++) {
            ObjectNode less = settings.deepCopy();
            ((ArrayNode) less.path("patches")).remove(i);
            write(settingsFile, less);
            if (Render.text(installation).orThrow().equals(whole)) {
                without.add(patches.get(i).path("path").asText());
            }
        }
        return without;
    }

    private static void write(Path file, JsonNode content) throws IOException {
        Files.writeString(file, YAML.writeValueAsString(content));
    }
}
