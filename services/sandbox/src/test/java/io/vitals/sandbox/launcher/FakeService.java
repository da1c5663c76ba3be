package io.vitals.sandbox.launcher;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for a packaged service: reads the same file, answers readiness on its management port, and notes what
 * happens to it. A file {@code <service>.fails} beside the notes makes its migration fail.
 */
public final class FakeService {
    private static final Pattern MANAGEMENT = Pattern.compile("management: \\{host: 127.0.0.1, port: (\\d+)}");

    private FakeService() {}

    /** Puts jars for both services where a build would. */
    static void install(Path root) throws IOException {
        for (String service : List.of("whoop-service", "health-api")) {
            Path target = Files.createDirectories(root.resolve("services/" + service + "/target"));
            var manifest = new Manifest();
            manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
            String classes = FakeService.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toString();
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classes);
            new JarOutputStream(Files.newOutputStream(target.resolve(service + ".jar")), manifest).close();
        }
    }

    /** What both services noted, in the order in which it happened. */
    static String notes(Path directory) throws IOException {
        Path notes = directory.resolve("notes");
        return Files.exists(notes) ? Files.readString(notes) : "";
    }

    public static void main(String[] arguments) throws Exception {
        Path configuration = Path.of(System.getenv("VITALS_CONFIG"));
        Path directory = configuration.resolve("../..").normalize();
        String service = configuration.toFile().getName().replace(".yaml", "");
        if (arguments.length == 1) {
            note(directory, service + " migrated");
            System.exit(Files.exists(directory.resolve(service + ".fails")) ? 1 : 0);
        }
        Matcher management = MANAGEMENT.matcher(Files.readString(configuration));
        if (!management.find()) {
            System.exit(2);
        }
        int port = Integer.parseInt(management.group(1));
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> note(directory, service + " stopped")));
        note(directory, service + " started");
        server.start();
    }

    private static void note(Path directory, String line) {
        try {
            Files.writeString(
                    directory.resolve("notes"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
