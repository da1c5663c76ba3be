package io.vitals.gitops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The desired state in a folder: this repository, or a copy of it with something wrong.
 *
 * @param root of the repository
 * @param changed folders, relative to the root, of which it differs from ours; the others need not be rendered again
 */
public record Tree(Path root, Set<Path> changed) {
    public static final Tree OURS = new Tree(Program.ROOT, Set.of());
    private static final Map<Tree, Map<Path, List<Manifest>>> RENDERED = new ConcurrentHashMap<>();
    /** What is compiled is no state, and many times as big. */
    private static final List<String> MODULES = List.of("gitops/tests", "runbooks/tests");

    private static final List<String> PARTS =
            List.of("gitops", "sealed-secrets", "argocd", "runbooks", "docs", "tools", "monitoring");

    /** What is rendered of services and databases, by folder relative to the root; once, so a copy is changed before. */
    public Map<Path, List<Manifest>> rendered() {
        return RENDERED.computeIfAbsent(this, Tree::render);
    }

    private Map<Path, List<Manifest>> render() {
        var all = new TreeMap<Path, List<Manifest>>();
        for (String part : List.of("gitops/apps", "gitops/data")) {
            Path below = root.resolve(part);
            if (Files.exists(below)) {
                Render.folders(below).stream()
                        .filter(folder -> !folder.endsWith("base"))
                        .map(root::relativize)
                        .forEach(folder ->
                                all.put(folder, Render.folder(of(folder).resolve(folder))));
            }
        }
        return all;
    }

    private Path of(Path folder) {
        return changed.stream().anyMatch(folder::startsWith) ? root : Program.ROOT;
    }

    /**
     * A copy of ours that can be changed.
     *
     * @param files that are going to be
     */
    public static Tree copy(Path to, List<String> files) {
        PARTS.forEach(part -> copy(to, part));
        return new Tree(
                to,
                files.stream()
                        .map(Path::of)
                        .filter(file -> file.startsWith("argocd") || file.startsWith("gitops"))
                        .map(file -> file.startsWith("argocd")
                                ? file.subpath(0, 1)
                                : file.subpath(0, Math.min(3, file.getNameCount() - 1)))
                        .collect(Collectors.toSet()));
    }

    /** Copies a folder of ours to the same place elsewhere. */
    public static void copy(Path to, String part) {
        Path from = Program.ROOT.resolve(part);
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> all = Files.walk(from)) {
            all.filter(file -> MODULES.stream().noneMatch(module -> file.startsWith(Program.ROOT.resolve(module))))
                    .forEach(file -> copyOne(file, to.resolve(Program.ROOT.relativize(file))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                Files.createDirectories(to.getParent());
                Files.copy(from, to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
