package io.vitals.kit.state;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Files that only their owner may read. */
final class OwnFiles {
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private OwnFiles() {}

    /** Makes the directory, or takes one that is empty. */
    static void directory(Path directory) throws IOException, StateException {
        if (Files.isDirectory(directory)) {
            if (!names(directory).isEmpty()) {
                throw new StateException("--to: the directory is not empty");
            }
            Files.setPosixFilePermissions(directory, DIRECTORY);
            return;
        }
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
    }

    static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            Set<String> names = new TreeSet<>();
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
            return names;
        }
    }

    /** A new file, on disk when it is closed. */
    static OutputStream create(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE);
        return new FilterOutputStream(Channels.newOutputStream(channel)) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                if (channel.isOpen()) {
                    channel.force(true);
                    channel.close();
                }
            }
        };
    }

    static void write(Path file, byte[] content) throws IOException {
        try (OutputStream out = create(file)) {
            out.write(content);
        }
    }

    /** Removes what an export that failed has written. */
    static void empty(Path directory) throws IOException {
        for (String name : names(directory)) {
            Files.deleteIfExists(directory.resolve(name));
        }
    }
}
