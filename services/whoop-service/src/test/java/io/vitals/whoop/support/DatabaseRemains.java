package io.vitals.whoop.support;

import io.vitals.sandbox.leaks.SecretScanner;
import io.vitals.sandbox.postgres.SandboxDatabase;
import org.postgresql.PGConnection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Everything that a database leaves where somebody could find it: a dump, the files of its tables, the write-ahead log, the server's log. */
public final class DatabaseRemains {
    private final SandboxDatabase database;
    private final String since;

    private DatabaseRemains(SandboxDatabase database, String since) {
        this.database = database;
        this.since = since;
    }

    /** Of what is written from now on. */
    public static DatabaseRemains of(SandboxDatabase database) throws SQLException {
        try (Connection connection = TestDatabases.superuser(database)) {
            return new DatabaseRemains(
                    database,
                    first(connection, "SELECT pg_walfile_name(pg_current_wal_lsn())")
                            .getFirst());
        }
    }

    /** All rows of all tables, as a dump has them. */
    public Set<String> inDump(SecretScanner scanner) throws SQLException, IOException {
        Set<String> found = new TreeSet<>();
        try (Connection connection = TestDatabases.superuser(database)) {
            var copies = connection.unwrap(PGConnection.class).getCopyAPI();
            for (String table : tables(connection)) {
                var rows = new ByteArrayOutputStream();
                copies.copyOut("COPY (SELECT * FROM " + table + ") TO STDOUT", rows);
                found.addAll(scanner.find(rows.toByteArray()));
            }
        }
        return found;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        return first(connection, """
                SELECT quote_ident(relname) FROM pg_class
                WHERE relkind IN ('r', 'p', 'm') AND relnamespace = 'public'::regnamespace ORDER BY relname""");
    }

    public Set<String> inTableFiles(SecretScanner scanner) throws SQLException, IOException {
        try (Connection connection = TestDatabases.superuser(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
            String oid = first(connection, "SELECT oid FROM pg_database WHERE datname = current_database()")
                    .getFirst();
            try (Stream<Path> files =
                    Files.list(data(connection).resolve("base").resolve(oid))) {
                return find(scanner, files.toList());
            }
        }
    }

    public Set<String> inWriteAheadLog(SecretScanner scanner) throws SQLException, IOException {
        try (Connection connection = TestDatabases.superuser(database)) {
            // Writes out what commits did not wait for.
            first(connection, "SELECT pg_switch_wal()");
            List<Path> files = new ArrayList<>();
            for (String name : first(connection, "SELECT name FROM pg_ls_waldir() WHERE name >= '" + since + "'")) {
                files.add(data(connection).resolve("pg_wal").resolve(name));
            }
            return find(scanner, files);
        }
    }

    public Set<String> inServerLog(SecretScanner scanner) throws SQLException, IOException {
        try (Connection connection = TestDatabases.superuser(database)) {
            return find(scanner, List.of(data(connection).resolveSibling("postgres.log")));
        }
    }

    private static Path data(Connection connection) throws SQLException {
        return Path.of(first(connection, "SHOW data_directory").getFirst());
    }

    private static Set<String> find(SecretScanner scanner, List<Path> files) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : files) {
            // A segment may be recycled, and a table rewritten, between listing and reading.
            if (Files.isRegularFile(file)) {
                found.addAll(scanner.find(Files.readAllBytes(file)));
            }
        }
        return found;
    }

    private static List<String> first(Connection connection, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
