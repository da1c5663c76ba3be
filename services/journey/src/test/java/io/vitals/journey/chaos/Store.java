package io.vitals.journey.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitals.sandbox.launcher.Stack;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** What both databases hold, read behind the services' backs. */
final class Store {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String INBOX = "SELECT trace_id, state FROM webhook_inbox";

    /** Parked ones, of a member who has left, wait for a link and not for a worker. */
    private static final String UNFINISHED = "SELECT count(*) FROM webhook_inbox WHERE state = 'pending'";

    /** Records of one account, each by its kind and key; the running cycle moves all the time. */
    private static final String RECORDS = """
            SELECT 'sleep ' || id, updated_at FROM sleep WHERE whoop_user_id = ?1
            UNION ALL SELECT 'recovery ' || sleep_id, updated_at FROM recovery WHERE whoop_user_id = ?1
            UNION ALL SELECT 'workout ' || id, updated_at FROM workout WHERE whoop_user_id = ?1
            UNION ALL SELECT 'cycle ' || id, updated_at FROM cycle WHERE whoop_user_id = ?1 AND end_at IS NOT NULL""";

    private static final String DAYS_OF_WHOOP = """
            SELECT member_id || ' ' || local_date || ' ' || id FROM sleep
            UNION ALL SELECT member_id || ' ' || local_date || ' ' || id FROM workout""";

    private static final String DAYS_OF_HEALTH = "SELECT member || ' ' || local_date, document FROM whoop_day";

    /** A WHOOP day whose records came and went before health-api saw them never had anything to make a record of. */
    private static final String STALE_RECORDS = """
            SELECT count(*) FROM whoop_day w LEFT JOIN daily_record d USING (member, local_date)
            WHERE d.whoop_version IS DISTINCT FROM w.version
              AND NOT (d.whoop_version IS NULL
                       AND w.document ->> 'cycle' IS NULL AND w.document ->> 'recovery' IS NULL
                       AND json_array_length(w.document -> 'sleeps') = 0
                       AND json_array_length(w.document -> 'workouts') = 0)""";

    private final Stack stack;

    Store(Stack stack) {
        this.stack = stack;
    }

    /** A column or two of a row. */
    @FunctionalInterface
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    /** Every event with its state. */
    void inbox(BiConsumer<String, String> row) {
        each("whoop", INBOX, r -> row.accept(r.getString(1), r.getString(2)));
    }

    /** Events that wait for a worker, for their member or for a person. */
    long unfinishedEvents() {
        return count("whoop", UNFINISHED);
    }

    SortedMap<String, Instant> recordsOf(long whoopUserId) {
        SortedMap<String, Instant> records = new TreeMap<>();
        each(
                "whoop",
                RECORDS.replace("?1", Long.toString(whoopUserId)),
                row -> records.put(
                        row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant()));
        return records;
    }

    /** Member, day and id of every sleep and workout that whoop-service holds. */
    SortedSet<String> daysOfWhoop() {
        SortedSet<String> ids = new TreeSet<>();
        each("whoop", DAYS_OF_WHOOP, row -> ids.add(row.getString(1)));
        return ids;
    }

    /** The same as health-api has it. */
    SortedSet<String> daysOfHealth() {
        SortedSet<String> ids = new TreeSet<>();
        each("health", DAYS_OF_HEALTH, row -> {
            JsonNode document = read(row.getString(2));
            for (String kind : new String[] {"sleeps", "workouts"}) {
                for (JsonNode record : document.path(kind)) {
                    ids.add(row.getString(1) + " " + record.path("id").asText());
                }
            }
        });
        return ids;
    }

    /** Daily records that are not made from the newest WHOOP day. */
    long staleRecords() {
        return count("health", STALE_RECORDS);
    }

    /** Runs a statement as a superuser, for what a test breaks on purpose. */
    void execute(String database, String statement) {
        try (Connection connection = stack.postgres().superuser(database);
                PreparedStatement prepared = connection.prepareStatement(statement)) {
            prepared.execute();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private long count(String database, String query) {
        long[] count = new long[1];
        each(database, query, row -> count[0] = row.getLong(1));
        return count[0];
    }

    private void each(String database, String query, RowReader reader) {
        try (Connection connection = stack.postgres().superuser(database);
                PreparedStatement statement = connection.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                reader.read(row);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode read(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    static <K> Map<K, Instant> missingIn(Map<K, Instant> held, Map<K, Instant> expected) {
        Map<K, Instant> missing = new TreeMap<>(expected);
        missing.entrySet().removeAll(held.entrySet());
        return missing;
    }
}
