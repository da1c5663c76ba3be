package io.vitals.whoop.sync;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.StoreResult;

import java.time.Duration;
import java.time.Instant;

/** The table sync_run: each walk through a window, with what came of it. */
final class RunRepository {
    private static final Sql OPEN = Sql.named("sync-run-open", """
            INSERT INTO sync_run (member_id, type, trigger, window_from, window_to, started_at)
            VALUES (:member, :type, :trigger, :from, :to, clock_timestamp()) RETURNING id""");

    private static final Sql COUNT_PAGES = Sql.named("sync-run-page", """
            UPDATE sync_run SET pages = pages + :pages, inserted = inserted + :inserted, updated = updated + :updated,
                unchanged = unchanged + :unchanged, failed = failed + :failed
            WHERE id = :run""");

    private static final Sql COUNT_DELETED =
            Sql.named("sync-run-deleted", "UPDATE sync_run SET deleted = deleted + 1 WHERE id = :run");

    private static final Sql CLOSE = Sql.named("sync-run-close", """
            UPDATE sync_run SET ended_at = clock_timestamp(), outcome = :outcome WHERE id = :run
            RETURNING CAST(1000 * extract(epoch FROM ended_at - started_at) AS bigint) AS millis""");

    private static final Sql PURGE = Sql.named("sync-run-purge", """
            DELETE FROM sync_run WHERE id = ANY(ARRAY(
                SELECT id FROM sync_run WHERE ended_at < clock_timestamp() - make_interval(secs => :age) LIMIT :limit))""");

    private static final int AT_ONCE = 1000;

    private RunRepository() {}

    static long open(SqlExecutor tx, MemberId member, RecordType type, Trigger trigger, Instant from, Instant to) {
        return tx.first(
                        OPEN,
                        Params.of(
                                "member", member.value(),
                                "type", type,
                                "trigger", trigger,
                                "from", from,
                                "to", to),
                        row -> row.longValue("id"))
                .orElseThrow();
    }

    static void countPages(SqlExecutor tx, long run, int pages, StoreResult result) {
        tx.execute(
                COUNT_PAGES,
                Params.of(
                        "run", run,
                        "pages", pages,
                        "inserted", result.inserted(),
                        "updated", result.updated(),
                        "unchanged", result.unchanged(),
                        "failed", result.failed()));
    }

    static void countDeleted(SqlExecutor tx, long run) {
        tx.execute(COUNT_DELETED, Params.of("run", run));
    }

    /** Ends a run; returns how long it took. */
    static Duration close(SqlExecutor tx, long run, String outcome) {
        return Duration.ofMillis(
                tx.first(CLOSE, Params.of("run", run, "outcome", outcome), row -> row.longValue("millis"))
                        .orElse(0L));
    }

    /** Forgets runs that ended so long ago. */
    static void purge(SqlExecutor db, Duration age) {
        while (db.execute(PURGE, Params.of("age", CursorRepository.seconds(age), "limit", AT_ONCE)) == AT_ONCE) {
            // The next thousand.
        }
    }
}
