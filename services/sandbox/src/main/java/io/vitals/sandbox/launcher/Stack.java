package io.vitals.sandbox.launcher;

import io.vitals.sandbox.http.Place;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.postgres.PostgresFailure;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.postgres.SandboxPostgres;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * All of Vitals: PostgreSQL, the simulators, and both services as processes of their packaged jars. Tests take it to
 * kill and restart parts; the launcher takes it to run them.
 */
public final class Stack implements Running {
    private static final Duration READY_DEADLINE = Duration.ofMinutes(2);
    /** Longer than the 30 s that a service gives its requests in flight. */
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(45);

    private final StackSettings settings;
    private final Conditions conditions;
    private final Consumer<String> onUnexpectedEnd;
    private final Deque<Runnable> stops = new ArrayDeque<>();
    private volatile boolean closing;
    private @Nullable SandboxPostgres postgres;
    private @Nullable SandboxDatabase whoopDatabase;
    private @Nullable SandboxDatabase healthDatabase;
    private @Nullable Simulators simulators;
    private List<ServiceProcess> whoopServices = List.of();
    private @Nullable ServiceProcess healthApi;

    /**
     * Nothing runs before {@link #start()}.
     *
     * @param onUnexpectedEnd hears one line when a service ends though nobody stopped it
     */
    public Stack(StackSettings settings, Consumer<String> onUnexpectedEnd) {
        this(settings, Conditions.USUAL, onUnexpectedEnd);
    }

    /** Under other conditions than the usual ones. */
    public Stack(StackSettings settings, Conditions conditions, Consumer<String> onUnexpectedEnd) {
        this.settings = settings;
        this.conditions = conditions;
        this.onUnexpectedEnd = onUnexpectedEnd;
    }

    /** As {@link #start()}, on an empty directory: what a killed run left there, processes and data, is ended and deleted. */
    public synchronized void startAfresh() {
        Leftovers.clear(settings.directory());
        start();
    }

    /** Starts everything and waits until both services are ready. */
    @Override
    public synchronized void start() {
        try {
            Leftovers.end(settings.directory());
            startParts();
        } catch (LaunchFailure e) {
            stopParts();
            throw e;
        } catch (PostgresFailure e) {
            stopParts();
            throw new LaunchFailure(e.getMessage() == null ? "PostgreSQL failed" : e.getMessage(), e);
        } catch (RuntimeException | IOException e) {
            stopParts();
            throw new LaunchFailure("Vitals cannot start: " + e, e);
        }
    }

    private void startParts() throws IOException {
        say("Starting PostgreSQL");
        SandboxPostgres server = SandboxPostgres.start(
                Leftovers.postgres(settings.directory()), settings.ports().postgres());
        postgres = server;
        whenStopping("PostgreSQL", server::close);
        SandboxDatabase forWhoop = server.createDatabase("whoop", "whoop_migrator", "whoop_app");
        SandboxDatabase forHealth = server.createDatabase("health", "health_migrator", "health_app");
        whoopDatabase = forWhoop;
        healthDatabase = forHealth;

        var random = new SecureRandom();
        var files = new ServiceFiles(settings, new Secrets(settings.directory().resolve("secrets"), random));
        WhoopReplicas replicas = new WhoopReplicas(settings, conditions, random);
        List<ServiceProcess> whoops = replicas.processes(files, forWhoop, onUnexpectedEnd);
        ServiceProcess health = new ServiceProcess(
                "health-api",
                settings.jar("health-api"),
                files.healthApi(forHealth),
                conditions.healthSettings(),
                settings.log("health-api"),
                readiness(settings.ports().healthManagement()),
                Leftovers.record(settings.directory(), "health-api"),
                onUnexpectedEnd);
        whoopServices = whoops;
        healthApi = health;
        say("Bringing the databases up to date");
        whoops.getFirst().migrate();
        giveUpWhenClosing();
        health.migrate();
        giveUpWhenClosing();

        say("Starting the simulators of WHOOP and Sahha and the sign-in issuer");
        var outside = new Simulators(
                new SimulatorSettings(
                        settings.directory(),
                        Place.LOOPBACK,
                        settings.ports(),
                        settings.almanac(),
                        settings.addresses(),
                        files.forSimulators()),
                conditions,
                Clock.systemUTC());
        simulators = outside;
        whenStopping("the simulators", outside::close);

        for (ServiceProcess whoop : whoops) {
            startService(whoop);
        }
        for (Balancer balancer : replicas.balance(whoops)) {
            whenStopping("a balancer", balancer::close);
        }
        startService(health);
    }

    static URI readiness(int managementPort) {
        return Place.LOOPBACK.forPrograms(managementPort).resolve("/health/ready");
    }

    private void startService(ServiceProcess service) {
        giveUpWhenClosing();
        say("Starting " + service.name());
        whenStopping(service.name(), () -> service.stop(STOP_DEADLINE));
        service.start();
        service.awaitReady(READY_DEADLINE, () -> closing);
    }

    @Override
    public void greet(Consumer<String> line) {
        line.accept("Vitals is ready: " + pageUrl());
        line.accept("  sign in as "
                + Account.SANDBOX.stream()
                        .map(account -> account.name() + " (" + String.join(", ", account.groups()) + ")")
                        .collect(Collectors.joining(", "))
                + "; a click, no password");
        line.accept("  control page of the simulators: " + controlUrl());
    }

    /** Where a browser starts. */
    public URI pageUrl() {
        return URI.create(settings.addresses().page());
    }

    public URI controlUrl() {
        return Place.LOOPBACK.forBrowsers(settings.ports().control());
    }

    /** Where this run keeps its files. */
    public Path directory() {
        return settings.directory();
    }

    public Ports ports() {
        return settings.ports();
    }

    public SandboxPostgres postgres() {
        return started(postgres);
    }

    public SandboxDatabase whoopDatabase() {
        return started(whoopDatabase);
    }

    public SandboxDatabase healthDatabase() {
        return started(healthDatabase);
    }

    public Simulators simulators() {
        return started(simulators);
    }

    /** The first of its replicas. */
    public ServiceProcess whoopService() {
        return whoopServices().getFirst();
    }

    public List<ServiceProcess> whoopServices() {
        if (whoopServices.isEmpty()) {
            throw new IllegalStateException("Vitals has not been started");
        }
        return whoopServices;
    }

    public ServiceProcess healthApi() {
        return started(healthApi);
    }

    /** Stops what runs, in the reverse order of the start. A start that is under way is given up first. */
    @Override
    public void close() {
        closing = true;
        stopAll();
    }

    private synchronized void stopAll() {
        stopParts();
    }

    private void stopParts() {
        while (!stops.isEmpty()) {
            stops.pop().run();
        }
    }

    private void whenStopping(String name, Runnable stop) {
        stops.push(() -> {
            say("Stopping " + name);
            try {
                stop.run();
            } catch (RuntimeException e) {
                say(name + " did not stop cleanly: " + e.getMessage());
            }
        });
    }

    private void giveUpWhenClosing() {
        if (closing) {
            throw new LaunchFailure("Stopped while starting");
        }
    }

    private void say(String line) {
        settings.progress().accept(line);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("Vitals has not been started");
        }
        return part;
    }
}
