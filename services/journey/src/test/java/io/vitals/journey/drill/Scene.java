package io.vitals.journey.drill;

import io.vitals.journey.process.MemberSession;
import io.vitals.journey.stack.Part;
import io.vitals.journey.stack.Tools;
import io.vitals.sandbox.launcher.Conditions;
import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.launcher.StackSettings;
import io.vitals.sandbox.member.Almanac;
import io.vitals.sandbox.whoop.WhoopControl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import static org.awaitility.Awaitility.await;

/** A run of Vitals with members, and the monitoring beside it. */
final class Scene implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    /** More than anybody here calls. */
    static final int CALLS = 600_000;

    /** Accounts of the first people are no plain members. */
    private static final int FIRST = 5;

    private static final Map<String, String> SETTINGS = Map.of(
            // What happens each half hour or each minute happens as much more often as alerts come sooner.
            "VITALS_SYNC_POLL", "100ms",
            "VITALS_SYNC_CYCLE_INTERVAL", "20s",
            "VITALS_SYNC_RETRY_CAP", "5s",
            "VITALS_WEBHOOK_RETRY_CAP", "1s",
            "VITALS_UPSTREAM_CIRCUIT_DELAY", "200ms",
            // History is of no interest here.
            "VITALS_SYNC_BACKFILL_DAYS", "3",
            "VITALS_SYNC_HISTORY_DAYS", "3");

    private final Deque<Runnable> started = new ArrayDeque<>();
    private final Stack stack;
    private final MemberSession visitor;
    private final Part exporter;
    private final Watch watch;
    private final List<MemberSession> members = new ArrayList<>();

    /**
     * Starts all of it and returns when every target is scraped.
     *
     * @param people that are linked
     */
    Scene(String name, int people, Pace pace) {
        Path directory = Path.of("target", "drill", name);
        var settings = new StackSettings(
                Tools.ROOT,
                directory.resolve("vitals"),
                Ports.free(new SecureRandom()),
                Almanac.pinned(LocalDate.now(ZoneOffset.UTC)),
                _ -> {});
        var conditions =
                new Conditions(FIRST + people, CALLS, 10 * CALLS, 0.001, 4, 1, Optional.empty(), SETTINGS, Map.of());
        stack = new Stack(settings, conditions, line -> System.err.println(name + ": " + line));
        stack.startAfresh();
        started.push(stack::close);
        try {
            Path monitoring = Tools.fresh(directory.resolve("monitoring"));
            link(people);
            visitor = MemberSession.signIn(stack, "member-" + visitorsPerson());
            exporter = Exporter.start(stack.postgres(), monitoring, Exporter.QUERIES);
            started.push(exporter::close);
            watch = new Watch(monitoring, pace, stack.ports(), exporter);
            started.push(watch::close);
            await("all targets are scraped")
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> watch.up().size() == Watch.TARGETS);
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** All at once: each brings some days of data. */
    private void link(int people) {
        for (int person = FIRST; person < FIRST + people; person++) {
            MemberSession member = MemberSession.signIn(stack, "member-" + person);
            member.connect(person);
            members.add(member);
        }
        for (int i = 0; i < people; i++) {
            MemberSession member = members.get(i);
            int person = FIRST + i;
            await("member " + person + " is current")
                    .atMost(PATIENCE)
                    .pollInSameThread()
                    .until(() -> {
                        // On a busy machine WHOOP may not have answered in time.
                        if (!"active".equals(member.link().path("state").asText())) {
                            member.connect(person);
                        }
                        return member.isCurrent();
                    });
        }
    }

    Stack stack() {
        return stack;
    }

    WhoopControl whoop() {
        return stack.simulators().whoop().control();
    }

    Part exporter() {
        return exporter;
    }

    Watch watch() {
        return watch;
    }

    List<MemberSession> members() {
        return members;
    }

    /** The number in the population of the first linked member. */
    int person() {
        return FIRST;
    }

    /** Somebody who has not linked. */
    MemberSession visitor() {
        return visitor;
    }

    int visitorsPerson() {
        return FIRST + members.size();
    }

    /** A member looks at a day. */
    void read() {
        members.getFirst().get("/api/v1/users/me/overview?period=yesterday");
    }

    /** WHOOP tells of a sleep of the first member. */
    void sleep(UUID record) {
        sleep(FIRST, record);
    }

    /** WHOOP tells of what it knows already, of every member. */
    void sleeps() {
        for (int person = FIRST; person < FIRST + members.size(); person++) {
            sleep(person, whoop().people().member(person).sleeps().getLast().id());
        }
    }

    private void sleep(int person, UUID record) {
        whoop().sendEvent(
                        whoop().people().member(person).profile().userId(), record, "sleep.updated", UUID.randomUUID());
    }

    /** Puts back all webhooks that were given up, as an operator does. */
    void replay() throws IOException, InterruptedException {
        var command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Tools.ROOT
                        .resolve("services/whoop-service/target/whoop-service.jar")
                        .toString(),
                "replay",
                "--from",
                "2020-01-01T00:00:00Z",
                "--to",
                "2100-01-01T00:00:00Z");
        command.environment()
                .put(
                        "VITALS_CONFIG",
                        stack.directory().resolve("config/whoop-service.yaml").toString());
        Process process = command.redirectErrorStream(true)
                .redirectOutput(stack.directory().resolve("log/replay.log").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("replay: " + process.exitValue());
        }
    }

    /** A superuser's session, in a transaction that ends with it. */
    Connection transaction(String database, String... statements) throws SQLException {
        Connection connection = stack.postgres().superuser(database);
        connection.setAutoCommit(false);
        run(connection, statements);
        return connection;
    }

    void sql(String database, String... statements) throws SQLException {
        try (Connection connection = stack.postgres().superuser(database)) {
            run(connection, statements);
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    /** Does something so often a second until it is closed; what fails fails. */
    AutoCloseable often(int times, Runnable what) {
        var pace = Executors.newSingleThreadScheduledExecutor();
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var _ = pace.scheduleAtFixedRate(() -> threads.execute(what), 0, 1_000_000 / times, TimeUnit.MICROSECONDS);
        return () -> {
            pace.shutdownNow();
            threads.shutdownNow();
        };
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            started.pop().run();
        }
    }
}
