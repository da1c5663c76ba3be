package io.vitals.whoop.sync;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.tracing.Handover;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Owner;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The tables sync_cursor and sync_run. Scheduling goes by the database's clock. */
final class CursorRepository {
    /**
     * Conflict rule: with the same account what is there stays, so that only the gap since then is fetched, and a first walk goes on where it
     * stood; with another account all begins anew. Whatever was under way loses its claim.
     */
    private static final Sql BEGIN = Sql.named("cursor-begin", """
            INSERT INTO sync_cursor AS c (member_id, type, whoop_user_id, trigger, due_at, traceparent)
            SELECT :member, type, :user, 'backfill', clock_timestamp() + n * INTERVAL '1 millisecond', :traceparent
            FROM unnest(CAST(:types AS text[])) WITH ORDINALITY AS t(type, n)
            ON CONFLICT (member_id, type) DO UPDATE SET
                window_from = CASE WHEN c.whoop_user_id = excluded.whoop_user_id AND c.complete_to IS NULL THEN c.window_from END,
                window_to = CASE WHEN c.whoop_user_id = excluded.whoop_user_id AND c.complete_to IS NULL THEN c.window_to END,
                next_token = CASE WHEN c.whoop_user_id = excluded.whoop_user_id AND c.complete_to IS NULL THEN c.next_token END,
                run_id = CASE WHEN c.whoop_user_id = excluded.whoop_user_id AND c.complete_to IS NULL THEN c.run_id END,
                pages = CASE WHEN c.whoop_user_id = excluded.whoop_user_id AND c.complete_to IS NULL THEN c.pages ELSE 0 END,
                rush = coalesce(c.whoop_user_id = excluded.whoop_user_id AND c.complete_to IS NULL AND c.window_from IS NOT NULL, false),
                complete_to = CASE WHEN c.whoop_user_id = excluded.whoop_user_id THEN c.complete_to END,
                whoop_user_id = excluded.whoop_user_id, trigger = 'backfill', due_at = excluded.due_at, attempts = 0, last_error = NULL,
                claim_id = NULL, claim_until = NULL, traceparent = excluded.traceparent""");

    /** How far it is complete stays, for a member who comes back; without a link nobody claims it. */
    private static final Sql END = Sql.named(
            "cursor-end", "UPDATE sync_cursor SET claim_id = NULL, claim_until = NULL WHERE member_id = :member");

    private static final Sql SAME_ACCOUNT = Sql.named(
            "cursor-same-account",
            "SELECT type FROM sync_cursor WHERE member_id = :member AND whoop_user_id = :user LIMIT 1");

    /** Materialized: as a plain subquery a nested loop runs it once a row, and each run locks and claims another one. */
    private static final Sql CLAIM = Sql.named("cursor-claim", """
            WITH due AS MATERIALIZED (
                SELECT s.member_id, s.type, l.whoop_user_id FROM sync_cursor s JOIN link l ON l.member_id = s.member_id
                WHERE s.due_at <= clock_timestamp() AND (s.claim_until IS NULL OR s.claim_until <= clock_timestamp())
                  AND l.state IN ('active', 'refreshing', 'refresh_failing')
                ORDER BY s.due_at LIMIT 1 FOR UPDATE OF s SKIP LOCKED)
            UPDATE sync_cursor c SET claim_id = :claim, claim_until = clock_timestamp() + make_interval(secs => :lease)
            FROM due
            WHERE c.member_id = due.member_id AND c.type = due.type
            RETURNING c.member_id, c.type, due.whoop_user_id, c.complete_to, c.window_from, c.window_to, c.next_token, c.pages, c.run_id,
                c.trigger, c.attempts, c.traceparent""");

    private static final Sql OPEN_WINDOW = Sql.named("cursor-open-window", """
            UPDATE sync_cursor SET window_from = :from, window_to = :to, next_token = NULL, pages = 0, run_id = :run, rush = false
            WHERE member_id = :member AND type = :type AND claim_id = :claim""");

    private static final Sql CHECKPOINT = Sql.named("cursor-checkpoint", """
            UPDATE sync_cursor SET next_token = :token, pages = pages + :pages, attempts = :attempts, last_error = :error,
                due_at = clock_timestamp() + make_interval(secs => :pause), claim_id = NULL, claim_until = NULL
            WHERE member_id = :member AND type = :type AND claim_id = :claim""");

    private static final Sql COMPLETE = Sql.named("cursor-complete", """
            UPDATE sync_cursor SET complete_to = :to, window_from = NULL, window_to = NULL, next_token = NULL, pages = 0, run_id = NULL,
                attempts = 0, last_error = NULL, claim_id = NULL, claim_until = NULL,
                trigger = CASE WHEN rush THEN trigger ELSE 'poll' END, traceparent = CASE WHEN rush THEN traceparent END,
                due_at = clock_timestamp() + CASE WHEN rush THEN INTERVAL '0' ELSE make_interval(secs => :pause) END
            WHERE member_id = :member AND type = :type AND claim_id = :claim""");

    private static final Sql RESCHEDULE = Sql.named("cursor-reschedule", """
            UPDATE sync_cursor SET due_at = clock_timestamp() + make_interval(secs => :pause), attempts = :attempts, last_error = :error,
                claim_id = NULL, claim_until = NULL
            WHERE member_id = :member AND type = :type AND claim_id = :claim""");

    /** The next look starts from the last full success; nothing that was not fetched counts as fetched. */
    private static final Sql ABANDON = Sql.named("cursor-abandon", """
            UPDATE sync_cursor SET window_from = NULL, window_to = NULL, next_token = NULL, pages = 0, run_id = NULL, last_error = :error,
                due_at = clock_timestamp() + make_interval(secs => :pause), claim_id = NULL, claim_until = NULL
            WHERE member_id = :member AND type = :type AND claim_id = :claim""");

    private static final Sql RUSH = Sql.named("cursor-rush", """
            UPDATE sync_cursor SET rush = true, due_at = least(due_at, clock_timestamp()),
                trigger = CASE WHEN trigger = 'backfill' THEN trigger ELSE :trigger END, traceparent = coalesce(:traceparent, traceparent)
            WHERE member_id = :member AND type = ANY(CAST(:types AS text[]))
              AND EXISTS (SELECT 1 FROM link l WHERE l.member_id = :member AND l.state <> 'revoked')""");

    private static final Sql STANDING = Sql.named("cursor-standing", """
            SELECT count(*) AS cursors, count(*) FILTER (WHERE s.complete_to IS NULL OR s.trigger = 'backfill') AS open,
                   count(*) FILTER (WHERE s.attempts >= 3) AS failing
            FROM sync_cursor s JOIN link l ON l.member_id = s.member_id AND l.state <> 'revoked'
            WHERE s.member_id = :member AND s.type = ANY(CAST(:types AS text[]))""");

    /** Up to when the newest full success of each type reaches, whoever made it. */
    private static final Sql NEWEST = Sql.named("cursors-newest", """
            SELECT type, max(complete_to) AS newest FROM sync_cursor WHERE complete_to IS NOT NULL GROUP BY type""");

    /** A cursor is done when its window is closed and nobody asked for another one since. */
    private static final Sql PROGRESS = Sql.named("cursor-progress", """
            SELECT count(*) AS open, count(*) FILTER (WHERE last_error IS NOT NULL AND due_at > clock_timestamp()) AS deferred,
                   max(last_error) FILTER (WHERE due_at > clock_timestamp()) AS reason
            FROM sync_cursor
            WHERE member_id = :member AND type = ANY(CAST(:types AS text[]))
              AND (rush OR window_from IS NOT NULL OR trigger <> 'poll')""");

    private static final Sql LAG = Sql.named("links-lag", """
            SELECT count(*) FILTER (WHERE age > 3600) AS stale, max(age) AS longest,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY age) AS median, percentile_cont(0.95) WITHIN GROUP (ORDER BY age) AS p95
            FROM (SELECT CAST(extract(epoch FROM clock_timestamp() - coalesce(last_sync_at, since)) AS double precision) AS age
                  FROM link WHERE state IN ('active', 'refreshing', 'refresh_failing')) AS ages""");

    /** How a member's collections stand: how many cursors, how many of them never complete yet, how many failing. */
    record Standing(long cursors, long open, long failing) {}

    /** Collections that are not fetched to their end, how many of them are put off, and why. */
    record Progress(long open, long deferred, @Nullable String reason) {}

    /** How long ago the linked members' last finished syncs are, in seconds, and how many are over an hour. */
    record Lag(long stale, double median, double p95, double longest) {}

    private CursorRepository() {}

    /** Whether the member's cursors are of this account. */
    static boolean sameAccount(SqlExecutor tx, Owner owner) {
        return tx.first(
                        SAME_ACCOUNT,
                        Params.of("member", owner.member().value(), "user", owner.whoopUserId()),
                        row -> row.string("type"))
                .isPresent();
    }

    static void begin(SqlExecutor tx, Owner owner) {
        tx.execute(
                BEGIN,
                Params.of(
                        "member", owner.member().value(),
                        "user", owner.whoopUserId(),
                        "types", codes(RecordType.values()),
                        "traceparent", Handover.current()));
    }

    static void end(SqlExecutor tx, MemberId member) {
        tx.execute(END, Params.of("member", member.value()));
    }

    static Optional<Cursor> claim(SqlExecutor db, UUID claim, Duration lease) {
        return db.first(CLAIM, Params.of("claim", claim, "lease", seconds(lease)), row -> cursor(row, claim));
    }

    private static Cursor cursor(Row row, UUID claim) {
        Instant from = row.instantOrNull("window_from");
        Instant to = row.instantOrNull("window_to");
        Long run = row.longOrNull("run_id");
        Cursor.Window window = from == null || to == null || run == null
                ? null
                : new Cursor.Window(from, to, row.stringOrNull("next_token"), row.intValue("pages"), run);
        return new Cursor(
                new Owner(new MemberId(row.uuid("member_id")), row.longValue("whoop_user_id")),
                RecordType.of(row.string("type")),
                claim,
                row.instantOrNull("complete_to"),
                window,
                Trigger.of(row.string("trigger")),
                row.intValue("attempts"),
                row.stringOrNull("traceparent"));
    }

    /** Begins a window and the run that walks it. */
    static Cursor.Window open(SqlExecutor tx, Cursor cursor, Instant from, Instant to) {
        long run = RunRepository.open(tx, cursor.owner().member(), cursor.type(), cursor.trigger(), from, to);
        held(tx.execute(
                OPEN_WINDOW, keys(cursor).with("from", from).with("to", to).with("run", run)));
        return new Cursor.Window(from, to, null, 0, run);
    }

    static void checkpoint(SqlExecutor tx, Cursor cursor, String token, int pages, Haul.Rest rest) {
        held(tx.execute(CHECKPOINT, behind(keys(cursor), token, pages, rest)));
    }

    /** What a checkpoint of a cursor or a walk says. */
    static Params behind(Params keys, String token, int pages, Haul.Rest rest) {
        return keys.with("token", token)
                .with("pages", pages)
                .with("pause", seconds(rest.pause()))
                .with("attempts", rest.attempts())
                .with("error", rest.error());
    }

    static void complete(SqlExecutor tx, Cursor cursor, Instant to, Duration pause) {
        held(tx.execute(COMPLETE, keys(cursor).with("to", to).with("pause", seconds(pause))));
    }

    static void reschedule(SqlExecutor db, Cursor cursor, Duration pause, int attempts, @Nullable String error) {
        db.execute(
                RESCHEDULE,
                keys(cursor)
                        .with("pause", seconds(pause))
                        .with("attempts", attempts)
                        .with("error", error));
    }

    static void abandon(SqlExecutor tx, Cursor cursor, Duration pause, String error) {
        tx.execute(ABANDON, keys(cursor).with("pause", seconds(pause)).with("error", error));
    }

    /** Asks for a new look soon, after the window being walked if there is one. */
    static long rush(SqlExecutor db, MemberId member, Trigger trigger, RecordType... types) {
        Params params = Params.of("member", member.value(), "trigger", trigger, "types", codes(types));
        return db.execute(RUSH, params.with("traceparent", Handover.current()));
    }

    static Standing standing(SqlExecutor db, MemberId member) {
        return db.first(
                        STANDING,
                        Params.of(
                                "member",
                                member.value(),
                                "types",
                                codes(RecordType.COLLECTIONS.toArray(RecordType[]::new))),
                        row -> new Standing(row.longValue("cursors"), row.longValue("open"), row.longValue("failing")))
                .orElse(new Standing(0, 0, 0));
    }

    static Map<RecordType, Instant> newest(SqlExecutor db) {
        return db
                .list(NEWEST, Params.none(), row -> Map.entry(RecordType.of(row.string("type")), row.instant("newest")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static Progress progress(SqlExecutor db, MemberId member) {
        return db.first(
                        PROGRESS,
                        Params.of(
                                "member",
                                member.value(),
                                "types",
                                codes(RecordType.COLLECTIONS.toArray(RecordType[]::new))),
                        row -> new Progress(
                                row.longValue("open"), row.longValue("deferred"), row.stringOrNull("reason")))
                .orElse(new Progress(0, 0, null));
    }

    static Lag lag(SqlExecutor db) {
        return db.first(
                        LAG,
                        Params.none(),
                        row -> new Lag(
                                row.longValue("stale"),
                                orZero(row.doubleOrNull("median")),
                                orZero(row.doubleOrNull("p95")),
                                orZero(row.doubleOrNull("longest"))))
                .orElse(new Lag(0, 0, 0, 0));
    }

    private static double orZero(@Nullable Double age) {
        return age == null ? 0 : age;
    }

    /** A worker whose claim ran out, or whose link ended, must not move the cursor: its transaction is undone. */
    static void held(long rows) {
        if (rows == 0) {
            throw new LostClaimException();
        }
    }

    private static Params keys(Cursor cursor) {
        return Params.of("member", cursor.owner().member().value(), "type", cursor.type(), "claim", cursor.claim());
    }

    private static String[] codes(RecordType... types) {
        return Arrays.stream(types).map(RecordType::code).toArray(String[]::new);
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
