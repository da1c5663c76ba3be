package io.vitals.gitops.network;

import io.vitals.gitops.Findings;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;
import io.vitals.gitops.platform.Sources;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every pair of endpoints on every port is open or shut as docs/platform/network.md says. Policies that charts bring are off, as they are
 * not rendered here and would open what this rule calls shut.
 */
final class ReachabilityRule implements Rule {
    private static final Path FILE = Path.of(Table.FILE);

    @Override
    public void judge(Tree tree, Findings findings) {
        Table table = Table.of(tree);
        var used = new HashSet<Table.Row>();
        for (String cluster : Sources.CLUSTERS) {
            Reachability.of(tree, cluster).differences(used).forEach(findings::add);
        }
        table.rows().stream()
                .filter(row -> !used.contains(row))
                .forEach(row -> findings.add(FILE, "opens nothing that another row does not open: " + row.line()));
        charts(tree, findings);
    }

    private static void charts(Tree tree, Findings findings) {
        for (String part : List.of("gitops/platform", "gitops/clusters")) {
            try (Stream<Path> files = Files.walk(tree.root().resolve(part))) {
                files.filter(file -> file.getFileName().toString().equals("values.yaml")
                                || file.resolveSibling("").endsWith("values"))
                        .filter(Files::isRegularFile)
                        .sorted()
                        .forEach(file -> findings.require(
                                Yaml.read(file).stream()
                                        .flatMap(values -> values.findValues("networkPolicy").stream())
                                        .noneMatch(
                                                policy -> policy.path("enabled").asBoolean(false)),
                                tree.root().relativize(file),
                                "networkPolicy",
                                "brings policies of the chart, which nothing here judges"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
