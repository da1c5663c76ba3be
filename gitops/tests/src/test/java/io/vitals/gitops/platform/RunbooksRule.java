package io.vitals.gitops.platform;

import io.vitals.gitops.Findings;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whoever is woken finds a page: each link to a runbook leads to a file of this tree, and each link between pages to another. */
final class RunbooksRule implements Rule {
    private static final String HERE = "https://github.com/vitals/vitals/blob/main/";
    private static final Pattern LINK = Pattern.compile("https?://[^\\s\"'<>()]*/runbooks/[^\\s\"'<>()]*");
    private static final Pattern TESTS = Pattern.compile(".*/tests/(src|target)/.*");
    private static final Pattern BETWEEN = Pattern.compile("]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");

    @Override
    public void judge(Tree tree, Findings findings) {
        for (String part : List.of("argocd", "docs", "gitops", "monitoring", "runbooks")) {
            try (Stream<Path> files = Files.walk(tree.root().resolve(part))) {
                files.filter(Files::isRegularFile)
                        .map(tree.root()::relativize)
                        .filter(file -> file.toString().matches(".*\\.(md|ya?ml)"))
                        .filter(file -> !PlatformSchemaRule.FIXTURE
                                .matcher(file.toString())
                                .matches())
                        // What it asks of others is no link, and what tests read is no page.
                        .filter(file -> !file.startsWith("gitops/policies")
                                && !TESTS.matcher(file.toString()).matches())
                        .sorted()
                        .forEach(file -> judge(tree, findings, file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void judge(Tree tree, Findings findings, Path file) {
        String text = tree.read(file.toString());
        LINK.matcher(text)
                .results()
                .forEach(link -> findings.require(
                        link.group().startsWith(HERE)
                                && Files.isRegularFile(
                                        tree.root().resolve(link.group().substring(HERE.length()))),
                        file,
                        link.group(),
                        "leads to no page"));
        if (file.startsWith("runbooks")) {
            BETWEEN.matcher(text)
                    .results()
                    .forEach(link -> findings.require(
                            Files.exists(tree.root()
                                    .resolve(file)
                                    .resolveSibling(link.group(1))
                                    .normalize()),
                            file,
                            link.group(1),
                            "leads to no page"));
        }
    }
}
