package io.vitals.gitops.argocd;

import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Render;
import io.vitals.gitops.Tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Folders of argocd/ as a cluster gets them. The base that they name by its address is of Argo CD's repository; here it is taken from Argo
 * CD's Go module of the same version, whose checksum stands in tools/schemas, as nothing can be fetched while tests run.
 */
public final class Installation {
    private static final Pattern BASE =
            Pattern.compile("https://github\\.com/argoproj/argo-cd//(manifests/[a-z/-]+)\\?ref=(v\\d+\\.\\d+\\.\\d+)");
    private static final Map<Path, Path> COPIES = new ConcurrentHashMap<>();
    private static final Path MODULE = module("/manifests/crds/application-crd.yaml");

    private Installation() {}

    /** The objects of a folder such as {@code argocd/bootstrap/production}; argocd/ is copied once for each tree. */
    public static List<Manifest> folder(Tree tree, String folder) {
        return Render.folder(copy(tree).resolve(folder));
    }

    /** A copy of argocd/ whose base is here; to be changed by nobody. */
    private static Path copy(Tree tree) {
        Path root = tree.changed().contains(Path.of("argocd")) ? tree.root() : Program.ROOT;
        return COPIES.computeIfAbsent(root, missing -> {
            try {
                Path to = Files.createTempDirectory(
                        Files.createDirectories(Program.ROOT.resolve("gitops/tests/target")), "argocd");
                copyInto(to, root.resolve("argocd"));
                return to;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Copies argocd/ and puts the base in place. */
    static void copyInto(Path to, Path argocd) throws IOException {
        try (Stream<Path> files = Files.walk(argocd)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve("argocd").resolve(argocd.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        Path kustomization = to.resolve("argocd/install/kustomization.yaml");
        String text = Files.readString(kustomization);
        var base = BASE.matcher(text);
        if (!base.find() || !MODULE.endsWith("v3@" + base.group(2))) {
            throw new IllegalStateException(
                    "argocd/install is of another version than tools/schemas: " + MODULE.getFileName());
        }
        Path here = to.resolve("argocd/install")
                .toRealPath()
                .relativize(MODULE.toRealPath().resolve(base.group(1)));
        Files.writeString(kustomization, base.replaceFirst(here.toString()));
    }

    /** Where Argo CD's own files are. */
    static Path own() {
        return MODULE;
    }

    /** The folder of the module that brings a file below manifests/crds. */
    static Path module(String file) {
        String found = Program.run(Program.ROOT, "tools/schemas/fetch")
                .orThrow()
                .lines()
                .filter(path -> path.endsWith(file))
                .findAny()
                .orElseThrow();
        return Path.of(found).resolve("../../..").normalize();
    }
}
