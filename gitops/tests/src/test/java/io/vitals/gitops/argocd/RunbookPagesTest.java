package io.vitals.gitops.argocd;

import io.vitals.gitops.Program;
import io.vitals.runbooks.page.Language;
import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The commands of pages of runbooks are ones that the programs know; all else of a page, runbooks/tests holds. */
class RunbookPagesTest {
    private static final Pattern FLAG = Pattern.compile("(?<= )(--[a-z][a-z-]+)");
    private static final Path ARGO_CD = Installation.own().resolve("docs/user-guide/commands");
    private static final Path ROLLOUTS =
            Installation.module("/manifests/crds/rollout-crd.yaml").resolve("docs/generated/kubectl-argo-rollouts");

    /** The commands of the operator's plug-in, which has no reference of its own. */
    private static final Path OPERATOR = Installation.module("/config/crd/bases/postgresql.cnpg.io_clusters.yaml")
            .resolve("../internal/cmd/plugin")
            .normalize();

    static Stream<Path> pages() throws IOException {
        var pages = new ArrayList<Path>();
        for (String kind : List.of("runbooks/alerts", "runbooks/procedures")) {
            try (Stream<Path> files = Files.list(Program.ROOT.resolve(kind))) {
                files.sorted().map(Program.ROOT::relativize).forEach(pages::add);
            }
        }
        return pages.stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void itsCommandsAreOnesThatTheProgramsKnow(Path page) {
        for (Step step : Page.read(Program.ROOT.resolve(page)).steps()) {
            if (step.language() == Language.SH) {
                step.text().lines().forEach(line -> assertThat(unknown(line)).isEmpty());
            }
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
        assertThat(unknown("kubectl cnpg backup x --namespace y --method=plugin --plugin-name=z"))
                .isEmpty();
        assertThat(unknown("kubectl cnpg backup x --plugin=z")).containsExactly("kubectl cnpg backup --plugin");
        assertThat(unknown("kubectl cnpg switchover x")).containsExactly("kubectl cnpg switchover");
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
        return command.startsWith("kubectl cnpg ") ? plugin(command, command.split(" ", -1)[2]) : List.of();
    }

    /** What it does not know; its folders are not always called as its commands are. */
    private static List<String> plugin(String command, String word) {
        Pattern use = Pattern.compile("Use:\\s+\"" + Pattern.quote(word) + "[ \"]");
        try (Stream<Path> folders = Files.list(OPERATOR)) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                String code = code(folder);
                if (use.matcher(code).find()) {
                    return FLAG.matcher(command)
                            .results()
                            .map(flag -> flag.group(1))
                            // It is kubectl's own.
                            .filter(flag ->
                                    !flag.equals("--namespace") && !code.contains("\"" + flag.substring(2) + "\""))
                            .map(flag -> "kubectl cnpg " + word + " " + flag)
                            .toList();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("kubectl cnpg " + word);
    }

    private static String code(Path folder) throws IOException {
        var code = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                code.append(Files.readString(file));
            }
        }
        return code.toString();
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
