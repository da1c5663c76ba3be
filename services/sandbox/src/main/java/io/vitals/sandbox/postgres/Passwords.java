package io.vitals.sandbox.postgres;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The passwords of the roles, kept beside the data in a file that only its owner reads. */
final class Passwords {
    private final Path file;
    private final SecureRandom random;
    private final Map<String, String> byRole = new TreeMap<>();

    Passwords(Path file, SecureRandom random) throws IOException {
        this.file = file;
        this.random = random;
        if (Files.exists(file)) {
            var stored = new Properties();
            stored.load(new StringReader(Files.readString(file)));
            stored.stringPropertyNames().forEach(role -> byRole.put(role, stored.getProperty(role)));
        }
    }

    synchronized String of(String role) throws IOException {
        String known = byRole.get(role);
        if (known != null) {
            return known;
        }
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        String fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        byRole.put(role, fresh);
        write();
        return fresh;
    }

    /** Writes a new file and moves it over the old one: a crash leaves one or the other, never half of it. */
    private void write() throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                fresh,
                byRole.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
