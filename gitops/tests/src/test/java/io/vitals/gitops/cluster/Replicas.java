package io.vitals.gitops.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.vitals.gitops.Program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The database health of dev and its instances, as an administrator and as a broken machine handle it. */
final class Replicas {
    static final String NAME = "health-v1";
    static final String NAMESPACE = "health-api-dev";
    static final int INSTANCES = 3;
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private Replicas() {}

    /** The instance that writes. */
    static String primary() {
        return Cluster.text(Cluster.database(NAMESPACE, NAME), "status", "currentPrimary");
    }

    /** All instances there, and each commit waits for one of the two others. */
    static void awaitAll() {
        Cluster.within(LIMIT).untilAsserted(() -> {
            var now = Cluster.database(NAMESPACE, NAME);
            assertThat(Cluster.text(now, "status", "phase")).isEqualTo("Cluster in healthy state");
            assertThat(Cluster.text(now, "status", "readyInstances")).isEqualTo(String.valueOf(INSTANCES));
            assertThat(
                            sql(
                                    "postgres",
                                    "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'quorum'"))
                    .isEqualTo(String.valueOf(INSTANCES - 1));
        });
    }

    /** What a statement answers, said by the superuser within the pod of the primary. */
    static String sql(String database, String statement) {
        return Program.run(
                        Cluster.state(),
                        Map.of(),
                        "kubectl",
                        "--namespace",
                        NAMESPACE,
                        "exec",
                        primary(),
                        "--container",
                        "postgres",
                        "--",
                        "psql",
                        "--quiet",
                        "--no-psqlrc",
                        "--tuples-only",
                        "--no-align",
                        "--set",
                        "ON_ERROR_STOP=1",
                        "--dbname",
                        database,
                        "--command",
                        statement)
                .orThrow()
                .strip();
    }

    /** The authority that the operator made for the server's certificate, as a file. */
    static Path authority() {
        var secret = Cluster.client()
                .secrets()
                .inNamespace(NAMESPACE)
                .withName(NAME + "-ca")
                .get();
        try {
            Path file = Files.createTempFile(Cluster.state(), "authority", ".crt");
            file.toFile().deleteOnExit();
            return Files.write(file, Base64.getDecoder().decode(secret.getData().get("ca.crt")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What its machine does to an instance when it loses power: all processes end at once, nobody says good-bye, and the pod is given up.
     */
    static void kill(String instance) {
        Pod pod = pod(instance);
        processes(pod).forEach(process -> ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly));
        Cluster.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withName(instance)
                .withGracePeriod(0)
                .delete();
    }

    /** From now on nothing that an instance sends to the others arrives; whoever else asks it is answered. */
    static void cutOff(String instance) {
        long inside = processes(pod(instance)).getFirst();
        for (Pod other : pods()) {
            if (!other.getMetadata().getName().equals(instance)) {
                Program.run(
                                Cluster.state(),
                                Map.of(),
                                "nsenter",
                                "--target",
                                String.valueOf(inside),
                                "--net",
                                "iptables",
                                "--insert",
                                "OUTPUT",
                                "--protocol",
                                "tcp",
                                "--source-port",
                                "5432",
                                "--destination",
                                other.getStatus().getPodIP(),
                                "--jump",
                                "DROP")
                        .orThrow();
            }
        }
    }

    private static List<Pod> pods() {
        return Cluster.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabels(Map.of("cnpg.io/cluster", NAME, "cnpg.io/podRole", "instance"))
                .list()
                .getItems();
    }

    private static Pod pod(String instance) {
        return pods().stream()
                .filter(pod -> pod.getMetadata().getName().equals(instance))
                .findFirst()
                .orElseThrow();
    }

    /** All processes of a pod, as its control group lists them. */
    private static List<Long> processes(Pod pod) {
        Path groups =
                Path.of("/sys/fs/cgroup/pids", Cluster.state().getFileName().toString());
        String name = "pod" + pod.getMetadata().getUid();
        try (Stream<Path> all = Files.walk(groups)) {
            List<Long> found = all.filter(file -> file.endsWith("cgroup.procs"))
                    .filter(file -> file.toString().contains("/" + name + "/"))
                    .flatMap(Replicas::lines)
                    .map(Long::valueOf)
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalStateException(pod.getMetadata().getName() + " has no process");
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.US_ASCII).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
