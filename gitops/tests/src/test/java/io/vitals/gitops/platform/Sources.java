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
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The objects of a tree as they stand in files, and as a cluster gets them. */
public final class Sources {
    public static final List<String> CLUSTERS = List.of("local", "preproduction", "production");

    private static final Map<Wired, List<Manifest>> WIRED = new ConcurrentHashMap<>();

    private Sources() {}

    /** A folder of a tree with the facts of a cluster and components beside. */
    private record Wired(Path root, List<Path> folders, String cluster) {}

    /** Objects with their files below a folder; what is not an object is left out. */
    static Map<Path, Manifest> below(Tree tree, String folder) {
        var all = new TreeMap<Path, Manifest>();
        typed(tree, folder)
                .forEach((file, manifests) -> manifests.stream()
                        .filter(manifest -> manifest.json().hasNonNull("metadata"))
                        .forEach(manifest -> all.put(file, manifest)));
        return all;
    }

    /** All that says what kind it is, by file, whether it has a name or not. */
    static Map<Path, List<Manifest>> typed(Tree tree, String folder) {
        var all = new TreeMap<Path, List<Manifest>>();
        Path below = tree.root().resolve(folder);
        if (!Files.isDirectory(below)) {
            return all;
        }
        try (Stream<Path> files = Files.walk(below)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                all.put(
                        tree.root().relativize(file),
                        Yaml.read(file).stream()
                                .filter(document -> document.hasNonNull("kind"))
                                .map(Manifest::new)
                                .toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** The facts of a cluster. */
    public static Manifest facts(Tree tree, String cluster) {
        return new Manifest(Yaml.read(tree.root().resolve("gitops/clusters/" + cluster + "/facts/cluster.yaml"))
                .getFirst());
    }

    /** What a cluster gets of our own beside the charts: its namespaces, its routes, and the extras of its components. */
    public static Map<Path, List<Manifest>> rendered(Tree tree, String cluster) {
        Path root = root(tree);
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
                all.put(relative, wired(root, List.of(relative), cluster));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** The edge with its rule by country, which no cluster has switched on. */
    static List<Manifest> edgeByCountry(Tree tree, String cluster) {
        return wired(
                root(tree),
                List.of(Path.of("gitops/platform/edge/extras"), Path.of("gitops/platform/edge/country")),
                cluster);
    }

    private static Path root(Tree tree) {
        return tree.changed().stream()
                        .anyMatch(path -> path.startsWith("gitops/clusters") || path.startsWith("gitops/platform"))
                ? tree.root()
                : Program.ROOT;
    }

    /** As Argo CD renders them: with the components that the Application names. */
    private static List<Manifest> wired(Path root, List<Path> folders, String cluster) {
        return WIRED.computeIfAbsent(new Wired(root, folders, cluster), Sources::render);
    }

    private static List<Manifest> render(Wired wanted) {
        try {
            // Beside the tree's own folders: kustomize takes no absolute paths.
            Path wired = Files.createTempDirectory("wired");
            try {
                String root = wired.toRealPath()
                        .relativize(wanted.root().toRealPath())
                        .toString();
                var components = new StringBuilder();
                for (Path component :
                        wanted.folders().subList(1, wanted.folders().size())) {
                    components.append(root).append('/').append(component).append(", ");
                }
                Files.writeString(
                        wired.resolve("kustomization.yaml"),
                        "components: [%2$s%1$s/gitops/clusters/%3$s/facts, %1$s/gitops/clusters/wiring]%nresources: [%1$s/%4$s]%n"
                                .formatted(
                                        root,
                                        components,
                                        wanted.cluster(),
                                        wanted.folders().getFirst()));
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
