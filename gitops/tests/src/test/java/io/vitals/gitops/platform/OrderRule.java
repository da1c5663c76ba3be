package io.vitals.gitops.platform;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keys stand in the order of the alphabet, so that a field is found and a change is one line; only what an object is may come before: apiVersion,
 * kind and metadata, and the name in that.
 */
final class OrderRule implements Rule {
    /** Objects, patches and values of charts; what tests and promotions read is for people to order. */
    private static final Pattern JUDGED = Pattern.compile(
            "(argocd/(appsets|bootstrap|install|projects)|gitops/(apps|clusters|data|platform|policies)|sealed-secrets)/.*\\.yaml");

    @Override
    public void judge(Tree tree, Findings findings) {
        for (String part : List.of("argocd", "gitops", "sealed-secrets")) {
            try (Stream<Path> files = Files.walk(tree.root().resolve(part))) {
                files.filter(Files::isRegularFile)
                        .map(tree.root()::relativize)
                        .filter(file -> JUDGED.matcher(file.toString()).matches())
                        .sorted()
                        .forEach(file -> Yaml.read(tree.root().resolve(file))
                                .forEach(document -> judge(findings, file, document, "")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void judge(Findings findings, Path file, JsonNode node, String at) {
        if (node.isObject()) {
            var keys = new ArrayList<String>();
            node.fieldNames().forEachRemaining(keys::add);
            List<String> rest = keys;
            if (at.isEmpty()) {
                rest = after(keys, List.of("apiVersion", "kind", "metadata"));
            } else if (at.equals("/metadata")) {
                rest = after(keys, List.of("name"));
            }
            boolean sorted = isSorted(keys) || isSorted(rest);
            findings.require(sorted, file, at.isEmpty() ? "/" : at, "its keys are not in order: " + keys);
        }
        node.properties().forEach(entry -> judge(findings, file, entry.getValue(), at + "/" + entry.getKey()));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            judge(findings, file, node.get(i), at + "/" + i);
        }
    }

    /** What follows the leading ones, as many of them as there are. */
    private static List<String> after(List<String> keys, List<String> leading) {
        int count = 0;
        for (String key : leading) {
            if (count < keys.size() && keys.get(count).equals(key)) {
                count++;
            }
        }
        return keys.subList(count, keys.size());
    }

    private static boolean isSorted(List<String> keys) {
        return keys.stream().sorted().toList().equals(keys);
    }
}
