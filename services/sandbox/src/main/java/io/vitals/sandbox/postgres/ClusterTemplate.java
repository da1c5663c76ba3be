package io.vitals.sandbox.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

/**
 * A cluster as initdb left it, made once for each user of this machine: temporary servers take copies, because initdb
 * costs seconds and a copy costs a tenth of one. Nothing is shared but the starting point.
 */
final class ClusterTemplate {
    /** What a copy needs: the passwords belong to the roles in the data. */
    private static final List<String> PARTS = List.of("data", "passwords.properties");

    private final Path home;
    private final String name;

    /**
     * A template by its name.
     *
     * @param name changes with anything that changes what initdb makes
     */
    ClusterTemplate(Path home, String name) {
        this.home = home;
        this.name = name;
    }

    /**
     * Fills a directory with a copy.
     *
     * @param maker starts a server on the directory it is given, and stops it; called when there is no template yet
     */
    void copyTo(Path directory, Consumer<Path> maker) throws IOException {
        Path template = home.resolve(name);
        // Several builds may run at once; the lock makes one of them the maker.
        try (FileChannel channel = FileChannel.open(
                        home.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            if (!Files.isDirectory(template)) {
                Path fresh = Files.createTempDirectory(home, name + "-");
                maker.accept(fresh);
                Files.move(fresh, template, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        for (String part : PARTS) {
            copy(template.resolve(part), directory.resolve(part));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
