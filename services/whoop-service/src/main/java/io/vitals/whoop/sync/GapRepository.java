package io.vitals.whoop.sync;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.RecordType;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Finds days that should have been asked for and were not, or failed. The days below a history under way are not its business: they are still
 * to come.
 */
final class GapRepository {
    private static final Sql MEMBERS = Sql.named("gap-members", """
            SELECT member_id FROM link WHERE state IN ('active', 'refreshing', 'refresh_failing') AND member_id > :after
            ORDER BY member_id LIMIT :limit""");

    /**
     * Begins a walk through each member's newest gap, up to 30 days of one type. Half a day more than the last day, because days are local.
     * Conflict rule: one gap at a time; a walk that has ended makes room for the next.
     */
    private static final Sql BEGIN = Sql.named("gap-begin", """
            WITH of_member AS (
                SELECT l.member_id, l.whoop_user_id, coalesce(
                    (SELECT CAST(CASE WHEN w.done_at IS NULL THEN w.window_to ELSE w.window_from END AS date) + 1
                     FROM sync_walk w WHERE w.member_id = l.member_id AND w.kind = 'history'),
                    (SELECT min(c.day) FROM coverage c WHERE c.member_id = l.member_id)) AS first
                FROM link l WHERE l.member_id = ANY(CAST(:members AS uuid[])) AND NOT EXISTS (
                    SELECT 1 FROM sync_walk w WHERE w.member_id = l.member_id AND w.kind = 'gap' AND w.done_at IS NULL)),
            gap AS (
                SELECT m.member_id, m.whoop_user_id, s.type, CAST(d.day AS date) AS day
                FROM of_member m
                JOIN sync_cursor s ON s.member_id = m.member_id AND s.type = ANY(CAST(:types AS text[])) AND s.complete_to IS NOT NULL
                CROSS JOIN LATERAL generate_series(
                    CAST(m.first AS timestamp), CAST(CAST(s.complete_to AS date) - 1 AS timestamp), INTERVAL '1 day') AS d(day)
                LEFT JOIN coverage c ON c.member_id = m.member_id AND c.type = s.type AND c.day = CAST(d.day AS date)
                WHERE c.state IS NULL
                   OR (c.state = 'failed' AND c.checked_at < clock_timestamp() - make_interval(secs => :again))),
            newest AS (SELECT DISTINCT ON (member_id) member_id, type, day FROM gap ORDER BY member_id, day DESC, type),
            stretch AS (
                SELECT g.member_id, g.whoop_user_id, g.type, min(g.day) AS first, max(g.day) AS last
                FROM gap g JOIN newest n ON n.member_id = g.member_id AND n.type = g.type AND g.day > n.day - 30
                GROUP BY g.member_id, g.whoop_user_id, g.type)
            INSERT INTO sync_walk AS w (member_id, kind, whoop_user_id, type, window_from, window_to, goal_from, due_at, started_at)
            SELECT member_id, 'gap', whoop_user_id, type, CAST(first - 1 AS timestamp) AT TIME ZONE 'UTC',
                (CAST(last + 1 AS timestamp) + INTERVAL '12 hours') AT TIME ZONE 'UTC', CAST(first - 1 AS timestamp) AT TIME ZONE 'UTC',
                clock_timestamp(), clock_timestamp()
            FROM stretch
            ON CONFLICT (member_id, kind) DO UPDATE SET whoop_user_id = excluded.whoop_user_id, type = excluded.type,
                window_from = excluded.window_from, window_to = excluded.window_to, goal_from = excluded.goal_from, next_token = NULL, pages = 0,
                run_id = NULL, due_at = excluded.due_at, attempts = 0, last_error = NULL, claim_id = NULL, claim_until = NULL,
                started_at = excluded.started_at, done_at = NULL
            WHERE w.done_at IS NOT NULL""");

    private GapRepository() {}

    /** Linked members in a fixed order, after the given one. */
    static List<MemberId> members(SqlExecutor db, @Nullable MemberId after, int limit) {
        return db.list(
                MEMBERS,
                Params.of("after", after == null ? new UUID(0, 0) : after.value(), "limit", limit),
                row -> new MemberId(row.uuid("member_id")));
    }

    /**
     * Begins walks for members who have a gap and no such walk yet.
     *
     * @param again how long a failed day is left alone
     * @return how many
     */
    static long begin(SqlExecutor db, List<MemberId> members, Duration again) {
        return db.execute(
                BEGIN,
                Params.of(
                        "members", members.stream().map(MemberId::value).toArray(UUID[]::new),
                        "types",
                                RecordType.COLLECTIONS.stream()
                                        .map(RecordType::code)
                                        .toArray(String[]::new),
                        "again", CursorRepository.seconds(again)));
    }
}
