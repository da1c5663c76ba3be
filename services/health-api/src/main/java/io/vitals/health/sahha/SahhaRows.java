package io.vitals.health.sahha;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.json.Json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Writes of sahha_score and sahha_biomarker, one row per member, day and type, and of sahha_session, one per member,
 * begin and sport; what Sahha made last wins.
 */
final class SahhaRows {
    private static final Sql PUT_SCORES = Sql.named("sahha-scores-put", """
            INSERT INTO sahha_score (member, local_date, type, record_id, percent, state, observed_at,
                                     timezone_offset, created_at, fetched_at, raw)
            SELECT :member, local_date, type, record_id, percent, state, observed_at, timezone_offset, created_at,
                   :now, raw
              FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS told (
                   local_date date, type text, record_id text, percent double precision, state text,
                   observed_at timestamptz, timezone_offset text, created_at timestamptz, raw jsonb)
            ON CONFLICT (member, local_date, type) DO UPDATE
               SET record_id = excluded.record_id, percent = excluded.percent, state = excluded.state,
                   observed_at = excluded.observed_at, timezone_offset = excluded.timezone_offset,
                   created_at = excluded.created_at, fetched_at = excluded.fetched_at, raw = excluded.raw
             WHERE excluded.created_at > sahha_score.created_at
                OR (excluded.created_at = sahha_score.created_at AND excluded.percent <> sahha_score.percent)
            RETURNING local_date
            """);

    private static final Sql PUT_BIOMARKERS = Sql.named("sahha-biomarkers-put", """
            INSERT INTO sahha_biomarker (member, local_date, type, record_id, category, amount, unit, start_at, end_at,
                                         timezone_offset, created_at, fetched_at, raw)
            SELECT :member, local_date, type, record_id, category, amount, unit, start_at, end_at, timezone_offset,
                   created_at, :now, raw
              FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS told (
                   local_date date, type text, record_id text, category text, amount double precision, unit text,
                   start_at timestamptz, end_at timestamptz, timezone_offset text, created_at timestamptz, raw jsonb)
            ON CONFLICT (member, local_date, type) DO UPDATE
               SET record_id = excluded.record_id, category = excluded.category, amount = excluded.amount,
                   unit = excluded.unit, start_at = excluded.start_at, end_at = excluded.end_at,
                   timezone_offset = excluded.timezone_offset, created_at = excluded.created_at,
                   fetched_at = excluded.fetched_at, raw = excluded.raw
             WHERE excluded.created_at > sahha_biomarker.created_at
                OR (excluded.created_at = sahha_biomarker.created_at AND excluded.amount <> sahha_biomarker.amount)
            RETURNING local_date
            """);

    /** A session that moved to another day, as its offset was corrected, changes both. */
    private static final Sql PUT_SESSIONS = Sql.named("sahha-sessions-put", """
            WITH told AS MATERIALIZED (
                SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS told (
                       local_date date, type text, record_id text, start_at timestamptz, end_at timestamptz,
                       timezone_offset text, created_at timestamptz, raw jsonb)),
            put AS (
                INSERT INTO sahha_session (member, start_at, sport, local_date, record_id, end_at, timezone_offset,
                                           created_at, fetched_at, raw)
                SELECT :member, start_at, type, local_date, record_id, end_at, timezone_offset, created_at, :now, raw
                  FROM told
                ON CONFLICT (member, start_at, sport) DO UPDATE
                   SET local_date = excluded.local_date, record_id = excluded.record_id, end_at = excluded.end_at,
                       timezone_offset = excluded.timezone_offset, created_at = excluded.created_at,
                       fetched_at = excluded.fetched_at, raw = excluded.raw
                 WHERE excluded.created_at >= sahha_session.created_at
                   AND (excluded.end_at, excluded.local_date) <> (sahha_session.end_at, sahha_session.local_date)
                RETURNING start_at, sport, local_date)
            SELECT local_date FROM put
             UNION
            SELECT before.local_date FROM put
              JOIN sahha_session AS before
                ON before.member = :member AND before.start_at = put.start_at AND before.sport = put.sport
            """);

    private SahhaRows() {}

    /** Stores the records; returns the days of which a row changed. */
    static Set<LocalDate> put(SqlExecutor tx, UUID member, Collection<? extends SahhaRecord> records, Instant now) {
        Map<String, SahhaRecord> newest = new HashMap<>();
        for (SahhaRecord record : records) {
            newest.merge(
                    key(record), record, (one, other) -> other.createdAt().isBefore(one.createdAt()) ? one : other);
        }
        ArrayNode scores = Json.mapper().createArrayNode();
        ArrayNode biomarkers = Json.mapper().createArrayNode();
        ArrayNode sessions = Json.mapper().createArrayNode();
        for (SahhaRecord record : newest.values()) {
            switch (record) {
                case SahhaRecord.Score score -> row(scores, score);
                case SahhaRecord.Biomarker biomarker -> row(biomarkers, biomarker);
                case SahhaRecord.Session session -> row(sessions, session);
            }
        }
        Set<LocalDate> changed = new TreeSet<>();
        changed.addAll(put(tx, PUT_SCORES, member, scores, now));
        changed.addAll(put(tx, PUT_BIOMARKERS, member, biomarkers, now));
        changed.addAll(put(tx, PUT_SESSIONS, member, sessions, now));
        return changed;
    }

    /** What there is one row of. */
    private static String key(SahhaRecord record) {
        Object when = record instanceof SahhaRecord.Session session ? session.start() : record.date();
        return record.getClass().getSimpleName() + ' ' + when + ' ' + record.type();
    }

    private static List<LocalDate> put(SqlExecutor tx, Sql sql, UUID member, ArrayNode rows, Instant now) {
        return rows.isEmpty()
                ? List.of()
                : tx.list(
                        sql,
                        Params.of(
                                "member",
                                member,
                                "rows",
                                new String(Json.write(rows), StandardCharsets.UTF_8),
                                "now",
                                now),
                        row -> row.localDate("local_date"));
    }

    private static void row(ArrayNode rows, SahhaRecord.Score score) {
        ObjectNode row = common(rows, score, score.id(), score.timezoneOffset());
        row.put("percent", score.percent());
        row.put("state", score.state());
        row.put("observed_at", score.observedAt().toString());
        row.set("raw", score.raw());
    }

    private static void row(ArrayNode rows, SahhaRecord.Biomarker biomarker) {
        ObjectNode row = common(rows, biomarker, biomarker.id(), biomarker.timezoneOffset());
        row.put("category", biomarker.category());
        row.put("amount", biomarker.amount());
        row.put("unit", biomarker.unit());
        row.put("start_at", biomarker.start().toString());
        row.put("end_at", biomarker.end().toString());
        row.set("raw", biomarker.raw());
    }

    private static void row(ArrayNode rows, SahhaRecord.Session session) {
        ObjectNode row = common(rows, session, session.id(), session.timezoneOffset());
        row.put("start_at", session.start().toString());
        row.put("end_at", session.end().toString());
        row.set("raw", session.raw());
    }

    private static ObjectNode common(ArrayNode rows, SahhaRecord record, String id, String offset) {
        return rows.addObject()
                .put("local_date", record.date().toString())
                .put("type", record.type())
                .put("record_id", id)
                .put("timezone_offset", offset)
                .put("created_at", record.createdAt().toString());
    }
}
