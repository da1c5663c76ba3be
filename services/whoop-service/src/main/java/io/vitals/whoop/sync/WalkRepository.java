package io.vitals.whoop.sync;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Owner;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The table sync_walk. Scheduling goes by the database's clock. */
final class WalkRepository {
    /** Conflict rule: with the same account a history goes on where it stood; {@link #forget} was called for another. */
    private static final Sql BEGIN_HISTORY = Sql.named("walk-begin-history", """
            INSERT INTO sync_walk AS w (member_id, kind, whoop_user_id, type, window_from, window_to, goal_from, due_at, started_at)
            VALUES (:member, 'history', :user, 'sleep', :from, :to, :goal, clock_timestamp(), clock_timestamp())
            ON CONFLICT (member_id, kind) DO UPDATE SET due_at = CASE WHEN w.done_at IS NULL THEN excluded.due_at END, attempts = 0,
                claim_id = NULL, claim_until = NULL""");

    /** Conflict rule: whoever has a history keeps it. For links made before there were any. */
    private static final Sql SEED_HISTORY = Sql.named("walk-seed-history", """
            INSERT INTO sync_walk (member_id, kind, whoop_user_id, type, window_from, window_to, goal_from, due_at, started_at)
            SELECT member_id, 'history', whoop_user_id, 'sleep', first - INTERVAL '30 days', first, CAST(:goal AS timestamptz),
                clock_timestamp(), clock_timestamp()
            FROM (SELECT l.member_id, l.whoop_user_id, least(CAST(:to AS timestamptz),
                      (SELECT min(c.day) + INTERVAL '1 day' FROM coverage c WHERE c.member_id = l.member_id AND c.state = 'asked')) AS first
                  FROM link l WHERE l.state IN ('active', 'refreshing', 'refresh_failing')
                    AND NOT EXISTS (SELECT 1 FROM sync_walk w WHERE w.member_id = l.member_id AND w.kind = 'history')) AS without
            ON CONFLICT (member_id, kind) DO NOTHING""");

    /**
     * Conflict rule: a new reconciliation replaces one that has ended. Only so many begin at once, those first that waited longest, so that
     * the members' nights stay spread over the day.
     */
    private static final Sql BEGIN_RECONCILIATIONS = Sql.named("walk-begin-reconciliations", """
            INSERT INTO sync_walk AS w (member_id, kind, whoop_user_id, type, window_from, window_to, goal_from, reconciliation_id, due_at, started_at)
            SELECT l.member_id, 'reconcile', l.whoop_user_id, 'sleep', :from, :to, :from, gen_random_uuid(), clock_timestamp(), clock_timestamp()
            FROM link l LEFT JOIN sync_walk o ON o.member_id = l.member_id AND o.kind = 'reconcile'
            WHERE l.state IN ('active', 'refreshing', 'refresh_failing')
              AND coalesce(o.started_at, l.since) < clock_timestamp() - make_interval(secs => :interval)
              AND (o.member_id IS NULL OR o.done_at IS NOT NULL)
              AND NOT EXISTS (SELECT 1 FROM sync_cursor s WHERE s.member_id = l.member_id AND s.complete_to IS NULL)
            ORDER BY coalesce(o.started_at, l.since)
            LIMIT greatest(5, (SELECT count(*) FROM link) / CAST(:slots AS bigint))
            ON CONFLICT (member_id, kind) DO UPDATE SET whoop_user_id = excluded.whoop_user_id, type = excluded.type,
                window_from = excluded.window_from, window_to = excluded.window_to, goal_from = excluded.goal_from, next_token = NULL, pages = 0,
                run_id = NULL, reconciliation_id = excluded.reconciliation_id, due_at = excluded.due_at, attempts = 0, last_error = NULL,
                claim_id = NULL, claim_until = NULL, started_at = excluded.started_at, done_at = NULL
            WHERE w.done_at IS NOT NULL""");

    private static final Sql FORGET = Sql.named("walk-forget", """
            WITH ended AS (DELETE FROM sync_walk WHERE member_id = :member RETURNING reconciliation_id)
            DELETE FROM sync_listed WHERE reconciliation_id IN (SELECT reconciliation_id FROM ended)""");

    private static final Sql END =
            Sql.named("walk-end", "UPDATE sync_walk SET claim_id = NULL, claim_until = NULL WHERE member_id = :member");

    /**
     * History waits until the member's first days are there, and goes last. Materialized: as a plain subquery a nested loop could claim
     * several.
     */
    private static final Sql CLAIM = Sql.named("walk-claim", """
            WITH due AS MATERIALIZED (
                SELECT w.member_id, w.kind FROM sync_walk w
                JOIN link l ON l.member_id = w.member_id AND l.whoop_user_id = w.whoop_user_id
                WHERE w.due_at <= clock_timestamp() AND (w.claim_until IS NULL OR w.claim_until <= clock_timestamp())
                  AND l.state IN ('active', 'refreshing', 'refresh_failing')
                  AND (w.kind <> 'history' OR NOT EXISTS (
                      SELECT 1 FROM sync_cursor s WHERE s.member_id = w.member_id AND s.complete_to IS NULL))
                ORDER BY w.kind = 'history', w.due_at LIMIT 1 FOR UPDATE OF w SKIP LOCKED)
            UPDATE sync_walk c SET claim_id = :claim, claim_until = clock_timestamp() + make_interval(secs => :lease)
            FROM due
            WHERE c.member_id = due.member_id AND c.kind = due.kind
            RETURNING c.member_id, c.whoop_user_id, c.kind, c.type, c.window_from, c.window_to, c.goal_from, c.next_token, c.pages, c.run_id,
                c.reconciliation_id, c.started_at, c.attempts""");

    private static final String HELD = " WHERE member_id = :member AND kind = :kind AND claim_id = :claim";

    private static final Sql CHECKPOINT = Sql.named("walk-checkpoint", """
            UPDATE sync_walk SET next_token = :token, pages = pages + :pages, run_id = :run, attempts = :attempts, last_error = :error,
                due_at = clock_timestamp() + make_interval(secs => :pause), claim_id = NULL, claim_until = NULL""" + HELD);

    private static final Sql TURN = Sql.named("walk-turn", """
            UPDATE sync_walk SET type = CAST(:type AS text), window_from = :from, window_to = :to, next_token = NULL, pages = 0, run_id = NULL,
                attempts = 0, last_error = NULL, due_at = clock_timestamp(), claim_id = NULL, claim_until = NULL""" + HELD);

    private static final Sql DONE = Sql.named("walk-done", """
            UPDATE sync_walk SET window_from = :from, next_token = NULL, run_id = NULL, due_at = NULL, done_at = clock_timestamp(), attempts = 0,
                last_error = :error, claim_id = NULL, claim_until = NULL""" + HELD);

    private static final Sql RESCHEDULE = Sql.named("walk-reschedule", """
            UPDATE sync_walk SET due_at = clock_timestamp() + make_interval(secs => :pause), attempts = :attempts, last_error = :error,
                claim_id = NULL, claim_until = NULL""" + HELD);

    /** The window's type is walked from its first page again: a token may not live as long as the trouble did. */
    private static final Sql RESTART = Sql.named("walk-restart", """
            UPDATE sync_walk SET next_token = NULL, pages = 0, run_id = NULL, attempts = 0, last_error = :error,
                due_at = clock_timestamp() + make_interval(secs => :pause), claim_id = NULL, claim_until = NULL""" + HELD);

    private WalkRepository() {}

    static void beginHistory(SqlExecutor tx, Owner owner, Instant from, Instant to, Instant goal) {
        tx.execute(
                BEGIN_HISTORY,
                Params.of(
                        "member", owner.member().value(),
                        "user", owner.whoopUserId(),
                        "from", from,
                        "to", to,
                        "goal", goal));
    }

    static void seedHistory(SqlExecutor db, Instant to, Instant goal) {
        db.execute(SEED_HISTORY, Params.of("to", to, "goal", goal));
    }

    /**
     * Begins what is due.
     *
     * @param slots into how many such calls an interval is spread
     */
    static long beginReconciliations(SqlExecutor db, Instant from, Instant to, Duration interval, long slots) {
        return db.execute(
                BEGIN_RECONCILIATIONS,
                Params.of(
                        "from",
                        from,
                        "to",
                        to,
                        "interval",
                        CursorRepository.seconds(interval),
                        "slots",
                        Math.max(1, slots)));
    }

    static void forget(SqlExecutor tx, MemberId member) {
        tx.execute(FORGET, Params.of("member", member.value()));
    }

    static void end(SqlExecutor tx, MemberId member) {
        tx.execute(END, Params.of("member", member.value()));
    }

    static Optional<Walk> claim(SqlExecutor db, UUID claim, Duration lease) {
        return db.first(
                CLAIM, Params.of("claim", claim, "lease", CursorRepository.seconds(lease)), row -> walk(row, claim));
    }

    private static Walk walk(Row row, UUID claim) {
        String type = row.stringOrNull("type");
        return new Walk(
                new Owner(new MemberId(row.uuid("member_id")), row.longValue("whoop_user_id")),
                Trigger.of(row.string("kind")),
                claim,
                type == null ? null : RecordType.of(type),
                row.instant("window_from"),
                row.instant("window_to"),
                row.instant("goal_from"),
                row.stringOrNull("next_token"),
                row.intValue("pages"),
                row.longOrNull("run_id"),
                row.uuidOrNull("reconciliation_id"),
                row.instant("started_at"),
                row.intValue("attempts"));
    }

    static void checkpoint(SqlExecutor tx, Walk walk, long run, String token, int pages, Haul.Rest rest) {
        CursorRepository.held(tx.execute(
                CHECKPOINT,
                CursorRepository.behind(keys(walk), token, pages, rest).with("run", run)));
    }

    /** Goes on to another type or window; without a type to the check of what was not listed. */
    static void turn(SqlExecutor tx, Walk walk, @Nullable RecordType type, Instant from, Instant to) {
        CursorRepository.held(tx.execute(
                TURN, keys(walk).with("type", type).with("from", from).with("to", to)));
    }

    /** Ends the walk, for good or with the failure that ended it. */
    static void done(SqlExecutor tx, Walk walk, @Nullable String error) {
        CursorRepository.held(
                tx.execute(DONE, keys(walk).with("from", walk.from()).with("error", error)));
    }

    static void reschedule(SqlExecutor db, Walk walk, Duration pause, int attempts, @Nullable String error) {
        db.execute(
                RESCHEDULE,
                keys(walk)
                        .with("pause", CursorRepository.seconds(pause))
                        .with("attempts", attempts)
                        .with("error", error));
    }

    static void restart(SqlExecutor tx, Walk walk, Duration pause, String error) {
        CursorRepository.held(tx.execute(
                RESTART,
                keys(walk).with("pause", CursorRepository.seconds(pause)).with("error", error)));
    }

    private static Params keys(Walk walk) {
        return Params.of("member", walk.owner().member().value(), "kind", walk.trigger(), "claim", walk.claim());
    }
}
