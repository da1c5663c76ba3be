package io.vitals.sandbox.postgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SandboxPostgresTest {
    @TempDir
    static Path directory;

    private SandboxPostgres postgres;

    @BeforeAll
    void start() {
        postgres = SandboxPostgres.start(directory, 0);
    }

    @AfterAll
    void stop() {
        postgres.close();
    }

    @Test
    void runs_postgresql_18_with_durability_on_and_on_loopback_only() throws SQLException {
        try (Connection connection = postgres.superuser("postgres")) {
            assertThat(show(connection, "server_version")).startsWith("18.");
            assertThat(show(connection, "fsync")).isEqualTo("on");
            assertThat(show(connection, "synchronous_commit")).isEqualTo("on");
            assertThat(show(connection, "full_page_writes")).isEqualTo("on");
            assertThat(show(connection, "listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(show(connection, "unix_socket_directories")).isEmpty();
        }
    }

    @Test
    void refuses_each_weakened_durability_setting() {
        for (String setting : Durability.SETTINGS.keySet()) {
            assertThatThrownBy(() -> SandboxPostgres.temporary(Map.of(setting, "off")))
                    .isInstanceOf(PostgresFailure.class)
                    .hasMessageContaining(setting + "=off");
        }
    }

    @Test
    void the_owner_migrates_and_the_application_role_sees_only_what_is_granted() throws SQLException {
        SandboxDatabase database = postgres.createDatabase("grants", "grants_migrator", "grants_app");
        try (Connection owner = database.connectAsOwner();
                Connection app = database.connectAsApp()) {
            execute(owner, "CREATE TABLE open_to_app (id int)");
            execute(owner, "CREATE TABLE closed_to_app (id int)");
            execute(owner, "GRANT SELECT ON open_to_app TO grants_app");
            execute(app, "SELECT * FROM open_to_app");
            assertThatThrownBy(() -> execute(app, "SELECT * FROM closed_to_app"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> execute(app, "CREATE TABLE mine (id int)"))
                    .hasMessageContaining("permission denied");
        }
        SandboxDatabase other = postgres.createDatabase("other", "other_migrator", "other_app");
        assertThatThrownBy(() -> DriverManager.getConnection(
                        other.url(), database.app().user(), database.app().password()))
                .hasMessageContaining("permission denied");
    }

    @Test
    void creating_a_database_twice_gives_the_same_facts_and_keeps_its_rows() throws SQLException {
        SandboxDatabase first = postgres.createDatabase("twice", "twice_migrator", "twice_app");
        fill(first);
        SandboxDatabase second = postgres.createDatabase("twice", "twice_migrator", "twice_app");
        assertThat(second).isEqualTo(first);
        assertThat(count(second)).isOne();
    }

    @Test
    void a_wrong_or_missing_password_is_refused() {
        SandboxDatabase database = postgres.createDatabase("locked", "locked_migrator", "locked_app");
        assertThatThrownBy(() -> DriverManager.getConnection(database.url(), "locked_app", "guess"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> DriverManager.getConnection(database.url(), "postgres", ""))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void passwords_are_unreadable_to_others_and_absent_from_log_and_text_form() throws IOException {
        SandboxDatabase database = postgres.createDatabase("quiet", "quiet_migrator", "quiet_app");
        Path kept = directory.resolve("passwords.properties");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        assertThat(database.toString()).doesNotContain(database.app().password());
        assertThat(Files.readString(directory.resolve("postgres.log")))
                .doesNotContain(database.app().password());
    }

    @Test
    void after_a_kill_it_starts_again_on_the_same_port_with_every_commit() throws SQLException {
        SandboxDatabase database = postgres.createDatabase("killed", "killed_migrator", "killed_app");
        fill(database);
        postgres.kill();
        assertThatThrownBy(database::connectAsOwner).isInstanceOf(SQLException.class);
        postgres.startAgain();
        assertThat(count(database)).isOne();
    }

    @Test
    void stopping_ends_open_sessions_and_starting_again_keeps_the_rows() throws SQLException {
        SandboxDatabase database = postgres.createDatabase("stopped", "stopped_migrator", "stopped_app");
        fill(database);
        try (Connection open = database.connectAsOwner()) {
            postgres.stopNow();
            assertThatThrownBy(() -> execute(open, "SELECT 1")).isInstanceOf(SQLException.class);
        }
        postgres.startAgain();
        assertThat(count(database)).isOne();
    }

    @Test
    void a_second_user_of_the_directory_is_refused() {
        assertThatThrownBy(() -> SandboxPostgres.start(directory, 0))
                .isInstanceOf(PostgresFailure.class)
                .hasMessageContaining("Another process uses");
    }

    @Test
    void a_busy_port_is_named(@TempDir Path fresh) throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> SandboxPostgres.start(fresh, taken.getLocalPort()))
                    .isInstanceOf(PostgresFailure.class)
                    .hasMessageContaining("Port " + taken.getLocalPort());
        }
    }

    @Test
    void data_and_passwords_outlive_the_process_that_made_them(@TempDir Path kept) throws SQLException {
        SandboxDatabase before;
        try (var first = SandboxPostgres.start(kept, 0)) {
            before = first.createDatabase("kept", "kept_migrator", "kept_app");
            fill(before);
        }
        try (var second = SandboxPostgres.start(kept, 0)) {
            SandboxDatabase after = second.createDatabase("kept", "kept_migrator", "kept_app");
            assertThat(after.owner()).isEqualTo(before.owner());
            assertThat(count(after)).isOne();
        }
    }

    @Test
    void a_pid_file_whose_number_now_belongs_to_another_program_does_not_stop_the_start(@TempDir Path kept)
            throws IOException {
        SandboxPostgres.start(kept, 0).close();
        Path pidFile = kept.resolve("data/postmaster.pid");
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n" + kept.resolve("data") + "\n");
        try (var again = SandboxPostgres.start(kept, 0)) {
            assertThat(again.port()).isPositive();
        }
        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void a_temporary_one_leaves_nothing(@TempDir Path unused) throws IOException, SQLException {
        Path home;
        try (var temporary = SandboxPostgres.temporary();
                Connection connection = temporary.superuser("postgres")) {
            home = Path.of(show(connection, "data_directory")).getParent();
            assertThat(home).exists();
        }
        assertThat(home).doesNotExist();
    }

    private static void fill(SandboxDatabase database) throws SQLException {
        try (Connection connection = database.connectAsOwner()) {
            execute(connection, "CREATE TABLE note (id int PRIMARY KEY)");
            execute(connection, "INSERT INTO note VALUES (1)");
        }
    }

    private static int count(SandboxDatabase database) throws SQLException {
        try (Connection connection = database.connectAsOwner();
                var statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM note")) {
            result.next();
            return result.getInt(1);
        }
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW " + setting)) {
            result.next();
            return result.getString(1);
        }
    }

    private static void execute(Connection connection, String text) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(text);
        }
    }
}
