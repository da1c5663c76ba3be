package io.vitals.gitops.apps;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Staging is production, but for what is listed here: object and path of what may differ, and why. */
final class EnvironmentsRule implements Rule {
    /** Of an object's kind and the JSON pointer within it. */
    private static final List<Pattern> MAY_DIFFER = List.of(
            // Sizing.
            allowed("HorizontalPodAutoscaler/.+ /spec/(min|max)Replicas"),
            allowed("Rollout/.+ /spec/template/spec/containers/0/resources/(limits|requests)/(cpu|memory)"),
            allowed("Rollout/.+ /spec/template/spec/containers/0/env/VITALS_DB_POOL_SIZE/value"),
            allowed("Cluster/.+ /spec/resources/(limits|requests)/(cpu|memory)"),
            allowed("Cluster/.+ /spec/(storage|walStorage)/size"),
            allowed("Cluster/.+ /spec/postgresql/parameters/(max_connections|shared_buffers)"),
            allowed("Pooler/.+ /spec/pgbouncer/parameters/(default_pool_size|max_db_connections)"),
            // Version and settings, until they are promoted.
            allowed("(Rollout|Job)/.+ /spec/template/spec/containers/0/image"),
            allowed("(Rollout|Job)/.+ /spec/template/metadata/annotations/vitals.io/settings"),
            allowed("(Rollout|Job)/.+ /spec/template/metadata/labels/app.kubernetes.io/version"),
            allowed("AnalysisTemplate/.+ /spec/metrics/smoke/provider/job/spec/template/spec/containers/0/image"),
            allowed("AnalysisTemplate/.+ /spec/args/commit/value"),
            // Secrets and addresses, which no two environments share.
            allowed("Rollout/.+ /spec/template/metadata/annotations/vitals.io/secrets"),
            allowed(
                    "(Rollout|Job)/.+ /spec/template/spec/containers/0/env/VITALS_(DB_URL|DB_USER|OIDC_ISSUER|PUBLIC_URL|SAHHA_CLIENT_ID"
                            + "|WHOOP_CLIENT_ID|WHOOP_INTERNAL_URL|WHOOP_REDIRECT_URI|LIMITS_ADMIN_ADDRESSES|LIMITS_TRUSTED_PROXIES"
                            + "|WEBHOOK_LIMITS_TRUSTED_PROXIES)/value"),
            allowed("(Rollout|Job)/.+ /spec/template/spec/volumes/database-ca/secret/secretName"),
            allowed("AnalysisTemplate/.+ /spec/args/(namespace|prometheus)/value"),
            allowed("AnalysisTemplate/.+ /spec/metrics/smoke/.+/containers/0/env/VITALS_ISSUER/value"),
            allowed("NetworkPolicy/.+ /spec/(in|e)gress/[0-9]/(from|to)/0/namespaceSelector/matchLabels/environment"),
            allowed("PersistentVolumeClaim/.+ /spec/storageClassName"),
            allowed("Cluster/.+ /spec/(storage|walStorage)/storageClass"),
            allowed("ObjectStore/.+ /spec/configuration/destinationPath"),
            // What a generation was made of.
            allowed("Cluster/.+ /spec/(bootstrap|externalClusters)/.+"),
            allowed(".+ /metadata/namespace"));

    private static Pattern allowed(String pattern) {
        return Pattern.compile(pattern);
    }

    @Override
    public void judge(Tree tree, Findings findings) {
        // Of a database the newest generation: which one that is may differ.
        var newest = new TreeMap<Path, Path>();
        Map<Path, List<Manifest>> all = tree.rendered();
        all.keySet().stream()
                .sorted(Comparator.comparingInt(EnvironmentsRule::generation))
                .forEach(folder -> newest.put(folder.subpath(0, 5), folder));
        newest.forEach((overlay, folder) -> {
            if (!overlay.endsWith("staging")) {
                return;
            }
            Path other = newest.get(overlay.resolveSibling("production"));
            if (other == null) {
                findings.add(folder, "production has no such folder");
                return;
            }
            compare(
                    findings,
                    folder,
                    byId(all.getOrDefault(folder, List.of())),
                    byId(all.getOrDefault(other, List.of())));
        });
    }

    private static int generation(Path folder) {
        String name = folder.getFileName().toString();
        return name.matches("v[0-9]+") ? Integer.parseInt(name.substring(1)) : 0;
    }

    private static String withoutGeneration(String text) {
        return text.replaceAll("\\b(whoop|health)-v[0-9]+\\b", "$1-v");
    }

    private static Map<String, Manifest> byId(List<Manifest> manifests) {
        return manifests.stream()
                .collect(Collectors.toMap(
                        manifest -> withoutGeneration(manifest.id()), Function.identity(), (a, b) -> a, TreeMap::new));
    }

    private static void compare(
            Findings findings, Path folder, Map<String, Manifest> staging, Map<String, Manifest> production) {
        var ids = new TreeSet<>(staging.keySet());
        ids.addAll(production.keySet());
        for (String id : ids) {
            if (!staging.containsKey(id)) {
                findings.add(folder, id + ": is in production alone");
            } else if (!production.containsKey(id)) {
                findings.add(folder, id + ": is in staging alone");
            } else {
                Map<String, String> left = flat(staging.get(id).json());
                Map<String, String> right = flat(production.get(id).json());
                var paths = new TreeSet<>(left.keySet());
                paths.addAll(right.keySet());
                for (String path : paths) {
                    boolean same = left.getOrDefault(path, "").equals(right.getOrDefault(path, ""));
                    String what = id + " " + path;
                    findings.require(
                            same
                                    || MAY_DIFFER.stream()
                                            .anyMatch(allowed ->
                                                    allowed.matcher(what).matches()),
                            folder,
                            id,
                            "differs from production at " + path);
                }
            }
        }
    }

    /** Leaves by path; elements of a list by their name, where they have one. */
    private static Map<String, String> flat(JsonNode node) {
        var leaves = new TreeMap<String, String>();
        walk("", node, leaves);
        return leaves;
    }

    private static void walk(String path, JsonNode node, Map<String, String> leaves) {
        if (node.isObject()) {
            node.properties().forEach(entry -> walk(path + "/" + entry.getKey(), entry.getValue(), leaves));
        } else if (node.isArray()) {
            boolean containers = path.endsWith("/containers");
            for (int index = 0; index < node.size(); index++) {
                String name = node.get(index).path("name").asText("");
                walk(path + "/" + (name.isEmpty() || containers ? index : name), node.get(index), leaves);
            }
        } else {
            leaves.put(path, withoutGeneration(node.asText()));
        }
    }
}
