package io.vitals.health.daily;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

/** The table refresh_run. Leases go by the database's clock, the only one that all replicas share. */
final class RefreshRuns {
    /** Conflict rule: a run that is under way stays, and so does one that ended just now; anything else is begun anew. */
    private static final Sql CLAIM = Sql.named("refresh-claim", """
            INSERT INTO refresh_run AS run (member, local_date, claim, lease_until)
            VALUES (:member, :date, :claim, clock_timestamp() + make_interval(secs => :lease))
            ON CONFLICT (member, local_date) DO UPDATE
               SET claim = excluded.claim, lease_until = excluded.lease_until, finished_at = NULL, sahha = NULL,
                   whoop = NULL
             WHERE (run.finished_at IS NULL AND run.lease_until <= clock_timestamp())
                OR run.finished_at <= clock_timestamp() - make_interval(secs => :reuse)
            RETURNING claim
            """);

    private static final Sql FINISH = Sql.named("refresh-finish", """
            UPDATE refresh_run SET finished_at = clock_timestamp(), sahha = :sahha, whoop = :whoop
             WHERE member = :member AND local_date = :date AND claim = :claim
            """);
    private static final Sql RELEASE = Sql.named(
            "refresh-release",
            "DELETE FROM refresh_run WHERE member = :member AND local_date = :date AND claim = :claim");
    private static final Sql READ = Sql.named("refresh-read", """
            SELECT finished_at, sahha, whoop FROM refresh_run
             WHERE member = :member AND local_date = :date AND finished_at IS NOT NULL
            """);
    private static final Sql FORGET = Sql.named("refresh-forget", """
            DELETE FROM refresh_run
             WHERE member = :member AND local_date <> :date AND lease_until < clock_timestamp() - INTERVAL '1 hour'
            """);

    private RefreshRuns() {}

    /** How both sources did, and when it was over. */
    record Finished(RefreshOutcome sahha, RefreshOutcome whoop, Instant at) {}

    /** Whether this claim is the one that does it. */
    static boolean claim(SqlExecutor db, UUID member, LocalDate date, UUID claim, Duration lease, Duration reuse) {
        db.execute(FORGET, Params.of("member", member, "date", date));
        return db.first(
                        CLAIM,
                        Params.of(
                                "member", member,
                                "date", date,
                                "claim", claim,
                                "lease", seconds(lease),
                                "reuse", seconds(reuse)),
                        row -> row.uuid("claim"))
                .isPresent();
    }

    static void finish(
            SqlExecutor db, UUID member, LocalDate date, UUID claim, RefreshOutcome sahha, RefreshOutcome whoop) {
        db.execute(
                FINISH,
                Params.of(
                        "member", member, "date", date, "claim", claim, "sahha", sahha.wire(), "whoop", whoop.wire()));
    }

    /** Nobody waits for it any longer. */
    static void release(SqlExecutor db, UUID member, LocalDate date, UUID claim) {
        db.execute(RELEASE, Params.of("member", member, "date", date, "claim", claim));
    }

    /** The last one that ended; empty while one is under way. */
    static Optional<Finished> finished(SqlExecutor db, UUID member, LocalDate date) {
        return db.first(READ, Params.of("member", member, "date", date), RefreshRuns::finished);
    }

    private static Finished finished(Row row) {
        return new Finished(
                RefreshOutcome.of(row.string("sahha")),
                RefreshOutcome.of(row.string("whoop")),
                row.instant("finished_at"));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
