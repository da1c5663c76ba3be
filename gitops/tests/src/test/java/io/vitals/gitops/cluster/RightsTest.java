package io.vitals.gitops.cluster;

import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;
import io.vitals.gitops.argocd.Decisions;
import io.vitals.gitops.argocd.Decisions.Decision;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Who may do what, decided by Argo CD's own program from the settings that it gets. */
@Scenario
class RightsTest {
    private static final Path SETTINGS = Program.ROOT.resolve("argocd/settings/configmap-argocd-rbac-cm.yaml");

    @TempDir
    Path folder;

    @BeforeEach
    void calledByItsName() throws IOException {
        // What it does depends on how it is called.
        Path argoCd = Files.createDirectories(Path.of("target", "programs")).resolve("argocd");
        Files.deleteIfExists(argoCd);
        Files.createSymbolicLink(argoCd, Path.of(Program.tool("argo-cd")));
        // It wants to know a cluster, and asks none when it is given a policy.
        Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: none, cluster: {server: "https://127.0.0.1:1"}}]
                contexts: [{name: none, context: {cluster: none, user: nobody}}]
                current-context: none
                users: [{name: nobody, user: {token: none}}]
                """);
    }

    @Test
    void argoCdDecidesAsTheTableSays() {
        List<Decision> all = Decisions.all();
        assertThat(all).hasSizeGreaterThan(40).extracting(Decision::allowed).contains(true, false);
        assertThat(all.parallelStream().filter(decision -> may(decision, SETTINGS) != decision.allowed()))
                .isEmpty();
        ScenarioTable.figure("decisions", all.size());
    }

    /** With one line more the same question has another answer: it is the policy that is asked. */
    @Test
    void aWiderPolicyDecidesOtherwise() throws IOException {
        var question =
                new Decision("vitals-on-call", "applications", "delete", "apps-production/production-health-api", true);
        String policy = new Manifest(Yaml.read(SETTINGS).getFirst())
                .at("/data")
                .path("policy.csv")
                .asText();
        Path wider = folder.resolve("policy.csv");
        Files.writeString(wider, policy + "\np, role:on-call, applications, *, apps-production/*, allow\n");
        assertThat(may(question, SETTINGS)).isFalse();
        assertThat(may(question, wider)).isTrue();
    }

    private boolean may(Decision decision, Path policy) {
        var answer = Program.run(
                folder,
                Map.of("KUBECONFIG", folder.resolve("kubeconfig").toString()),
                Path.of("target", "programs", "argocd").toAbsolutePath().toString(),
                "admin",
                "settings",
                "rbac",
                "can",
                decision.subject(),
                decision.action(),
                decision.resource(),
                decision.object(),
                "--policy-file",
                policy.toString());
        String said = answer.out().strip();
        // It ends with 1 for no and for an error alike.
        if (Stream.of("Yes", "No").noneMatch(said::equals)) {
            throw new IllegalStateException(
                    decision + ": " + said + answer.err().strip());
        }
        return said.equals("Yes");
    }
}
