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

/** While releases follow one another there is more than once of everything: it must fit the database's connections and the namespace's quota. */
final class CapacityRule implements Rule {
    private static final String QUOTA = "gitops/platform/namespaces/application/resourcequota.yaml";
    private static final String KEPT = "/spec/strategy/blueGreen/scaleDownDelayRevisionLimit";
    /** The new one, the active one, and the one that is stable until the analysis after the switch is over. */
    private static final int COLOURS = 3;
    /** The operator's instance manager with its probes and measurements, a backup, and two people. */
    private static final int OPERATOR = 12;
    /** One that migrates, one that holds the lock. */
    private static final int MIGRATION = 2;
    /** What PostgreSQL keeps for superusers, unless it is told otherwise. */
    private static final String SUPERUSERS = "3";

    @Override
    public void judge(Tree tree, Findings findings) {
        var byNamespace = new TreeMap<String, List<Manifest>>();
        tree.rendered()
                .forEach((folder, manifests) -> manifests.forEach(manifest -> byNamespace
                        .computeIfAbsent(manifest.namespace(), namespace -> new ArrayList<>())
                        .add(manifest)));
        byNamespace.forEach((namespace, manifests) -> {
            manifests.stream()
                    .filter(manifest -> manifest.kind().equals("Rollout"))
                    .forEach(rollout -> findings.require(
                            rollout.at(KEPT).canConvertToInt(),
                            Path.of(namespace),
                            rollout.id(),
                            "no scaleDownDelayRevisionLimit bounds how many old colours hold connections"));
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
        long pods = manifests.stream()
                .filter(manifest -> manifest.kind().equals("Rollout"))
                .mapToLong(rollout -> colours(rollout) * most(manifests, rollout) * pool(rollout))
                .sum();
        long migrations = manifests.stream()
                .filter(manifest -> manifest.kind().equals("Job"))
                .mapToLong(job -> MIGRATION)
                .sum();
        for (Manifest cluster : manifests) {
            if (cluster.kind().equals("Cluster")) {
                // Each generation must do for all that the service opens: it is pointed to one of them by a commit.
                long pooled = pooled(manifests, cluster.name());
                long exporters = exporters(cluster);
                long reserved = reserved(cluster);
                long needed = pods + migrations + pooled + exporters + reserved + OPERATOR;
                int there = Integer.parseInt(cluster.text("/spec/postgresql/parameters/max_connections"));
                findings.require(
                        needed <= there,
                        Path.of(namespace),
                        cluster.id(),
                        "releases may open %d connections, there are %d: pods of all colours %d, migrations %d, pooler %d, exporters %d,"
                                        .formatted(needed, there, pods, migrations, pooled, exporters)
                                + " superusers %d, operator and people %d".formatted(reserved, OPERATOR));
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

    /** Roles that sign in and are bounded; the application's are bounded by its pools. */
    private static long exporters(Manifest cluster) {
        return cluster.at("/spec/managed/roles")
                .valueStream()
                .filter(role -> role.path("login").asBoolean(false))
                .mapToLong(role -> Math.max(0, role.path("connectionLimit").asLong(0)))
                .sum();
    }

    private static long reserved(Manifest cluster) {
        JsonNode parameters = cluster.at("/spec/postgresql/parameters");
        return Long.parseLong(parameters.path("superuser_reserved_connections").asText(SUPERUSERS))
                + Long.parseLong(parameters.path("reserved_connections").asText("0"));
    }

    /** How many ReplicaSets may be at their largest at once, the old ones that are kept for the way back among them. */
    private static long colours(Manifest rollout) {
        return COLOURS + rollout.at(KEPT).asLong(0);
    }

    private static void quota(Findings findings, String namespace, List<Manifest> manifests, JsonNode quota) {
        BigDecimal memory = BigDecimal.ZERO;
        BigDecimal cpu = BigDecimal.ZERO;
        long pods = 0;
        for (Manifest manifest : manifests) {
            long times = switch (manifest.kind()) {
                case "Rollout" -> colours(manifest) * most(manifests, manifest);
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
                "releases take " + wanted.toPlainString() + " of " + what + ", the namespace has " + there.asText());
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
