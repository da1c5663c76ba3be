package io.vitals.journey.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of tools/, built when they are not there yet, and the end of those that run. */
public final class Tools {
    public static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final ConcurrentMap<String, Path> BUILT = new ConcurrentHashMap<>();

    private Tools() {}

    public static Path program(String name) {
        return BUILT.computeIfAbsent(
                name, missing -> Path.of(said(ROOT, ROOT.resolve("tools/build").toString(), missing)));
    }

    /** What a command prints that has to succeed. */
    public static String said(Path folder, String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + process.exitValue());
            }
            return said.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A port of loopback that nobody listens at now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An empty folder: what an earlier run left would be taken for something of this one. */
    public static Path fresh(Path folder) throws IOException {
        if (Files.exists(folder)) {
            delete(folder);
        }
        return Files.createDirectories(folder);
    }

    /** A folder with all that is in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                // A server that is about to end takes some away itself.
                Files.deleteIfExists(file);
            }
        }
    }

    /** Asks a process to end, and ends it when it does not. */
    public static void end(Process process) {
        process.destroy();
        if (process.onExit()
                .completeOnTimeout(process, 20, TimeUnit.SECONDS)
                .join()
                .isAlive()) {
            process.destroyForcibly();
        }
    }
}
