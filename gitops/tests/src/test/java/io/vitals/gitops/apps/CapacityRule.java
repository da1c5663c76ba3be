package io.vitals.gitops.apps;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** In the middle of a release there is twice of everything: it must fit the database's connections and the namespace's quota. */
final class CapacityRule implements Rule {
    private static final String QUOTA = "gitops/platform/namespaces/application/resourcequota.yaml";
    /** For the operator, replication, backups, exporters and a person. */
    private static final int RESERVE = 20;

    @Override
    public void judge(Tree tree, Findings findings) {
        var byNamespace = new TreeMap<String, List<Manifest>>();
        tree.rendered()
                .forEach((folder, manifests) -> manifests.forEach(manifest -> byNamespace
                        .computeIfAbsent(manifest.namespace(), namespace -> new ArrayList<>())
                        .add(manifest)));
        byNamespace.forEach((namespace, manifests) -> {
            connections(findings, namespace, manifests);
            if (Files.exists(tree.root().resolve(QUOTA))) {
                quota(
                        findings,
                        namespace,
                        manifests,
                        Yaml.read(tree.root().resolve(QUOTA)).getFirst());
            }
        });
    }

    private static void connections(Findings findings, String namespace, List<Manifest> manifests) {
        long common = RESERVE;
        for (Manifest manifest : manifests) {
            if (manifest.kind().equals("Rollout")) {
                common += 2L * most(manifests, manifest) * pool(manifest);
            } else if (manifest.kind().equals("Job")) {
                common += 2;
            }
        }
        for (Manifest cluster : manifests) {
            if (cluster.kind().equals("Cluster")) {
                // Each generation must do for all that the service opens: it is pointed to one of them by a commit.
                long needed = common + pooled(manifests, cluster.name());
                int there = Integer.parseInt(cluster.text("/spec/postgresql/parameters/max_connections"));
                findings.require(
                        needed <= there,
                        Path.of(namespace),
                        cluster.id(),
                        "a release may open " + needed + " connections, there are " + there);
            }
        }
    }

    private static long pooled(List<Manifest> manifests, String cluster) {
        return manifests.stream()
                .filter(manifest -> manifest.kind().equals("Pooler")
                        && manifest.text("/spec/cluster/name").equals(cluster))
                .mapToLong(pooler -> pooler.at("/spec/instances").asLong()
                        * Long.parseLong(pooler.text("/spec/pgbouncer/parameters/max_db_connections")))
                .sum();
    }

    private static void quota(Findings findings, String namespace, List<Manifest> manifests, JsonNode quota) {
        BigDecimal memory = BigDecimal.ZERO;
        BigDecimal cpu = BigDecimal.ZERO;
        long pods = 0;
        for (Manifest manifest : manifests) {
            long times = switch (manifest.kind()) {
                case "Rollout" -> 2L * most(manifests, manifest);
                case "Cluster", "Pooler" -> manifest.at("/spec/instances").asInt();
                case "Job" -> 1;
                default -> 0;
            };
            JsonNode resources = manifest.kind().equals("Cluster")
                    ? manifest.at("/spec/resources")
                    : manifest.at("/spec/template/spec/containers/0/resources");
            if (times > 0) {
                pods += times;
                memory = memory.add(
                        Quantity.of(resources.at("/limits/memory").asText()).multiply(BigDecimal.valueOf(times)));
                cpu = cpu.add(
                        Quantity.of(resources.at("/requests/cpu").asText()).multiply(BigDecimal.valueOf(times)));
            }
        }
        JsonNode hard = quota.at("/spec/hard");
        fits(findings, namespace, "memory", memory, hard.path("limits.memory"));
        fits(findings, namespace, "cpu", cpu, hard.path("requests.cpu"));
        fits(findings, namespace, "pods", BigDecimal.valueOf(pods), hard.path("pods"));
    }

    private static void fits(Findings findings, String namespace, String what, BigDecimal wanted, JsonNode there) {
        findings.require(
                there.isMissingNode() || wanted.compareTo(Quantity.of(there.asText())) <= 0,
                Path.of(namespace),
                "ResourceQuota",
                "a release takes " + wanted.toPlainString() + " of " + what + ", the namespace has " + there.asText());
    }

    private static int most(List<Manifest> manifests, Manifest rollout) {
        return manifests.stream()
                .filter(manifest -> manifest.kind().equals("HorizontalPodAutoscaler")
                        && manifest.text("/spec/scaleTargetRef/name").equals(rollout.name()))
                .mapToInt(manifest -> manifest.at("/spec/maxReplicas").asInt())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(rollout.id() + " is not scaled"));
    }

    private static int pool(Manifest rollout) {
        return rollout.containers()
                .getFirst()
                .path("env")
                .valueStream()
                .filter(variable -> variable.path("name").asText().equals("VITALS_DB_POOL_SIZE"))
                .mapToInt(variable -> Integer.parseInt(variable.path("value").asText()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(rollout.id() + " does not say its pool"));
    }
}
