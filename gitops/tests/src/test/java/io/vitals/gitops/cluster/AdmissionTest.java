package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vitals.gitops.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** The API server itself refuses each bad input of the policies with the message that stands in it, and admits the good ones. */
@Scenario
class AdmissionTest {
    private static final Path POLICIES = Program.ROOT.resolve("gitops/policies");
    private static final Pattern REFUSED = Pattern.compile("(?m)^# refused: (.+)$");

    static Stream<Path> bad() throws IOException {
        return fixtures("bad");
    }

    static Stream<Path> good() throws IOException {
        return fixtures("good");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refuses(Path file) throws IOException {
        HasMetadata object = object(file);
        var expected = REFUSED.matcher(Files.readString(POLICIES.resolve(file)));
        assertThat(expected.find()).isTrue();
        KubernetesClientException refused = catchThrowableOfType(
                KubernetesClientException.class,
                () -> Cluster.client().resource(object).dryRun().create());
        assertThat(refused).as("was admitted").isNotNull();
        if (file.endsWith("privileged.yaml")) {
            // The API server does not let it come as far as a policy.
            assertThat(refused.getCode()).isEqualTo(422);
            return;
        }
        assertThat(refused.getMessage())
                .contains("ValidatingAdmissionPolicy '" + file.getName(0) + "'")
                .contains(expected.group(1));
    }

    @ParameterizedTest
    @MethodSource("good")
    void admits(Path file) throws IOException {
        HasMetadata object = object(file);
        assertThatCode(() -> Cluster.client().resource(object).dryRun().create())
                .doesNotThrowAnyException();
    }

    private static HasMetadata object(Path file) throws IOException {
        HasMetadata object = Cluster.client()
                .load(Files.newInputStream(POLICIES.resolve(file)))
                .items()
                .getFirst();
        // Namespaces of this cluster itself are dev's, where policies only warn.
        String namespace = object.getMetadata().getNamespace().replace("monitoring", "monitoring-production");
        object.getMetadata().setNamespace(namespace);
        var spaces = Cluster.client().namespaces();
        if (spaces.withName(namespace).get() == null) {
            // Of an application in production, where the policies deny; nothing runs in it.
            spaces.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .withLabels(Map.of("tier", "application", "environment", "production", "team", "wellness"))
                            .endMetadata()
                            .build())
                    .create();
        }
        return object;
    }

    private static Stream<Path> fixtures(String kind) throws IOException {
        try (Stream<Path> all = Files.walk(POLICIES)) {
            return all
                    .filter(file -> file.toString().contains("/" + kind + "/")
                            && file.toString().endsWith(".yaml"))
                    // An update of what is there: PoliciesTest has it.
                    .filter(file -> !text(file).contains("# old:"))
                    .map(POLICIES::relativize)
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
