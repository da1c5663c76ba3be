package io.vitals.gitops.promotion;

import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Render;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** The commands of docs/platform.md do what the page says. */
class DocumentedCommandsTest {
    private static final Pattern BLOCK = Pattern.compile("(?m)^```sh (\\w+)\\n(?s)(.*?)^```$");
    private static final Map<String, String> BLOCKS = blocks();

    private Path folder;
    private Scratch scratch;

    @BeforeEach
    void repository(@TempDir Path made) {
        folder = made;
        scratch = new Scratch(made);
        scratch.take("Makefile");
        scratch.take("gitops/data");
        scratch.commit("how it is called");
    }

    @Test
    void eachBlockIsRunHere() {
        assertThat(BLOCKS).containsOnlyKeys("promote", "rollback", "restore", "environment", "service");
        assertThat(Program.ROOT.resolve("docs/platform.md")).content().doesNotContain("```sh\n", "```bash");
    }

    @Test
    void promote() {
        String release = scratch.release();
        scratch.set("staging", release);
        scratch.later(Duration.ofHours(2));
        String next = scratch.release();

        assertThat(run("promote")).endsWith("health-api may be promoted from dev to staging\n");
        assertThat(scratch.read("gitops/apps/health-api/overlays/staging/version.yaml"))
                .contains("release: " + next);
    }

    @Test
    void rollback() {
        String release = scratch.release();
        scratch.set("staging", release);
        scratch.set("staging", scratch.release());

        assertThat(run("rollback", "RELEASE", release))
                .endsWith("health-api may go back to " + release + " in staging\n");
    }

    @Test
    void restore() {
        run("restore");
        List<Manifest> old = Render.folder(folder.resolve("gitops/data/health/overlays/staging/v1"));
        List<Manifest> made = Render.folder(folder.resolve("gitops/data/health/overlays/staging/v2"));
        Manifest cluster = one(made, "Cluster");
        assertThat(cluster.name()).isEqualTo("health-v2");
        assertThat(cluster.text("/spec/bootstrap/recovery/recoveryTarget/targetTime"))
                .isEqualTo("2026-11-28T09:30:00Z");
        assertThat(cluster.at("/spec/bootstrap/initdb").isMissingNode()).isTrue();
        assertThat(cluster.text("/spec/externalClusters/0/plugin/parameters/serverName"))
                .isEqualTo("health-v1");
        assertThat(cluster.text("/spec/externalClusters/0/plugin/parameters/barmanObjectName"))
                .isEqualTo("health-v1");
        // Into an archive of its own, and no object that is there already.
        assertThat(cluster.text("/spec/plugins/0/parameters/barmanObjectName")).isEqualTo("health-v2");
        assertThat(made.stream().map(Manifest::id).toList())
                .hasSameSizeAs(old)
                .doesNotContainAnyElementsOf(old.stream().map(Manifest::id).toList());
        Manifest service = one(Render.folder(folder.resolve("gitops/apps/health-api/overlays/staging")), "Rollout");
        assertThat(service.json().toString()).contains("jdbc:postgresql://health-v2-rw:5432/health", "health-v2-ca");
    }

    @Test
    void aDatabaseWithoutAnArchiveIsNotRestored() {
        scratch.refused(
                "health in dev has no archive", "tools/restore-database", "health", "dev", "2026-11-28T09:30:00Z");
        scratch.refused(
                "there is no database wealth in staging",
                "tools/restore-database",
                "wealth",
                "staging",
                "2026-11-28T09:30:00Z");
        scratch.refused(
                "not a time in UTC such as 2026-11-28T09:30:00Z: noon",
                "tools/restore-database",
                "health",
                "staging",
                "noon");
    }

    @Test
    void environment() {
        run("environment");
        for (String path : List.of(
                "gitops/apps/health-api/overlays/trial",
                "gitops/apps/whoop-service/overlays/trial",
                "gitops/data/health/overlays/trial/v1",
                "gitops/data/whoop/overlays/trial/v1")) {
            assertThat(Render.folder(folder.resolve(path))).allSatisfy(manifest -> {
                assertThat(manifest.namespace()).endsWith("-trial");
                assertThat(manifest.json().toString()).doesNotContain("staging");
            });
        }
    }

    @Test
    void service() {
        run("service");
        for (String environment : List.of("dev", "staging", "production")) {
            List<Manifest> made = Render.folder(folder.resolve("gitops/apps/new-service/overlays/" + environment));
            assertThat(one(made, "Rollout").name()).isEqualTo("new-service");
            assertThat(made)
                    .allSatisfy(manifest -> assertThat(manifest.namespace()).isEqualTo("new-service-" + environment));
            assertThat(made.toString()).doesNotContain("health-api");
        }
    }

    private String run(String block, String... replace) {
        String commands = BLOCKS.getOrDefault(block, "echo there is no such block; false");
        if (replace.length > 0) {
            commands = commands.replace(replace[0], replace[1]);
        }
        return scratch.shell("set -eu\n" + commands).orThrow();
    }

    private static Manifest one(List<Manifest> all, String kind) {
        var found =
                all.stream().filter(manifest -> manifest.kind().equals(kind)).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static Map<String, String> blocks() {
        var blocks = new TreeMap<String, String>();
        var matcher = BLOCK.matcher(io.vitals.gitops.Tree.OURS.read("docs/platform.md"));
        while (matcher.find()) {
            blocks.put(matcher.group(1), matcher.group(2));
        }
        return blocks;
    }
}
