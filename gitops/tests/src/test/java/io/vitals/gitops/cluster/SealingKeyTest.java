package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesListBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.vitals.gitops.Program;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** The keys of the controller are lost, and come back from their backup. */
@Scenario
@Order(90)
class SealingKeyTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CONTROLLER = "sealed-secrets";
    private static final String LABEL = "sealedsecrets.bitnami.com/sealed-secrets-key";
    private static final String NAME = "health-api-database-migrator";
    private static final String SEALED = "sealed-secrets/dev/health-api-dev/" + NAME + ".yaml";

    @Test
    void withoutItsKeysNothingOpensAndWithTheirBackupAllDoes() throws IOException {
        Secret value = secret();
        List<Secret> backup = keys();
        assertThat(backup).isNotEmpty();

        Instant lost;
        try {
            backup.forEach(key -> Cluster.client().resource(key).delete());
            restart();
            Cluster.client().resource(value).delete();
            Cluster.within(LIMIT).untilAsserted(() -> assertThat(conditions()).contains("no key could decrypt secret"));
            assertThat(Cluster.client()
                            .secrets()
                            .inNamespace(Release.NAMESPACE)
                            .withName(NAME)
                            .get())
                    .isNull();
            assertThat(recoveredWithoutACluster(backup))
                    .contains(value.getData().get("password"));
        } finally {
            lost = Instant.now();
            backup.forEach(SealingKeyTest::restore);
            restart();
        }
        Cluster.within(LIMIT).untilAsserted(() -> assertThat(secret().getData()).isEqualTo(value.getData()));
        ScenarioTable.figure("opened again after", Release.seconds(lost));
    }

    private static void restore(Secret key) {
        Cluster.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(key.getMetadata().getName())
                        .withNamespace(CONTROLLER)
                        .withLabels(key.getMetadata().getLabels())
                        .endMetadata()
                        .withType(key.getType())
                        .withData(key.getData())
                        .build())
                .create();
    }

    /** By tools/sealed-secrets, on a machine that has the backup and the repository. */
    private static String recoveredWithoutACluster(List<Secret> backup) throws IOException {
        Path folder = Files.createTempDirectory("recovery");
        try {
            Path keys = Files.createFile(
                    folder.resolve("keys.yaml"),
                    java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                            java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
            // One list, as kubectl writes it.
            Files.writeString(
                    keys,
                    Serialization.asYaml(new KubernetesListBuilder()
                            .withItems(backup.toArray(HasMetadata[]::new))
                            .build()));
            Program.run(
                            folder,
                            Program.ROOT.resolve("tools/sealed-secrets").toString(),
                            "recover",
                            keys.toString(),
                            Desired.file(SEALED).toString())
                    .orThrow();
            return Files.readString(folder.resolve("recovered"));
        } finally {
            Program.run(Path.of("/"), "rm", "-r", folder.toString()).orThrow();
        }
    }

    private static List<Secret> keys() {
        return Cluster.client()
                .secrets()
                .inNamespace(CONTROLLER)
                .withLabel(LABEL)
                .list()
                .getItems();
    }

    private static Secret secret() {
        Secret found = Cluster.client()
                .secrets()
                .inNamespace(Release.NAMESPACE)
                .withName(NAME)
                .get();
        assertThat(found).as("secret " + NAME).isNotNull();
        return found;
    }

    private static String conditions() {
        return Cluster.text(
                Cluster.client()
                        .genericKubernetesResources(Cluster.SEALED_SECRET)
                        .inNamespace(Release.NAMESPACE)
                        .withName(NAME)
                        .get(),
                "status",
                "conditions");
    }

    private static void restart() {
        var pods = Cluster.client().pods().inNamespace(CONTROLLER).withLabel("app.kubernetes.io/name", CONTROLLER);
        List<String> before = pods.list().getItems().stream()
                .map(pod -> pod.getMetadata().getUid())
                .toList();
        pods.delete();
        Cluster.within(LIMIT)
                .untilAsserted(() -> assertThat(pods.list().getItems())
                        .isNotEmpty()
                        .allSatisfy(pod -> {
                            assertThat(before).doesNotContain(pod.getMetadata().getUid());
                            assertThat(pod.getStatus().getContainerStatuses())
                                    .allMatch(container -> container.getReady());
                        }));
    }
}
