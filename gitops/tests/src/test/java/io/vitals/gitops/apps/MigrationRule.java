package io.vitals.gitops.apps;

import io.vitals.gitops.Findings;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;

import java.nio.file.Path;
import java.util.List;

/** The schema is brought up to date before the release, by a hook that needs nothing which the release only brings along. */
final class MigrationRule implements Rule {
    private static final String HOOK = "argocd.argoproj.io/hook";

    @Override
    public void judge(Tree tree, Findings findings) {
        tree.rendered()
                .forEach((folder, manifests) -> manifests.forEach(manifest -> {
                    if (manifest.kind().equals("Rollout")) {
                        String job = manifest.name() + "-migration";
                        findings.require(
                                BlueGreenRule.find(manifests, "Job", job).isPresent(),
                                folder,
                                manifest.id(),
                                "has no migration: Job/" + job);
                        findings.require(
                                manifest.containers().getFirst().path("args").isMissingNode(),
                                folder,
                                manifest.id(),
                                "runs something else than the service");
                    } else if (manifest.kind().equals("Job")) {
                        job(findings, folder, manifests, manifest);
                    }
                }));
    }

    private static void job(Findings findings, Path folder, List<Manifest> all, Manifest job) {
        hook(findings, folder, job);
        findings.require(
                job.containers().getFirst().at("/args/0").asText("").equals("migrate"),
                folder,
                job.id(),
                "does not migrate");
        findings.require(
                job.at("/spec/activeDeadlineSeconds").isInt(), folder, job.id(), "has no end: activeDeadlineSeconds");
        String account = job.text("/spec/template/spec/serviceAccountName");
        for (Manifest needed : List.of(
                BlueGreenRule.find(all, "ServiceAccount", account).orElse(job),
                BlueGreenRule.find(all, "NetworkPolicy", job.name()).orElse(job))) {
            hook(findings, folder, needed);
            findings.require(
                    needed.equals(job) || wave(needed) < wave(job),
                    folder,
                    needed.id(),
                    "comes after the migration that needs it");
        }
        all.stream()
                .filter(other -> other.kind().equals("Rollout"))
                .forEach(rollout -> findings.require(
                        rollout.containers()
                                .getFirst()
                                .path("image")
                                .equals(job.containers().getFirst().path("image")),
                        folder,
                        job.id(),
                        "migrates with another image than " + rollout.id() + " runs"));
    }

    private static void hook(Findings findings, Path folder, Manifest manifest) {
        findings.require(
                manifest.annotation(HOOK).equals("PreSync"), folder, manifest.id(), "is not a hook before the release");
        findings.require(
                manifest.annotation(HOOK + "-delete-policy").equals("BeforeHookCreation"),
                folder,
                manifest.id(),
                "stands in the way of the next one: " + HOOK + "-delete-policy");
    }

    private static int wave(Manifest manifest) {
        String wave = manifest.annotation("argocd.argoproj.io/sync-wave");
        return wave.isEmpty() ? 0 : Integer.parseInt(wave);
    }
}
