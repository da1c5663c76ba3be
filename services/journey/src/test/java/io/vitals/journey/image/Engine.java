package io.vitals.journey.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The container engine that answers, by its own program. */
final class Engine {
    static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofMinutes(4);

    /** How a command ended and what it said. */
    record Ended(int code, String out, String err) {}

    private Engine() {}

    /** As {@link #run}, and must go well. */
    static Ended docker(String... words) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        Ended ended = run(command, Map.of());
        if (ended.code() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + ended.err());
        }
        return ended;
    }

    /** What the engine knows of a container's process. */
    static JsonNode state(String container) {
        try {
            return JSON.readTree(docker("inspect", container).out()).path(0).path("State");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Any address of a container; all of them can be reached from here. */
    static InetAddress address(String container) {
        try {
            JsonNode networks =
                    JSON.readTree(docker("inspect", "--format", "{{json .NetworkSettings.Networks}}", container)
                            .out());
            for (JsonNode network : networks) {
                if (!network.path("IPAddress").asText().isEmpty()) {
                    return InetAddress.getByName(network.path("IPAddress").asText());
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError(container + " has no address");
    }

    /** By hand: one connection, one answer, whatever else is open. */
    static boolean answersWell(InetAddress address, int port, String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1_000);
            socket.setSoTimeout(5_000);
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + path + " HTTP/1.1\r\nHost: vitals.localhost\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).endsWith("200");
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs a command in the repository, with some more variables. */
    static Ended run(List<String> command, Map<String, String> environment) {
        try {
            Path out = Files.createTempFile("container", ".out");
            Path err = Files.createTempFile("container", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(REPOSITORY.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " does not end");
                }
                return new Ended(
                        process.exitValue(),
                        Files.readString(out, StandardCharsets.UTF_8),
                        Files.readString(err, StandardCharsets.UTF_8));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
