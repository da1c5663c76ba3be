package io.vitals.gitops.platform;

import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Render;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.argocd.Installation;
import io.vitals.gitops.schema.SchemaRule;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Each object of the platform, of Argo CD, its projects and sets, and each sealed secret fits the schema of its kind; and the tree holds no
 * kind that none of what was judged is of, so that nothing goes unseen because nobody renders it.
 */
final class PlatformSchemaRule implements Rule {
    /** What has no schema, and why that is no gap. */
    private static final Map<String, String> WITHOUT = Map.of(
            "kind.x-k8s.io/v1alpha4 Cluster",
            "kind publishes Go types and no schema, and refuses an unknown field itself",
            "vitals.io/v1alpha1 Cluster",
            "ours and for kustomize alone, which refuses to render when a fact that it puts somewhere is missing",
            "vitals.io/v1alpha1 Database",
            "ours and for kustomize alone, as the facts of a cluster",
            "vitals.io/v1alpha1 Sizing",
            "ours and for kustomize alone, as the facts of a cluster");

    /** Its own files, which it refuses itself when a field is unknown. */
    private static final Pattern OF_KUSTOMIZE = Pattern.compile("kustomize\\.config\\.k8s\\.io/|builtin ");

    static final Pattern FIXTURE = Pattern.compile("gitops/(policies/[a-z-]+/(good|bad)|invalid|tests)/.+");

    @Override
    public void judge(Tree tree, Findings findings) {
        var all = new TreeMap<Path, List<Manifest>>();
        for (String cluster : Sources.CLUSTERS) {
            Sources.rendered(tree, cluster)
                    .forEach((folder, manifests) -> all.put(
                            folder.startsWith("gitops/clusters") ? folder : folder.resolve("for-" + cluster),
                            manifests));
            all.put(Path.of("gitops/platform/edge/country/for-" + cluster), Sources.edgeByCountry(tree, cluster));
            for (String folder : List.of("gitops/clusters/" + cluster, "gitops/policies")) {
                all.put(Path.of(folder), Render.folder(changed(tree, folder).resolve(folder)));
            }
        }
        all.put(Path.of("argocd"), Installation.folder(tree, "argocd"));
        // What no folder renders: secrets are applied as they are, eksctl reads its own file. Bootstraps are the
        // installation and these few.
        for (String files : List.of("argocd/bootstrap", "gitops/clusters", "sealed-secrets")) {
            Sources.below(tree, files).forEach((file, manifest) -> {
                if (!file.startsWith("gitops") || manifest.kind().equals("ClusterConfig")) {
                    all.put(file, List.of(manifest));
                }
            });
        }
        SchemaRule.judge(all, findings);

        var judged = new TreeSet<String>();
        all.values().forEach(manifests -> manifests.forEach(manifest -> judged.add(type(manifest))));
        tree.rendered().values().forEach(manifests -> manifests.forEach(manifest -> judged.add(type(manifest))));
        unseen(tree, findings, judged);
    }

    private static void unseen(Tree tree, Findings findings, Set<String> judged) {
        var without = new TreeSet<>(WITHOUT.keySet());
        for (String part : List.of("argocd", "gitops", "monitoring", "sealed-secrets")) {
            Sources.typed(tree, part)
                    .forEach((file, manifests) -> manifests.forEach(manifest -> {
                        String type = type(manifest);
                        boolean known = judged.contains(type)
                                || OF_KUSTOMIZE.matcher(type).lookingAt();
                        if (!known && !FIXTURE.matcher(file.toString()).matches()) {
                            findings.require(
                                    WITHOUT.containsKey(type),
                                    file,
                                    manifest.id(),
                                    "is a " + type + ", and nothing judges those by a schema");
                            without.remove(type);
                        }
                    }));
        }
        without.forEach(
                type -> findings.add(Path.of("gitops"), type + " is let off having a schema, and there is none"));
    }

    private static Path changed(Tree tree, String folder) {
        Path part = Path.of(folder).subpath(0, 2);
        return tree.changed().stream().anyMatch(path -> path.startsWith(part) || path.startsWith("gitops/platform"))
                ? tree.root()
                : Program.ROOT;
    }

    private static String type(Manifest manifest) {
        return manifest.text("/apiVersion") + " " + manifest.kind();
    }
}
