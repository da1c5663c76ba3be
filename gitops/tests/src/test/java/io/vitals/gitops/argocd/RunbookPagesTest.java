package io.vitals.gitops.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Pages of runbooks/alerts say what they are about, and their commands are ones that the programs know. */
class RunbookPagesTest {
    private static final Pattern FRONT = Pattern.compile("\\A---\\n(.*?)\\n---\\n# (\\S+)\\n", Pattern.DOTALL);
    private static final Pattern BLOCK = Pattern.compile("(?m)^```sh([^\\n]*)\\n(?s)(.*?)^```$");
    private static final Pattern FLAG = Pattern.compile("(?<= )(--[a-z][a-z-]+)");
    private static final Path ARGO_CD = Installation.own().resolve("docs/user-guide/commands");
    private static final Path ROLLOUTS =
            Installation.module("/manifests/crds/rollout-crd.yaml").resolve("docs/generated/kubectl-argo-rollouts");

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(Program.ROOT.resolve("runbooks/alerts"))) {
            return files.sorted().map(Program.ROOT::relativize).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void saysWhatItIsAbout(Path page) {
        var front = FRONT.matcher(Tree.OURS.read(page.toString()));
        assertThat(front.find()).as("front matter, then the name").isTrue();
        JsonNode about = Yaml.parse(front.group(1)).getFirst();
        assertThat(about.path("alert").asText() + ".md")
                .isEqualTo(page.getFileName().toString())
                .isEqualTo(front.group(2) + ".md");
        assertThat(about.path("severity").asText()).isIn("critical", "warning", "info");
        assertThat(about.path("team").asText()).isIn("platform", "security", "wellness");
        assertThat(about.at("/drill/level").asText()).isIn("cluster", "local", "tabletop");
        for (JsonNode related : about.path("related")) {
            assertThat(Program.ROOT.resolve("runbooks/alerts/" + related.asText() + ".md"))
                    .isRegularFile();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void itsCommandsAreOnesThatTheProgramsKnow(Path page, @TempDir Path folder) throws IOException {
        var blocks = BLOCK.matcher(Tree.OURS.read(page.toString())).results().toList();
        for (var block : blocks) {
            Path script = folder.resolve("block.sh");
            Files.writeString(script, block.group(2));
            Program.run(folder, "bash", "-n", script.toString()).orThrow();
            assertThat(block.group(1))
                    .as("what it is for")
                    .matches(" rb id=[a-z-]+ phase=(assert|diagnose|mitigate|verify)( .+)?");
            if (block.group(1).contains("phase=mitigate")) {
                assertThat(block.group(1)).contains("risk=write confirm=yes");
            }
            block.group(2).lines().forEach(line -> assertThat(unknown(line)).isEmpty());
        }
    }

    @Test
    void aCommandThatIsNotThereIsFound() {
        assertThat(unknown("argocd app get x --refresh --output json | jq --raw-output .status"))
                .isEmpty();
        assertThat(unknown("argocd app get x --refreshed")).containsExactly("argocd app get --refreshed");
        assertThat(unknown("argocd app fetch x")).containsExactly("argocd app fetch");
        assertThat(unknown("kubectl argo rollouts undo x --to-version 3"))
                .containsExactly("kubectl argo rollouts undo --to-version");
    }

    /** Commands and flags that Argo CD's and Rollouts' own references of these versions do not have. */
    private static List<String> unknown(String line) {
        String command = line.contains(" | ") ? line.substring(0, line.indexOf(" | ")) : line;
        if (command.startsWith("argocd app ")) {
            return unknown(command, ARGO_CD.resolve("argocd_app_" + command.split(" ", -1)[2] + ".md"), 3);
        }
        if (command.startsWith("kubectl argo rollouts ")) {
            String[] words = command.split(" ", -1);
            Path reference = ROLLOUTS.resolve("kubectl-argo-rollouts_" + words[3] + ".md");
            Path of = ROLLOUTS.resolve(
                    "kubectl-argo-rollouts_" + words[3] + "_" + words[Math.min(4, words.length - 1)] + ".md");
            return Files.exists(of) ? unknown(command, of, 5) : unknown(command, reference, 4);
        }
        return List.of();
    }

    private static List<String> unknown(String command, Path reference, int words) {
        String name = String.join(" ", List.of(command.split(" ", -1)).subList(0, words));
        if (!Files.exists(reference)) {
            return List.of(name);
        }
        var unknown = new ArrayList<String>();
        try {
            String known = Files.readString(reference);
            FLAG.matcher(command).results().map(flag -> flag.group(1)).forEach(flag -> {
                if (!Pattern.compile(flag + "[ =]").matcher(known).find()) {
                    unknown.add(name + " " + flag);
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return unknown;
    }
}
