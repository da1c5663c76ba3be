package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.vitals.gitops.Program;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;

/** The cluster that tools/cluster has made; its tests run within its namespaces. */
final class Cluster {
    static final ResourceDefinitionContext APPLICATION = kind("argoproj.io", "v1alpha1", "Application", "applications");
    static final ResourceDefinitionContext APPLICATION_SET =
            kind("argoproj.io", "v1alpha1", "ApplicationSet", "applicationsets");
    static final ResourceDefinitionContext ROLLOUT = kind("argoproj.io", "v1alpha1", "Rollout", "rollouts");
    static final ResourceDefinitionContext SEALED_SECRET =
            kind("bitnami.com", "v1alpha1", "SealedSecret", "sealedsecrets");
    private static final ResourceDefinitionContext DATABASE = kind("postgresql.cnpg.io", "v1", "Cluster", "clusters");
    private static final String ARGO_CD = "argocd";
    static final String ROOT = "root";
    private static final @Nullable KubernetesClient CLIENT = started();

    private Cluster() {}

    static KubernetesClient client() {
        if (CLIENT == null) {
            throw new IllegalStateException("no cluster runs; make platform-test starts one");
        }
        return CLIENT;
    }

    /** Where tools/cluster keeps what belongs to the cluster. */
    static Path state() {
        return Path.of(System.getenv().getOrDefault("VITALS_CLUSTER", "/var/tmp/vitals-cluster"));
    }

    static ConditionFactory within(Duration limit) {
        return Awaitility.await()
                .atMost(limit)
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptions();
    }

    static List<GenericKubernetesResource> applications() {
        return client().genericKubernetesResources(APPLICATION)
                .inNamespace(ARGO_CD)
                .list()
                .getItems();
    }

    static GenericKubernetesResource application(String name) {
        return present(
                client().genericKubernetesResources(APPLICATION)
                        .inNamespace(ARGO_CD)
                        .withName(name)
                        .get(),
                name);
    }

    static GenericKubernetesResource rollout(String service) {
        return present(
                client().genericKubernetesResources(ROLLOUT)
                        .inNamespace(service + "-dev")
                        .withName(service)
                        .get(),
                service);
    }

    static GenericKubernetesResource database(String namespace, String name) {
        return present(
                client().genericKubernetesResources(DATABASE)
                        .inNamespace(namespace)
                        .withName(name)
                        .get(),
                name);
    }

    /** What Argo CD says of it, such as "Synced Healthy". */
    static String status(GenericKubernetesResource application) {
        return text(application, "status", "sync", "status") + " " + text(application, "status", "health", "status");
    }

    /** The text at a path of keys, empty where there is nothing. */
    static String text(GenericKubernetesResource resource, Object... path) {
        Object found = resource.get(path);
        return found == null ? "" : found.toString();
    }

    /** Until Argo CD has seen this commit of the repository, and then each Application looks at it. */
    static void notice(String commit) {
        within(Duration.ofMinutes(1)).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            refresh(ROOT);
            assertThat(text(application(ROOT), "status", "sync", "revision")).isEqualTo(commit);
        });
        applications().forEach(application -> refresh(application.getMetadata().getName()));
    }

    /** Argo CD looks at it anew. */
    static void refresh(String application) {
        merge(
                APPLICATION,
                ARGO_CD,
                application,
                "{\"metadata\":{\"annotations\":{\"argocd.argoproj.io/refresh\":\"normal\"}}}");
    }

    /** The generator of Applications looks at the repository now. */
    static void refreshSet(String applicationSet) {
        merge(
                APPLICATION_SET,
                ARGO_CD,
                applicationSet,
                "{\"metadata\":{\"annotations\":{\"argocd.argoproj.io/application-set-refresh\":\"true\"}}}");
    }

    /** Every colour that the active Service is pointed at from now on, empty for none, until it is closed. */
    static Watch watchColours(String service, Consumer<String> seen) {
        return client().services()
                .inNamespace(service + "-dev")
                .withName(service)
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, Service now) {
                        seen.accept(now.getSpec().getSelector().getOrDefault("rollouts-pod-template-hash", ""));
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        seen.accept("the watch was lost");
                    }
                });
    }

    static void merge(ResourceDefinitionContext kind, String namespace, String name, String patch) {
        client().genericKubernetesResources(kind)
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    /** Asks for a sync with the options that the Application has. */
    static void sync(GenericKubernetesResource application) {
        Object options = application.get("spec", "syncPolicy", "syncOptions");
        merge(
                APPLICATION,
                ARGO_CD,
                application.getMetadata().getName(),
                Serialization.asJson(Map.of(
                        "operation",
                        Map.of(
                                "initiatedBy", Map.of("username", "scenarios"),
                                // As the automatic ones do it.
                                "retry", Map.of("limit", 5),
                                "sync", Map.of("syncOptions", options == null ? List.of() : options)))));
    }

    /**
     * Until what runs is what this commit says. A commit that takes back what was never applied needs no sync, so the last one may be of
     * another and may have failed.
     */
    static void awaitSynced(String application, String revision, Duration limit) {
        within(limit).untilAsserted(() -> {
            GenericKubernetesResource now = application(application);
            assertThat(text(now, "status", "sync", "revision")).isEqualTo(revision);
            assertThat(text(now, "status", "sync", "status")).isEqualTo("Synced");
            assertThat(text(now, "status", "operationState", "phase")).isNotEqualTo("Running");
        });
    }

    static void awaitSettled(String application, Duration limit) {
        within(limit)
                .untilAsserted(
                        () -> assertThat(status(application(application))).isEqualTo("Synced Healthy"));
    }

    /** The colour that the active Service sends requests to. */
    static String active(String service) {
        return present(
                        client().services()
                                .inNamespace(service + "-dev")
                                .withName(service)
                                .get(),
                        service)
                .getSpec()
                .getSelector()
                .getOrDefault("rollouts-pod-template-hash", "");
    }

    static String address(String namespace, String service) {
        return present(
                        client().services()
                                .inNamespace(namespace)
                                .withName(service)
                                .get(),
                        service)
                .getSpec()
                .getClusterIP();
    }

    /** Kills the one process of this name that runs beside the pods; what looks after it starts it again. */
    static void end(String program) {
        String running =
                Program.run(state(), "pgrep", "--full", "^" + program + " ").orThrow();
        for (String pid : running.lines().toList()) {
            Program.run(state(), "kill", "-KILL", pid).orThrow();
        }
    }

    static Map<String, String> labelled(String service) {
        return Map.of("app.kubernetes.io/name", service);
    }

    private static <T extends HasMetadata> T present(@Nullable T found, String name) {
        if (found == null) {
            throw new IllegalStateException(name + " is not there");
        }
        return found;
    }

    private static ResourceDefinitionContext kind(String group, String version, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    private static @Nullable KubernetesClient started() {
        Path kubeconfig = state().resolve("pki/admin.kubeconfig");
        if (!Files.exists(kubeconfig)) {
            return null;
        }
        return new KubernetesClientBuilder()
                .withConfig(io.fabric8.kubernetes.client.Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
    }
}
