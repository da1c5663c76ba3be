package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.Queries;
import io.vitals.sandbox.postgres.SandboxDatabase;
import org.postgresql.PGConnection;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The most the database takes in: all dated records there are once more by COPY, each table by a session of its own, indexes and log included. */
final class CopyCeiling {
    private static final List<String> TABLES = List.of("sleep", "cycle", "recovery", "workout");

    private CopyCeiling() {}

    static double recordsPerSecond(SandboxDatabase database) throws Exception {
        List<Callable<Long>> copies = new ArrayList<>();
        for (String table : TABLES) {
            Queries.execute(database, "CREATE TABLE copied_" + table + " (LIKE " + table + " INCLUDING ALL)");
            byte[] rows = read(database, table);
            copies.add(() -> write(database, table, rows));
        }
        long records = 0;
        double seconds;
        try (ExecutorService sessions = Executors.newFixedThreadPool(copies.size())) {
            long start = System.nanoTime();
            for (Future<Long> copied : sessions.invokeAll(copies)) {
                records += copied.get();
            }
            seconds = (System.nanoTime() - start) / 1e9;
        } finally {
            for (String table : TABLES) {
                Queries.execute(database, "DROP TABLE copied_" + table);
            }
        }
        return records / seconds;
    }

    private static byte[] read(SandboxDatabase database, String table) throws Exception {
        try (Connection connection = database.connectAsOwner()) {
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + table + " TO STDOUT (FORMAT binary)", rows);
            return rows.toByteArray();
        }
    }

    private static long write(SandboxDatabase database, String table, byte[] rows) throws Exception {
        try (Connection connection = database.connectAsOwner()) {
            return connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY copied_" + table + " FROM STDIN (FORMAT binary)", new ByteArrayInputStream(rows));
        }
    }
}
