package io.vitals.whoop.records;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.model.RecordType;

import java.time.Instant;

/** Ends the keeping of documents, in small transactions, so that it can stop anywhere and go on the next day. */
final class Retention {
    private static final EventLog LOG = EventLog.of(Retention.class);
    private static final int AT_ONCE = 1000;

    private static final Sql EXPIRE_UNREADABLE = Sql.named("unreadable-expire", """
            DELETE FROM unreadable_record WHERE id = ANY(ARRAY(
                SELECT id FROM unreadable_record WHERE last_seen_at < :before LIMIT :limit))""");

    private static final Sql EXPIRE_RECEIPTS = Sql.named("erasure-receipt-expire", """
            DELETE FROM erasure_receipt WHERE (id, part) IN (
                SELECT id, part FROM erasure_receipt WHERE updated_at < :before LIMIT :limit)""");

    private Retention() {}

    static void expire(Database database, Instant before) {
        for (RecordType type : RecordType.COLLECTIONS) {
            report(type.code(), repeat(database, Tables.of(type).expire(), before));
        }
        report("unreadable", repeat(database, EXPIRE_UNREADABLE, before));
        report("erasure_receipt", repeat(database, EXPIRE_RECEIPTS, before));
    }

    private static long repeat(Database database, Sql statement, Instant before) {
        long total = 0;
        while (true) {
            long rows = database.execute(statement, Params.of("before", before, "limit", AT_ONCE));
            total += rows;
            if (rows < AT_ONCE) {
                return total;
            }
        }
    }

    private static void report(String type, long documents) {
        if (documents > 0) {
            LOG.info("documents_expired", LogField.TYPE.of(type), LogField.COUNT.of(documents));
        }
    }
}
