package io.vitals.gitops.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whoever may write an Application of a project gets no further than the project: each way out of it is refused by Argo CD with the reason,
 * and nothing arrives, not even what the same commit holds and may be there.
 */
@Scenario
class ProjectsTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String NAMESPACE = "health-api-dev";
    private static final String PROJECT = "apps-preproduction";
    private static final String OURS = "https://github.com/vitals/vitals.git";
    private static final String HERE = "https://kubernetes.default.svc";
    private static final String ELSEWHERE = "https://10.89.0.2:6443";
    private static final Path REPOSITORY = Cluster.state().resolve("repositories/vitals/vitals.git");

    /** What is written into an Application or its folder, and what Argo CD has to say of it. */
    enum Escape {
        FOREIGN_REPOSITORY(
                "https://github.com/argoproj/argo-rollouts.git",
                HERE,
                NAMESPACE,
                "application repo https://github.com/argoproj/argo-rollouts.git is not permitted in project 'apps-preproduction'"),
        FOREIGN_NAMESPACE(
                OURS,
                HERE,
                "kube-system",
                "namespace 'kube-system' do not match any of the allowed destinations in project 'apps-preproduction'"),
        FOREIGN_CLUSTER(
                OURS,
                ELSEWHERE,
                NAMESPACE,
                "application destination server '" + ELSEWHERE + "' and namespace 'health-api-dev' do not match"),
        PROJECT_OF_NOBODY("default", "", "is not permitted in project 'default'"),
        PROJECT_OF_OTHERS(
                "apps-production",
                "",
                "namespace 'health-api-dev' do not match any of the allowed destinations in project 'apps-production'"),
        PROJECT_THAT_IS_NOT("apps", "", "Application referencing project apps which does not exist"),
        KIND_OF_THE_CLUSTER(
                PROJECT,
                """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata:
                  name: escape
                rules: []
                """,
                "resource rbac.authorization.k8s.io:ClusterRole is not permitted in project apps-preproduction"),
        KIND_OF_A_NAMESPACE(
                PROJECT, """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata:
                  name: escape
                rules: []
                """, "resource rbac.authorization.k8s.io:Role is not permitted in project apps-preproduction"),
        OBJECT_ELSEWHERE(PROJECT, """
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: escape
                  namespace: argo-rollouts
                """, "namespace argo-rollouts is not permitted in project 'apps-preproduction'"),
        APPLICATION_OF_ANOTHER_PROJECT(
                PROJECT, """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata:
                  name: escape
                  namespace: argocd
                spec:
                  destination:
                    namespace: kube-system
                    server: https://kubernetes.default.svc
                  project: platform
                  source:
                    path: gitops/policies
                    repoURL: https://github.com/vitals/vitals.git
                    targetRevision: main
                """, "resource argoproj.io:Application is not permitted in project apps-preproduction");

        private final String project;
        private final String repository;
        private final String server;
        private final String namespace;
        private final String object;
        private final String reason;

        Escape(String project, String repository, String server, String namespace, String object, String reason) {
            this.project = project;
            this.repository = repository;
            this.server = server;
            this.namespace = namespace;
            this.object = object;
            this.reason = reason;
        }

        /** By where an Application says that it comes from and goes to. */
        Escape(String repository, String server, String namespace, String reason) {
            this(PROJECT, repository, server, namespace, "", reason);
        }

        /** By the project that it says it is of, or by what is in its folder. */
        Escape(String project, String object, String reason) {
            this(project, OURS, HERE, NAMESPACE, object, reason);
        }

        String called() {
            return "escape-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** A branch with a folder for each, and a second cluster that is this one under another address: only the project is in the way. */
    @BeforeAll
    static void somebodyTries(@TempDir Path folder) throws IOException {
        Path work = folder.resolve("work");
        git(folder, "clone", "-q", REPOSITORY.toString(), work.toString());
        git(work, "checkout", "-q", "--orphan", "escapes");
        git(work, "rm", "-rfq", ".");
        for (Escape escape : Escape.values()) {
            commit(work, escape.called(), escape.object);
        }
        commit(work, "escape-none", "");
        git(work, "add", ".");
        git(work, "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-qm", "escapes");
        git(work, "push", "-qf", "origin", "escapes");

        JsonNode admin =
                Yaml.read(Cluster.state().resolve("pki/admin.kubeconfig")).getFirst();
        JsonNode user = admin.at("/users/0/user");
        Cluster.client()
                .resource("""
                        apiVersion: v1
                        kind: Secret
                        metadata:
                          name: elsewhere
                          namespace: argocd
                          labels:
                            argocd.argoproj.io/secret-type: cluster
                        stringData:
                          name: elsewhere
                          server: %s
                          config: '{"tlsClientConfig":{"caData":"%s","certData":"%s","keyData":"%s"}}'
                        """.formatted(
                                ELSEWHERE,
                                admin.at("/clusters/0/cluster/certificate-authority-data")
                                        .asText(),
                                user.path("client-certificate-data").asText(),
                                user.path("client-key-data").asText()))
                .serverSideApply();
        for (Escape escape : Escape.values()) {
            apply("argocd", escape.called(), escape.project, escape.repository, escape.server, escape.namespace);
        }
        apply("argocd", "escape-none", "apps-preproduction", OURS, HERE, NAMESPACE);
        // Argo CD looks into its own namespace alone, whatever stands in another one.
        apply(NAMESPACE, "escape-beside", "platform", OURS, HERE, "kube-system");
    }

    @AfterAll
    static void nothingStays() throws IOException {
        var applications = Cluster.client().genericKubernetesResources(Cluster.APPLICATION);
        for (Escape escape : Escape.values()) {
            applications.inNamespace("argocd").withName(escape.called()).delete();
        }
        applications.inNamespace("argocd").withName("escape-none").delete();
        applications.inNamespace(NAMESPACE).withName("escape-beside").delete();
        Cluster.client().secrets().inNamespace("argocd").withName("elsewhere").delete();
        Cluster.client()
                .policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(NAMESPACE)
                .withName("escape-none")
                .delete();
        git(REPOSITORY, "branch", "-qD", "escapes");
    }

    @ParameterizedTest
    @EnumSource
    void isRefused(Escape escape) {
        Cluster.within(LIMIT).untilAsserted(() -> {
            GenericKubernetesResource now = Cluster.application(escape.called());
            assertThat(Cluster.text(now, "status", "conditions")).contains("Error");
            assertThat(said(now)).contains(escape.reason);
        });
        GenericKubernetesResource now = Cluster.application(escape.called());
        assertThat(Cluster.text(now, "status", "sync", "status")).isNotEqualTo("Synced");
        assertThat(Cluster.text(now, "status", "operationState", "phase")).isNotEqualTo("Succeeded");
        assertThat(budget(escape.namespace, escape.called())).isFalse();
        if (!escape.object.isEmpty()) {
            assertThat(Cluster.client().resource(inNamespace(escape.object)).get())
                    .isNull();
        }
    }

    /** The same by the rules, and with it what an Application elsewhere comes to: nothing. */
    @Test
    void whatTheProjectAllowsIsApplied() {
        Cluster.awaitSettled("escape-none", LIMIT);
        assertThat(budget(NAMESPACE, "escape-none")).isTrue();
        GenericKubernetesResource beside = Cluster.client()
                .genericKubernetesResources(Cluster.APPLICATION)
                .inNamespace(NAMESPACE)
                .withName("escape-beside")
                .get();
        assertThat(beside.getAdditionalProperties()).containsKey("spec").doesNotContainKey("status");
        assertThat(budget("kube-system", "escape-beside")).isFalse();
    }

    /** All that Argo CD says of it: its conditions, and what became of each object. */
    private static String said(GenericKubernetesResource application) {
        return Cluster.text(application, "status", "conditions")
                + Cluster.text(application, "status", "operationState", "message")
                + Cluster.text(application, "status", "operationState", "syncResult", "resources");
    }

    private static boolean budget(String namespace, String name) {
        return Cluster.client()
                        .policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace(namespace)
                        .withName(name)
                        .get()
                != null;
    }

    private static String inNamespace(String object) {
        GenericKubernetesResource read = Serialization.unmarshal(object, GenericKubernetesResource.class);
        if (read.getMetadata().getNamespace() == null && !read.getKind().startsWith("Cluster")) {
            read.getMetadata().setNamespace(NAMESPACE);
        }
        return Serialization.asYaml(read);
    }

    private static void apply(
            String at, String name, String project, String repository, String server, String namespace) {
        Cluster.client()
                .resource("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: Application
                        metadata:
                          name: %s
                          namespace: %s
                        spec:
                          destination:
                            namespace: %s
                            server: %s
                          project: %s
                          source:
                            path: %s
                            repoURL: %s
                            targetRevision: %s
                          syncPolicy:
                            automated: {}
                            retry:
                              backoff:
                                duration: 1s
                              limit: 1
                        """.formatted(
                                name,
                                at,
                                namespace,
                                server,
                                project,
                                repository.equals(OURS) ? name : "manifests/crds",
                                repository,
                                repository.equals(OURS) ? "escapes" : "HEAD"))
                .serverSideApply();
    }

    /** What may be there, and beside it what may not. */
    private static void commit(Path work, String name, String object) throws IOException {
        Path folder = Files.createDirectories(work.resolve(name));
        Files.writeString(folder.resolve("poddisruptionbudget.yaml"), """
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata:
                  name: %s
                spec:
                  maxUnavailable: 1
                  selector:
                    matchLabels:
                      app.kubernetes.io/name: nobody
                """.formatted(name));
        if (!object.isEmpty()) {
            Files.writeString(folder.resolve("object.yaml"), object);
        }
    }

    private static void git(Path folder, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Program.run(folder, command).orThrow();
    }
}
