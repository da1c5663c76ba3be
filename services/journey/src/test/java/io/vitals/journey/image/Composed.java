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
import java.util.concurrent.TimeUnit;

import static org.awaitility.Awaitility.await;

/** Vitals in containers, as compose.yaml says, in a project of its own. */
final class Composed implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
    private static final String PROJECT = "vitals-test";
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final Duration HEALTHY = Duration.ofMinutes(2);

    /** How a command ended and what it said. */
    record Ended(int code, String out, String err) {}

    private Composed() {}

    /** Starts all of it and returns when every part is healthy. */
    static Composed up() {
        Composed composed = new Composed();
        composed.compose("down", "--volumes", "--timeout", "1");
        Ended ended = composed.compose("up", "--detach");
        if (ended.code() != 0) {
            String logs = composed.compose("logs", "--tail", "30").out();
            composed.close();
            throw new AssertionError("compose up: " + ended.err() + ended.out() + logs);
        }
        return composed;
    }

    /** Walks the packaged journey through the proxy, as a container among the others. */
    Ended journey() {
        return compose("run", "--rm", "journey");
    }

    /** SIGKILL. */
    void kill(String service) {
        docker("kill", container(service));
    }

    /** As {@code docker stop} does it; the exit code of the process. */
    int stop(String service) {
        String container = container(service);
        docker("stop", "--time", "45", container);
        return state(container).path("ExitCode").asInt();
    }

    /** Brings back some that were killed or stopped, and waits until they say that they are ready, as the proxy does. */
    void start(String... services) {
        for (String service : services) {
            docker("start", container(service));
        }
        for (String service : services) {
            InetAddress address = address(container(service));
            int port = service.startsWith("whoop-service") ? 9091 : 9090;
            await().atMost(HEALTHY).until(() -> answersWell(address, port, "/health/ready"));
        }
    }

    /** Stops them in the kernel, so that they answer nothing, or lets them go on. */
    void pause(String... services) {
        for (String service : services) {
            docker("pause", container(service));
        }
    }

    void unpause(String... services) {
        for (String service : services) {
            docker("unpause", container(service));
        }
    }

    /** Any address of a container; all of them can be reached from here. */
    InetAddress address(String container) {
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

    /** What the engine knows of the service's process. */
    JsonNode state(String container) {
        try {
            return JSON.readTree(docker("inspect", container).out()).path(0).path("State");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Both streams of a service, apart. */
    Ended logs(String service) {
        return docker("logs", container(service));
    }

    String container(String service) {
        return compose("ps", "--quiet", service).out().strip();
    }

    Ended compose(String... words) {
        List<String> command =
                new ArrayList<>(List.of(REPOSITORY.resolve("tools/compose").toString()));
        command.addAll(List.of(words));
        return run(command);
    }

    /** As {@link #run}, and must go well. */
    Ended docker(String... words) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        Ended ended = run(command);
        if (ended.code() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + ended.err());
        }
        return ended;
    }

    private static Ended run(List<String> command) {
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
                builder.environment().put("COMPOSE_PROJECT_NAME", PROJECT);
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

    @Override
    public void close() {
        compose("--profile", "journey", "down", "--volumes", "--timeout", "5");
    }
}
