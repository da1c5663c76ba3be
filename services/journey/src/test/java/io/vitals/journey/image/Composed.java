package io.vitals.journey.image;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.awaitility.Awaitility.await;

/** Vitals in containers, as compose.yaml says, in a project of its own. */
final class Composed implements AutoCloseable {
    private static final String PROJECT = "vitals-test";
    private static final Duration HEALTHY = Duration.ofMinutes(2);

    private Composed() {}

    /** Starts all of it and returns when every part is healthy. */
    static Composed up() {
        Composed composed = new Composed();
        composed.compose("down", "--volumes", "--timeout", "1");
        Engine.Ended ended = composed.compose("up", "--detach");
        if (ended.code() != 0) {
            String logs = composed.compose("logs", "--tail", "30").out();
            composed.close();
            throw new AssertionError("compose up: " + ended.err() + ended.out() + logs);
        }
        return composed;
    }

    /** Walks the packaged journey through the proxy, as a container among the others. */
    Engine.Ended journey() {
        return compose("run", "--rm", "journey");
    }

    /** SIGKILL. */
    void kill(String service) {
        Engine.docker("kill", container(service));
    }

    /** As {@code docker stop} does it; the exit code of the process. */
    int stop(String service) {
        String container = container(service);
        Engine.docker("stop", "--time", "45", container);
        return Engine.state(container).path("ExitCode").asInt();
    }

    /** Brings back some that were killed or stopped, and waits until they say that they are ready, as the proxy does. */
    void start(String... services) {
        for (String service : services) {
            Engine.docker("start", container(service));
        }
        for (String service : services) {
            InetAddress address = Engine.address(container(service));
            int port = service.startsWith("whoop-service") ? 9091 : 9090;
            await().atMost(HEALTHY).until(() -> Engine.answersWell(address, port, "/health/ready"));
        }
    }

    /** Stops them in the kernel, so that they answer nothing, or lets them go on. */
    void pause(String... services) {
        for (String service : services) {
            Engine.docker("pause", container(service));
        }
    }

    void unpause(String... services) {
        for (String service : services) {
            Engine.docker("unpause", container(service));
        }
    }

    /** Both streams of a service, apart. */
    Engine.Ended logs(String service) {
        return Engine.docker("logs", container(service));
    }

    String container(String service) {
        return compose("ps", "--quiet", service).out().strip();
    }

    Engine.Ended compose(String... words) {
        List<String> command = new ArrayList<>(
                List.of(Engine.REPOSITORY.resolve("tools/compose").toString()));
        command.addAll(List.of(words));
        return Engine.run(command, Map.of("COMPOSE_PROJECT_NAME", PROJECT));
    }

    @Override
    public void close() {
        compose("--profile", "journey", "down", "--volumes", "--timeout", "5");
    }
}
