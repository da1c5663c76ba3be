package io.vitals.gitops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Renders folders with kustomize. A folder is rendered once in a process; trees that change are copied first. */
public final class Render {
    private static final Map<Path, List<Manifest>> RENDERED = new ConcurrentHashMap<>();

    private Render() {}

    /** The objects of a folder with a kustomization. */
    public static List<Manifest> folder(Path folder) {
        return RENDERED.computeIfAbsent(folder.toAbsolutePath().normalize(), missing -> {
            var answer = text(missing);
            if (answer.code() != 0) {
                throw new IllegalStateException(
                        missing + " does not render: " + answer.err().strip());
            }
            return Yaml.parse(answer.out()).stream().map(Manifest::new).toList();
        });
    }

    /** What kustomize says of a folder. */
    public static Program.Answer text(Path folder) {
        return Program.run(folder, Program.tool("kustomize"), "build", ".");
    }

    /** All folders below one that can be rendered: no components, and nothing that is there to be refused. */
    public static List<Path> folders(Path below) {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(file -> file.getFileName().toString().equals("kustomization.yaml"))
                    .filter(file -> !below.relativize(file).startsWith("invalid"))
                    .filter(file -> !below.relativize(file).startsWith("tests"))
                    .filter(file -> Yaml.read(file).stream()
                            .noneMatch(
                                    document -> document.path("kind").asText("").equals("Component")))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
