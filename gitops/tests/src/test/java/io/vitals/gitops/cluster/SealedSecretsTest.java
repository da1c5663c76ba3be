package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

@Scenario
class SealedSecretsTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String NAMESPACE = "health-api-dev";
    private static final String ELSEWHERE = "whoop-service-dev";
    private static final String NAME = "health-api-database";

    @Test
    void openToWhatWasSealed() throws IOException {
        byte[] sealed = Files.readAllBytes(Cluster.state().resolve("passwords/health-app"));
        Cluster.within(LIMIT).untilAsserted(() -> {
            var secret = Cluster.client()
                    .secrets()
                    .inNamespace(NAMESPACE)
                    .withName(NAME)
                    .get();
            assertThat(Base64.getDecoder().decode(secret.getData().get("password")))
                    .isEqualTo(sealed);
        });
    }

    @Test
    void openInNoOtherNamespace() {
        var secrets = Cluster.client().genericKubernetesResources(Cluster.SEALED_SECRET);
        GenericKubernetesResource ours =
                secrets.inNamespace(NAMESPACE).withName(NAME).get();
        var moved = new GenericKubernetesResource();
        moved.setApiVersion(ours.getApiVersion());
        moved.setKind(ours.getKind());
        // As whoever copies it would have it: the annotations that the policy asks for, and its own namespace.
        moved.setMetadata(new ObjectMetaBuilder()
                .withName(NAME)
                .withNamespace(ELSEWHERE)
                .addToAnnotations("vitals.io/owner", "wellness")
                .addToAnnotations("vitals.io/rotate-by", "2027-01-01")
                .build());
        moved.setAdditionalProperty("spec", java.util.Map.of("encryptedData", ours.get("spec", "encryptedData")));
        try {
            secrets.inNamespace(ELSEWHERE).resource(moved).create();
            Cluster.within(LIMIT).untilAsserted(() -> {
                var now = secrets.inNamespace(ELSEWHERE).withName(NAME).get();
                List<?> conditions = now.get("status", "conditions");
                assertThat(conditions.toString())
                        .contains("no key could decrypt secret")
                        .contains("status=False");
            });
            assertThat(Cluster.client()
                            .secrets()
                            .inNamespace(ELSEWHERE)
                            .withName(NAME)
                            .get())
                    .isNull();
        } finally {
            secrets.inNamespace(ELSEWHERE).withName(NAME).delete();
        }
    }
}
