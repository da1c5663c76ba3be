package io.vitals.gitops.platform;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Render;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The objects of a tree as they stand in files, and as a cluster gets them. */
final class Sources {
    static final List<String> CLUSTERS = List.of("local", "preproduction", "production");

    private Sources() {}

    /** Objects with their files below a folder; what is not an object is left out. */
    static Map<Path, Manifest> below(Tree tree, String folder) {
        var all = new TreeMap<Path, Manifest>();
        Path below = tree.root().resolve(folder);
        if (!Files.isDirectory(below)) {
            return all;
        }
        try (Stream<Path> files = Files.walk(below)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                for (JsonNode document : Yaml.read(file)) {
                    if (document.hasNonNull("kind") && document.hasNonNull("metadata")) {
                        all.put(tree.root().relativize(file), new Manifest(document));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** The facts of a cluster. */
    static Manifest facts(Tree tree, String cluster) {
        return new Manifest(Yaml.read(tree.root().resolve("gitops/clusters/" + cluster + "/facts/cluster.yaml"))
                .getFirst());
    }

    /** What a cluster gets of our own beside the charts: its namespaces, its routes, and the extras of its components. */
    static Map<Path, List<Manifest>> rendered(Tree tree, String cluster) {
        Path root = tree.changed().stream()
                        .anyMatch(path -> path.startsWith("gitops/clusters") || path.startsWith("gitops/platform"))
                ? tree.root()
                : Program.ROOT;
        var all = new LinkedHashMap<Path, List<Manifest>>();
        for (String part : List.of("namespaces", "routes")) {
            Path folder = Path.of("gitops/clusters", cluster, part);
            all.put(folder, Render.folder(root.resolve(folder)));
        }
        Path extras = tree.root().resolve("gitops/platform");
        try (Stream<Path> files = Files.list(extras)) {
            for (Path folder : files.map(component -> component.resolve("extras"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList()) {
                Path relative = tree.root().relativize(folder);
                all.put(relative, extras(root, relative, cluster));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** As Argo CD renders them: with the components that the Application names. */
    private static List<Manifest> extras(Path root, Path folder, String cluster) {
        try {
            // Beside the tree's own folders: kustomize takes no absolute paths.
            Path wired = Files.createTempDirectory("wired");
            try {
                Files.writeString(
                        wired.resolve("kustomization.yaml"),
                        "components: [%1$s/gitops/clusters/%2$s/facts, %1$s/gitops/clusters/wiring]%nresources: [%1$s/%3$s]%n"
                                .formatted(wired.toRealPath().relativize(root.toRealPath()), cluster, folder));
                return Render.folder(wired);
            } finally {
                Files.deleteIfExists(wired.resolve("kustomization.yaml"));
                Files.deleteIfExists(wired);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    static List<String> texts(JsonNode list) {
        var all = new ArrayList<String>();
        list.forEach(entry -> all.add(entry.asText()));
        return all;
    }
}
