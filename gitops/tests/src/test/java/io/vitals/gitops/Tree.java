package io.vitals.gitops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The desired state in a folder: this repository, or a copy of it with something wrong.
 *
 * @param root of the repository
 */
public record Tree(Path root) {
    public static final Tree OURS = new Tree(Program.ROOT);
    private static final List<String> PARTS =
            List.of("gitops", "sealed-secrets", "argocd", "runbooks", "docs", "tools", "monitoring");

    /** What is rendered of services and databases, by folder relative to the root. */
    public Map<Path, List<Manifest>> rendered() {
        var all = new TreeMap<Path, List<Manifest>>();
        for (String part : List.of("gitops/apps", "gitops/data")) {
            Path below = root.resolve(part);
            if (Files.exists(below)) {
                Render.folders(below).stream()
                        .filter(folder -> !folder.endsWith("base"))
                        .forEach(folder -> all.put(root.relativize(folder), Render.folder(folder)));
            }
        }
        return all;
    }

    /** A copy that can be changed. */
    public Tree copy(Path to) {
        for (String part : PARTS) {
            Path from = root.resolve(part);
            if (!Files.exists(from)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(from)) {
                files.filter(file -> !file.startsWith(root.resolve("gitops/tests")))
                        .forEach(file -> copyOne(file, to.resolve(root.relativize(file))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Tree(to);
    }

    public String read(String file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    private static void copyOne(Path from, Path to) {
        try {
            if (Files.isDirectory(from)) {
                Files.createDirectories(to);
            } else {
                Files.copy(from, to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
