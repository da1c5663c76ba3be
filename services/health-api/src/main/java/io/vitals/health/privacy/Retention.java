package io.vitals.health.privacy;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/** Ends the keeping of what is older than its class allows, in small transactions, so that it can stop anywhere and go on. */
public final class Retention {
    private static final EventLog LOG = EventLog.of(Retention.class);
    private static final int AT_ONCE = 1000;
    private static final Sql AS_WORKER =
            Sql.named("retention-worker", "SELECT set_config('vitals.worker', 'retention', true) AS worker");

    private static final Sql INBOX = Sql.named("retention-sahha-inbox", """
            DELETE FROM sahha_inbox WHERE id = ANY (ARRAY(
                SELECT id FROM sahha_inbox WHERE state IN ('done', 'dead') AND received_at < :before LIMIT :limit))""");

    /** The values that were read from it stay. */
    private static final Sql SCORE_DOCUMENTS = documents("sahha_score");

    private static final Sql BIOMARKER_DOCUMENTS = documents("sahha_biomarker");
    private static final Sql SESSION_DOCUMENTS = documents("sahha_session");
    private static final Sql DAILY_RECORDS = days("daily_record");
    private static final Sql WHOOP_DAYS = days("whoop_day");
    private static final Sql SCORES = days("sahha_score");
    private static final Sql BIOMARKERS = days("sahha_biomarker");
    private static final Sql SESSIONS = days("sahha_session");

    private final Database database;
    private final RetentionSettings settings;
    private final Clock clock;

    public Retention(Database database, RetentionSettings settings, Clock clock) {
        this.database = database;
        this.settings = settings;
        this.clock = clock;
    }

    private static Sql days(String table) {
        return Sql.named(
                "retention-" + table.replace('_', '-'),
                "DELETE FROM " + table + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + table
                        + " WHERE local_date < CAST(:before AS date) LIMIT :limit))");
    }

    private static Sql documents(String table) {
        return Sql.named(
                "retention-documents-" + table.replace('_', '-'),
                "UPDATE " + table + " SET raw = '{}' WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + table
                        + " WHERE fetched_at < :before AND raw <> '{}' LIMIT :limit))");
    }

    /** Removes everything that is due and tells how many rows, by class. */
    public Map<String, Long> expire() {
        Map<String, Long> removed = new TreeMap<>();
        add(removed, "inbox", INBOX, before(settings.inbox()));
        add(removed, "sahha_documents", SCORE_DOCUMENTS, before(settings.sahhaDocuments()));
        add(removed, "sahha_documents", BIOMARKER_DOCUMENTS, before(settings.sahhaDocuments()));
        add(removed, "sahha_documents", SESSION_DOCUMENTS, before(settings.sahhaDocuments()));
        LocalDate oldest = LocalDate.ofInstant(before(settings.dailyRecords()), ZoneOffset.UTC);
        add(removed, "daily_records", DAILY_RECORDS, oldest);
        add(removed, "daily_records", WHOOP_DAYS, oldest);
        add(removed, "daily_records", SCORES, oldest);
        add(removed, "daily_records", BIOMARKERS, oldest);
        add(removed, "daily_records", SESSIONS, oldest);
        removed.forEach((type, rows) -> LOG.info("data_expired", LogField.TYPE.of(type), LogField.COUNT.of(rows)));
        return removed;
    }

    /** For a worker. */
    public boolean step() {
        expire();
        return false;
    }

    private Instant before(Duration kept) {
        return clock.instant().minus(kept);
    }

    private void add(Map<String, Long> removed, String type, Sql statement, Object before) {
        long rows = AT_ONCE;
        while (rows == AT_ONCE) {
            rows = database.transaction(tx -> {
                tx.list(AS_WORKER, Params.none(), row -> true);
                return tx.execute(statement, Params.of("before", before, "limit", AT_ONCE));
            });
            if (rows > 0) {
                removed.merge(type, rows, Long::sum);
            }
        }
    }
}
