package io.vitals.journey.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.sandbox.postgres.SandboxPostgres;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

import static org.awaitility.Awaitility.await;

/** A server that is archived as in production, written to, and then lost. */
final class Original implements AutoCloseable {
    static final String RESTORE_POINT = "before-the-release";
    private static final String SUPERUSER = "postgres";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Production production = Production.read();
    private final SandboxPostgres server;
    private final Path directory;
    private final Bucket bucket;
    private final Barman barman;
    private final String password;
    private final Path postgres;
    private final String from;
    private final Ledger ledger;
    private @Nullable Instant usable;
    private @Nullable Named named;
    private @Nullable Written written;

    /** A moment that somebody gave a name. */
    record Named(long position, Instant at) {}

    /**
     * What is known of the lost database, from those who wrote and from its log.
     *
     * @param usable when the first base backup was there
     * @param archived behind which position the archive has nothing
     */
    record Written(
            List<Ledger.Commit> commits, CommitLog log, Instant usable, Instant lost, long archived, Named named) {}

    /**
     * Begins to archive, which takes a restart of the server.
     *
     * @param directory of the server
     * @param folder for the bucket and what archives
     */
    Original(SandboxPostgres server, Path directory, Path folder) throws IOException, SQLException {
        this.server = server;
        this.directory = directory.toAbsolutePath();
        this.bucket = new Bucket(folder.resolve("bucket"));
        this.barman = new Barman(bucket, "health-v1");
        var passwords = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve("passwords.properties"))) {
            passwords.load(reader);
        }
        this.password = passwords.getProperty(SUPERUSER);
        this.postgres = Path.of(value("postgres", "SELECT setting FROM pg_config WHERE name = 'BINDIR'"), "postgres");
        value("postgres", "CREATE EXTENSION pg_walinspect; SELECT 1");
        Archiving.on(server, barman, production, production.archiveTimeout(), folder.resolve("archive"));
        this.from = value("postgres", "SELECT pg_current_wal_insert_lsn()");
        this.ledger = new Ledger(server);
    }

    /** A base backup; with the first one the writers begin. */
    void backup() {
        barman.backup(server.port(), SUPERUSER, password, production);
        if (usable == null) {
            usable = Instant.now();
            ledger.write();
        }
    }

    void nameTheMoment() throws SQLException {
        Instant at = Instant.now();
        named = new Named(
                CommitLog.position(value("postgres", "SELECT pg_create_restore_point('" + RESTORE_POINT + "')")), at);
    }

    /** Ends a segment and waits until it is in the bucket. */
    void archiveSegment() throws SQLException {
        String segment = value("postgres", "SELECT pg_walfile_name(pg_switch_wal())");
        await(segment + " is archived")
                .atMost(PATIENCE)
                .until(() -> "t"
                        .equals(value(
                                "postgres",
                                "SELECT coalesce(max(last_archived_wal) >= '" + segment
                                        + "', false) FROM pg_stat_archiver")));
    }

    /** The writers end, and the server and its disk are gone. */
    void lose() throws IOException, InterruptedException, SQLException {
        List<Ledger.Commit> commits = ledger.stop();
        Instant lost = Instant.now();
        CommitLog log;
        try (Connection connection = superuser("postgres")) {
            log = CommitLog.read(connection, from, value("postgres", "SELECT pg_current_wal_flush_lsn()"));
        }
        server.kill();
        if (usable == null || named == null) {
            throw new IllegalStateException("there is no base backup or no restore point");
        }
        written = new Written(commits, log, usable, lost, Archive.end(barman.objects(), firstSegment()), named);
    }

    /** Of the oldest base backup. */
    String firstSegment() throws IOException {
        return barman.backups().getFirst().path("begin_wal").asText();
    }

    JsonNode newestBackup() throws IOException {
        return barman.backups().getLast();
    }

    Written written() {
        if (written == null) {
            throw new IllegalStateException("it is not lost yet");
        }
        return written;
    }

    Barman barman() {
        return barman;
    }

    Production production() {
        return production;
    }

    /** The program that ran, and runs on what is restored. */
    Path postgres() {
        return postgres;
    }

    /** Those that a server gets when it is started: its address, and that nothing that was acknowledged is lost. */
    Map<String, String> serverSettings() {
        var settings = new TreeMap<String, String>();
        settings.put("fsync", "on");
        settings.put("full_page_writes", "on");
        settings.put("hba_file", directory.resolve("logins.conf").toString());
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("max_connections", "100");
        settings.put("port", Integer.toString(server.port()));
        settings.put("synchronous_commit", "on");
        settings.put("unix_socket_directories", "");
        return settings;
    }

    /** On whatever server is at the address now. */
    Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database, SUPERUSER, password);
    }

    String value(String database, String query) throws SQLException {
        try (Connection connection = superuser(database);
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(query);
            while (!rows && statement.getUpdateCount() >= 0) {
                rows = statement.getMoreResults();
            }
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** From the newest commit that the archive has to the last that was acknowledged. */
    Duration lostWrites(Target end) {
        return Duration.between(end.at(), written().lost());
    }

    @Override
    public void close() {
        bucket.close();
    }
}
