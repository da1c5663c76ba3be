package io.vitals.loadtest.capacity;

import io.vitals.loadtest.bench.StoreClient;
import io.vitals.loadtest.stack.Queries;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.postgres.SandboxDatabase;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Bytes a row of the tables that grow, indexes and long values included. WHOOP's records are taken in by the record store as in the bench
 * of it; the other rows are those which the services themselves made of the simulated members, once more for each of many members, day by
 * day as they would come, so that indexes are as full as they get in life.
 */
final class TableSizes {
    private static final List<String> RECORDS = List.of("cycle", "recovery", "sleep", "workout");
    private static final int EVENTS = 100_000;
    private static final int ENTRIES = 100_000;
    private static final int ENTRIES_AT_ONCE = 500;

    private final Stack stack;
    private final Path directory;
    private final EventCost.Figure out;

    TableSizes(Stack stack, Path directory, EventCost.Figure out) {
        this.stack = stack;
        this.directory = directory;
        this.out = out;
    }

    void run(int members) throws Exception {
        SandboxDatabase whoop = stack.whoopDatabase();
        SandboxDatabase health = stack.healthDatabase();
        try (Connection connection = stack.postgres().superuser(whoop.name())) {
            multiply(connection, "coverage", "member_id", "day", members);
            multiply(connection, "sync_run", "member_id", "started_at", members);
            inbox(connection);
        }
        try (Connection connection = stack.postgres().superuser(health.name())) {
            perDay(connection, "sahha_score");
            perDay(connection, "sahha_biomarker");
            perDay(connection, "sahha_session");
            for (String table :
                    List.of("daily_record", "whoop_day", "sahha_score", "sahha_biomarker", "sahha_session")) {
                multiply(connection, table, "member", "local_date", members);
                bytes(connection, "health", table);
                if (table.startsWith("sahha_")) {
                    document(connection, table);
                }
            }
            entries(connection);
            bytes(connection, "health", "audit_event");
        }
        // Only now: the figures of the pipeline above are of a service that has the machine to itself.
        try (Connection connection = stack.postgres().superuser(whoop.name());
                StoreClient store = StoreClient.start(whoop, directory)) {
            long records = records(connection);
            long changes = rows(connection, "change");
            store.ask("backfill " + members);
            out.is(
                    "changes-per-record",
                    (double) (rows(connection, "change") - changes) / (records(connection) - records));
            for (String table : RECORDS) {
                bytes(connection, "whoop", table);
                document(connection, table);
            }
            for (String table : List.of("change", "coverage", "sync_run", "webhook_inbox")) {
                bytes(connection, "whoop", table);
            }
        }
    }

    /** All columns but those that are made anew: the member's, and numbers that the table itself gives. */
    private static void multiply(Connection connection, String table, String member, String order, int members)
            throws SQLException {
        String others;
        try (Statement statement = connection.createStatement();
                ResultSet columns = statement.executeQuery("""
                        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                         WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attname <> '%s'""".formatted(table, member))) {
            columns.next();
            others = columns.getString(1);
        }
        Queries.execute(connection, """
                INSERT INTO %1$s (%2$s, %3$s)
                SELECT md5('bench-' || number)::uuid, %3$s FROM %1$s, generate_series(1, %5$d) AS number
                 WHERE %2$s = (SELECT %2$s FROM %1$s LIMIT 1) ORDER BY %4$s, md5('bench-' || number)""".formatted(table, member, others, order, members));
    }

    /** Each is written when it comes, when it is taken and when it is done, as an event is. */
    private static void inbox(Connection connection) throws SQLException {
        Queries.execute(connection, """
                INSERT INTO webhook_inbox (trace_id, whoop_user_id, object_id, type, sent_at, received_at, state, due_at)
                SELECT gen_random_uuid()::text, n %% 1000, gen_random_uuid(), 'sleep.updated', now(), now(), 'pending', now()
                  FROM generate_series(1, %d) AS n""".formatted(EVENTS));
        for (int part = 0; part < 10; part++) {
            String those = " WHERE state = 'pending' AND id % 10 = " + part;
            Queries.execute(
                    connection,
                    "UPDATE webhook_inbox SET claim_id = gen_random_uuid(), claim_until = now(), attempts = 1" + those);
            Queries.execute(
                    connection,
                    "UPDATE webhook_inbox SET state = 'done', outcome = 'stored', finished_at = now(), claim_id = NULL,"
                            + " claim_until = NULL" + those);
            // Space of versions that nobody needs is used again, as a server does it by itself.
            Queries.execute(connection, "VACUUM webhook_inbox");
        }
    }

    /** Through the trigger that links them, as a read of a program is entered. */
    private static void entries(Connection connection) throws SQLException {
        for (int written = 0; written < ENTRIES; written += ENTRIES_AT_ONCE) {
            Queries.execute(connection, """
                    INSERT INTO audit_event (at, action, actor, actor_id, member_id, purpose, object, outcome)
                    SELECT now(), 'days.read', 'key', gen_random_uuid()::text, gen_random_uuid(), 'own_access',
                           '2026-06-24..2026-06-30', 'success' FROM generate_series(1, %d)""".formatted(ENTRIES_AT_ONCE));
        }
    }

    private void perDay(Connection connection, String table) throws SQLException {
        out.is(
                table.replace('_', '-') + "s-per-day",
                number(
                        connection,
                        "SELECT count(*)::float8 / greatest(1, count(DISTINCT (member, local_date))) FROM " + table));
    }

    private void bytes(Connection connection, String database, String table) throws SQLException {
        Queries.execute(connection, "VACUUM (ANALYZE) " + table);
        out.is(
                "bytes-" + database + "-" + table.replace('_', '-'),
                number(
                        connection,
                        "SELECT pg_total_relation_size('%1$s')::float8 / (SELECT count(*) FROM %1$s)"
                                .formatted(table)));
        out.is(
                "# of them indexes",
                number(
                        connection,
                        "SELECT pg_indexes_size('%1$s')::float8 / (SELECT count(*) FROM %1$s)".formatted(table)));
    }

    private void document(Connection connection, String table) throws SQLException {
        out.is(
                "document-bytes-" + table.replace('_', '-'),
                number(connection, "SELECT avg(pg_column_size(raw)) FROM " + table));
    }

    private static long records(Connection connection) throws SQLException {
        long records = 0;
        for (String table : RECORDS) {
            records += rows(connection, table);
        }
        return records;
    }

    private static long rows(Connection connection, String table) throws SQLException {
        return (long) number(connection, "SELECT count(*) FROM " + table);
    }

    private static double number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getDouble(1);
        }
    }
}
