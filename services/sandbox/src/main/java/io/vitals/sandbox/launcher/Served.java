package io.vitals.sandbox.launcher;

import io.vitals.sandbox.member.Almanac;
import io.vitals.sandbox.postgres.PostgresFailure;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.postgres.SandboxPostgres;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What Vitals needs around it and nothing of Vitals itself: PostgreSQL with both databases, the simulators, the issuer and
 * the control page, for services that run in containers of their own.
 */
final class Served implements Running {
    private final Path directory;
    private final ServeOptions options;
    private final Ports ports;
    private final Consumer<String> progress;
    private final Deque<Runnable> stops = new ArrayDeque<>();

    Served(Path directory, ServeOptions options, Ports ports, Consumer<String> progress) {
        this.directory = directory;
        this.options = options;
        this.ports = ports;
        this.progress = progress;
    }

    @Override
    public synchronized void start() {
        try {
            startParts();
        } catch (PostgresFailure e) {
            close();
            throw new LaunchFailure(e.getMessage() == null ? "PostgreSQL failed" : e.getMessage(), e);
        } catch (RuntimeException | IOException e) {
            close();
            throw new LaunchFailure("The sandbox cannot start: " + e, e);
        }
    }

    private void startParts() throws IOException {
        progress.accept("Starting PostgreSQL");
        SandboxPostgres postgres =
                SandboxPostgres.serve(Leftovers.postgres(directory), options.place(), ports.postgres());
        stops.push(postgres::close);
        SandboxDatabase whoop = postgres.createDatabase("whoop", "whoop_migrator", "whoop_app");
        SandboxDatabase health = postgres.createDatabase("health", "health_migrator", "health_app");
        var secrets = new ServedSecrets(directory.resolve("secrets"), options.secrets(), new SecureRandom());
        progress.accept("Starting the simulators of WHOOP and Sahha and the sign-in issuer");
        var simulators = new Simulators(
                new SimulatorSettings(
                        directory,
                        options.place(),
                        ports,
                        Almanac.USUAL,
                        options.vitals(),
                        secrets.write(whoop, health)),
                Conditions.USUAL,
                Clock.systemUTC());
        stops.push(simulators::close);
    }

    @Override
    public void greet(Consumer<String> line) {
        line.accept("The sandbox is ready for Vitals at " + options.vitals().page());
        line.accept("  control page of the simulators: " + options.place().forBrowsers(ports.control()));
    }

    @Override
    public synchronized void close() {
        while (!stops.isEmpty()) {
            stops.pop().run();
        }
    }
}
