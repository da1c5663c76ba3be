package io.vitals.sandbox.launcher;

import io.vitals.sandbox.member.Almanac;
import io.vitals.sandbox.postgres.SandboxPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StackTest {
    @TempDir
    Path root;

    private final List<String> progress = new CopyOnWriteArrayList<>();
    private final Ports ports = Ports.free(new Random());
    private Path directory;

    @BeforeEach
    void install() throws Exception {
        directory = root.resolve("state");
        FakeService.install(root);
        SandboxPostgres.fill(Files.createDirectories(root.resolve("state/postgres")));
    }

    private Stack stack(Consumer<String> onUnexpectedEnd) {
        return new Stack(new StackSettings(root, directory, ports, Almanac.USUAL, progress::add), onUnexpectedEnd);
    }

    @Test
    void starts_in_order_stops_in_reverse_and_finds_its_data_again() throws Exception {
        long first;
        try (Stack stack = stack(StackTest::unexpected)) {
            stack.start();
            assertThat(stack.healthApi().isReady()).isTrue();
            assertThat(stack.whoopService().isReady()).isTrue();
            execute(stack, "CREATE TABLE kept (id int)");
            first = stack.healthApi().pid();
            secretsAreForTheOwnerOnly();
        }
        assertThat(FakeService.notes(directory)).isEqualTo("""
                whoop-service migrated
                health-api migrated
                whoop-service started
                health-api started
                health-api stopped
                whoop-service stopped
                """);
        assertThat(progress).endsWith("Stopping the simulators", "Stopping PostgreSQL");
        assertThat(ProcessHandle.of(first)).isEmpty();
        assertThat(ports.taken()).isEmpty();

        String secret = Files.readString(directory.resolve("secrets/whoop-client-secret"));
        try (Stack stack = stack(StackTest::unexpected)) {
            stack.start();
            assertThat(Files.readString(directory.resolve("secrets/whoop-client-secret")))
                    .isEqualTo(secret);
            execute(stack, "SELECT * FROM kept");
        }
    }

    @Test
    void replicas_run_beside_each_other_and_are_killed_one_by_one() throws Exception {
        var conditions = new Conditions(5, 1000, 100_000, 0.5, 2, 2, Optional.empty(), Map.of(), Map.of());
        var settings = new StackSettings(root, directory, ports, Almanac.USUAL, progress::add);
        try (Stack stack = new Stack(settings, conditions, StackTest::unexpected)) {
            stack.start();
            assertThat(stack.whoopServices()).hasSize(2).allMatch(ServiceProcess::isReady);
            stack.whoopService().kill();
            assertThat(stack.whoopService().isReady()).isFalse();
            assertThat(stack.whoopServices().getLast().isReady()).isTrue();
            assertThat(stack.simulators().population().members()).hasSize(5);
        }
        assertThat(FakeService.notes(directory))
                .startsWith(
                        "whoop-service migrated\nhealth-api migrated\nwhoop-service started\nwhoop-service-2 started\n")
                .endsWith("whoop-service-2 stopped\n");
        assertThat(ports.taken()).isEmpty();
        assertThat(Leftovers.end(directory)).isZero();
    }

    @Test
    void a_failed_migration_leaves_nothing_running() throws Exception {
        Files.createDirectories(directory);
        Files.createFile(directory.resolve("health-api.fails"));
        try (Stack stack = stack(StackTest::unexpected)) {
            assertThatThrownBy(stack::start)
                    .isInstanceOf(LaunchFailure.class)
                    .hasMessageContaining("migration of health-api failed with exit code 1")
                    .hasMessageContaining("health-api.log");
        }
        assertThat(ports.taken()).isEmpty();
    }

    @Test
    void a_service_that_ends_by_itself_is_told_and_a_killed_one_is_not() throws Exception {
        var told = new CompletableFuture<String>();
        try (Stack stack = stack(told::complete)) {
            stack.start();
            stack.whoopService().kill();
            stack.whoopService().start();
            stack.whoopService().awaitReady(Duration.ofSeconds(30));
            assertThat(told).isNotDone();
            ProcessHandle.of(stack.healthApi().pid()).orElseThrow().destroyForcibly();
            assertThat(told.get(10, TimeUnit.SECONDS)).contains("health-api ended by itself", "health-api.log");
        }
    }

    private static void execute(Stack stack, String text) throws Exception {
        try (Connection owner = stack.healthDatabase().connectAsOwner();
                var statement = owner.createStatement()) {
            statement.execute(text);
        }
    }

    private void secretsAreForTheOwnerOnly() throws Exception {
        try (var files = Files.list(directory.resolve("secrets"))) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    private static void unexpected(String line) {
        throw new AssertionError(line);
    }
}
