package io.vitals.sandbox.postgres;

import io.vitals.sandbox.http.Place;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * PostgreSQL 18 with its data in a directory. Every login needs a password (SCRAM); durability is on and is
 * asserted at every start. {@link #stopNow()}, {@link #kill()} and {@link #startAgain()} are for fault tests: the port
 * and the data stay the same.
 */
public final class SandboxPostgres implements AutoCloseable {
    private static final String SUPERUSER = "postgres";
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);

    /** The default one refuses a class path that names an archive twice, as a packaged jar beside its libraries does. */
    private static final PgBinaryResolver PROGRAMS = (system, machine) -> SandboxPostgres.class.getResourceAsStream(
            "/postgres-" + system.toLowerCase(Locale.ROOT) + "-" + machine + ".txz");

    private final Path directory;
    private final Access access;
    private final Path programs;
    private final boolean temporary;
    private final Map<String, String> extraSettings;
    private final Passwords passwords;
    private final DirectoryLock lock;
    private final @Nullable Thread closeAtExit;
    private @Nullable EmbeddedPostgres server;

    /**
     * Starts on {@code directory}, which is made when it is missing and kept afterwards. A PostgreSQL that a killed run
     * left there is ended first.
     *
     * @param port 0 for any free one
     * @throws PostgresFailure when the port or the directory is taken, or the server does not come up
     */
    public static SandboxPostgres start(Path directory, int port) {
        return open(directory.toAbsolutePath().normalize(), Place.LOOPBACK, port, programs(), false, Map.of());
    }

    /**
     * As {@link #start}, for others than this machine too, who never come in as superuser. The programs lie beside the data:
     * there they can be executed, which not every directory of a container allows.
     */
    public static SandboxPostgres serve(Path directory, Place place, int port) {
        Path absolute = directory.toAbsolutePath().normalize();
        return open(absolute, place, port, absolute.resolve("programs"), false, Map.of());
    }

    /** For tests: any free port, a fresh directory that is deleted at {@link #close()}. */
    public static SandboxPostgres temporary() {
        return temporary(Map.of());
    }

    /**
     * Ends the PostgreSQL of a directory whose starter was killed.
     *
     * @return whether there was one
     * @throws PostgresFailure when its starter lives
     */
    public static boolean endLeftover(Path directory) {
        Path data = directory.toAbsolutePath().normalize().resolve("data");
        if (!Files.isDirectory(data)) {
            return false;
        }
        try (var _ = DirectoryLock.take(directory)) {
            boolean running = LeftoverPostmaster.running(data).isPresent();
            LeftoverPostmaster.clear(data);
            return running;
        } catch (IOException e) {
            throw new PostgresFailure("The PostgreSQL that a killed run left cannot be ended", e);
        }
    }

    static SandboxPostgres temporary(Map<String, String> extraSettings) {
        try {
            Path directory = Files.createTempDirectory("vitals-postgres-");
            fill(directory);
            return open(directory, Place.LOOPBACK, 0, programs(), true, extraSettings);
        } catch (IOException e) {
            throw new PostgresFailure("No temporary directory for PostgreSQL", e);
        }
    }

    /** For tests: puts a fresh cluster into an empty directory, faster than a start on nothing would. */
    public static void fill(Path directory) throws IOException {
        Path programs = programs();
        new ClusterTemplate(programs, "cluster-18-1")
                .copyTo(
                        directory,
                        fresh -> open(fresh, Place.LOOPBACK, 0, programs, false, Map.of())
                                .close());
    }

    private static SandboxPostgres open(
            Path directory,
            Place place,
            int port,
            Path programs,
            boolean temporary,
            Map<String, String> extraSettings) {
        SandboxPostgres opened;
        try {
            opened = new SandboxPostgres(directory, place, port, programs, temporary, extraSettings);
        } catch (IOException e) {
            throw new PostgresFailure("PostgreSQL cannot use " + directory, e);
        }
        try {
            opened.startAgain();
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private SandboxPostgres(
            Path directory, Place place, int port, Path programs, boolean temporary, Map<String, String> extraSettings)
            throws IOException {
        this.directory = directory;
        this.temporary = temporary;
        this.extraSettings = extraSettings;
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        this.lock = DirectoryLock.take(directory);
        this.passwords = new Passwords(directory.resolve("passwords.properties"), new SecureRandom());
        this.programs = Files.createDirectories(programs);
        this.access = Access.at(place, port);
        if (temporary) {
            this.closeAtExit = new Thread(this::release, "postgres-close");
            Runtime.getRuntime().addShutdownHook(closeAtExit);
        } else {
            this.closeAtExit = null;
        }
    }

    public int port() {
        return access.port();
    }

    /** Creates roles and database when they are missing, sets the passwords, and tells how to connect. */
    public SandboxDatabase createDatabase(String name, String ownerRole, String appRole) {
        try {
            var owner = new DatabaseLogin(ownerRole, passwords.of(ownerRole));
            var app = new DatabaseLogin(appRole, passwords.of(appRole));
            try (Connection connection = superuser(SUPERUSER)) {
                DatabaseSetup.ensure(connection, name, owner, app);
            }
            return new SandboxDatabase(name, access.url(name), owner, app);
        } catch (IOException | SQLException e) {
            throw new PostgresFailure("Database " + name + " cannot be set up", e);
        }
    }

    /** A superuser's connection, for what tests must see or break behind the roles' backs. */
    public Connection superuser(String database) throws SQLException {
        try {
            return DriverManager.getConnection(access.urlFromHere(database), SUPERUSER, passwords.of(SUPERUSER));
        } catch (IOException e) {
            throw new PostgresFailure("The superuser's password cannot be read", e);
        }
    }

    /** Ends every session at once and shuts down cleanly; sessions see a lost connection. */
    public synchronized void stopNow() {
        EmbeddedPostgres running = server;
        server = null;
        if (running != null) {
            try {
                running.close();
            } catch (IOException e) {
                throw new PostgresFailure("PostgreSQL could not be stopped", e);
            }
        }
        try {
            LeftoverPostmaster.clear(data());
        } catch (IOException e) {
            throw new PostgresFailure("PostgreSQL could not be stopped", e);
        }
    }

    /** SIGKILL for the server and its backends: what a power cut leaves, less the disk cache. */
    public synchronized void kill() {
        try {
            Optional<ProcessHandle> running = LeftoverPostmaster.running(data());
            running.ifPresent(LeftoverPostmaster::kill);
            stopNow();
        } catch (IOException e) {
            throw new PostgresFailure("PostgreSQL could not be killed", e);
        }
    }

    /** Starts on the same data and port. Does nothing while the server runs. */
    public synchronized void startAgain() {
        if (server != null) {
            return;
        }
        try {
            LeftoverPostmaster.clear(data());
            access.requireFree();
            server = builder().start();
            Files.deleteIfExists(superuserPasswordFile());
            try (Connection connection = superuser(SUPERUSER)) {
                Durability.require(connection);
            }
        } catch (IOException | SQLException | IllegalStateException e) {
            throw new PostgresFailure(
                    "PostgreSQL did not start on port " + port() + "; see " + directory.resolve("postgres.log"), e);
        }
    }

    @Override
    public void close() {
        if (closeAtExit != null) {
            Runtime.getRuntime().removeShutdownHook(closeAtExit);
        }
        release();
    }

    private synchronized void release() {
        stopNow();
        try {
            lock.close();
            if (temporary) {
                deleteTree(directory);
            }
        } catch (IOException e) {
            throw new PostgresFailure("PostgreSQL's directory could not be released", e);
        }
    }

    private EmbeddedPostgres.Builder builder() throws IOException {
        Path log = directory.resolve("postgres.log");
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPgBinaryResolver(PROGRAMS)
                .setOverrideWorkingDirectory(programs.toFile())
                .setDataDirectory(data())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port())
                .setPGStartupWait(START_DEADLINE)
                .setOutputRedirector(Redirect.appendTo(log.toFile()))
                .setErrorRedirector(Redirect.appendTo(log.toFile()))
                .setConnectConfig("password", passwords.of(SUPERUSER));
        // Options of initdb. One sort order on every machine; no login without a password.
        builder.setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("locale", "C.UTF-8")
                .setLocaleConfig("auth-host", "scram-sha-256")
                .setLocaleConfig("auth-local", "reject")
                .setLocaleConfig("pwfile", passwordFile().toString());
        var settings = new HashMap<>(Durability.SETTINGS);
        settings.put("listen_addresses", access.listenAddresses());
        settings.put(
                "hba_file", access.writeLogins(directory.resolve("logins.conf")).toString());
        settings.put("unix_socket_directories", "");
        settings.put("max_connections", "100");
        settings.putAll(extraSettings);
        settings.forEach(builder::setServerConfig);
        return builder;
    }

    /** initdb takes the superuser's password from a file; nothing secret stands on a command line. */
    private Path passwordFile() throws IOException {
        Path file = superuserPasswordFile();
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, passwords.of(SUPERUSER));
    }

    /** The unpacked programs are shared by every instance of this user: unpacking takes seconds. */
    private static Path programs() {
        Path home = Path.of(System.getProperty("user.home"), ".cache", "vitals", "postgres");
        try {
            return Files.createDirectories(home);
        } catch (IOException e) {
            return temporaryPrograms();
        }
    }

    private static Path temporaryPrograms() {
        try {
            return Files.createTempDirectory("vitals-postgres-programs-");
        } catch (IOException e) {
            throw new PostgresFailure("There is no directory for PostgreSQL's programs", e);
        }
    }

    private Path superuserPasswordFile() {
        return directory.resolve("superuser.password");
    }

    private Path data() {
        return directory.resolve("data");
    }

    private static void deleteTree(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
