package io.vitals.whoop.sync;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.Coverage;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.RecordType;
import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which days were asked for. What a day then shows follows from the records there are. */
final class CoverageRepository {
    /** Conflict rule: the later look wins, but a failure does not undo that a day was once asked in full. */
    private static final Sql MARK = Sql.named("coverage-mark", """
            INSERT INTO coverage AS c (member_id, type, day, state, reason, checked_at)
            SELECT :member, :type, CAST(day AS date), :state, :reason, clock_timestamp()
            FROM generate_series(CAST(:from AS timestamp), CAST(:to AS timestamp), INTERVAL '1 day') AS day
            ON CONFLICT (member_id, type, day) DO UPDATE
            SET state = excluded.state, reason = excluded.reason, checked_at = excluded.checked_at
            WHERE excluded.state = 'asked' OR c.state = 'failed'""");

    private static final Sql FORGET = Sql.named("coverage-forget", "DELETE FROM coverage WHERE member_id = :member");

    private static final Sql DONE = Sql.named("coverage-done", """
            SELECT count(*) AS days FROM (
                SELECT day FROM coverage WHERE member_id = :member AND state = 'asked' AND day BETWEEN :from AND :to
                GROUP BY day HAVING count(*) = :types) AS complete""");

    private static final Sql READ = Sql.named("coverage-read", """
            SELECT type, day, min(rank) AS rank, max(reason) AS reason FROM (
                SELECT type, day, CASE state WHEN 'asked' THEN 3 ELSE 4 END AS rank, reason FROM coverage
                WHERE member_id = :member AND day BETWEEN :from AND :to
                UNION ALL SELECT 'cycle', local_date, CASE score_state WHEN 'PENDING_SCORE' THEN 2 ELSE 1 END, NULL FROM cycle
                WHERE member_id = :member AND local_date BETWEEN :from AND :to
                UNION ALL SELECT 'recovery', local_date, CASE score_state WHEN 'PENDING_SCORE' THEN 2 ELSE 1 END, NULL FROM recovery
                WHERE member_id = :member AND local_date BETWEEN :from AND :to
                UNION ALL SELECT 'sleep', local_date, CASE score_state WHEN 'PENDING_SCORE' THEN 2 ELSE 1 END, NULL FROM sleep
                WHERE member_id = :member AND local_date BETWEEN :from AND :to
                UNION ALL SELECT 'workout', local_date, CASE score_state WHEN 'PENDING_SCORE' THEN 2 ELSE 1 END, NULL FROM workout
                WHERE member_id = :member AND local_date BETWEEN :from AND :to) AS known
            GROUP BY type, day""");

    private static final Sql PENDING = Sql.named("records-pending", """
            SELECT type FROM (
                SELECT 'cycle' AS type FROM cycle
                WHERE member_id = :member AND score_state = 'PENDING_SCORE' AND end_at IS NOT NULL AND local_date >= :since
                UNION SELECT 'recovery' FROM recovery WHERE member_id = :member AND score_state = 'PENDING_SCORE' AND local_date >= :since
                UNION SELECT 'sleep' FROM sleep WHERE member_id = :member AND score_state = 'PENDING_SCORE' AND local_date >= :since
                UNION SELECT 'workout' FROM workout WHERE member_id = :member AND score_state = 'PENDING_SCORE' AND local_date >= :since
            ) AS waiting WHERE type = :type""");

    private CoverageRepository() {}

    static void asked(SqlExecutor tx, MemberId member, RecordType type, LocalDate from, LocalDate to) {
        mark(tx, member, type, from, to, "asked", null);
    }

    static void failed(SqlExecutor tx, MemberId member, RecordType type, LocalDate from, LocalDate to, String reason) {
        mark(tx, member, type, from, to, "failed", reason);
    }

    private static void mark(
            SqlExecutor tx,
            MemberId member,
            RecordType type,
            LocalDate from,
            LocalDate to,
            String state,
            @Nullable String reason) {
        if (from.isAfter(to)) {
            return;
        }
        tx.execute(
                MARK,
                Params.of(
                        "member", member.value(),
                        "type", type,
                        "from", from,
                        "to", to,
                        "state", state,
                        "reason", reason));
    }

    static void forget(SqlExecutor tx, MemberId member) {
        tx.execute(FORGET, Params.of("member", member.value()));
    }

    /** Days asked for in every collection. */
    static int done(SqlExecutor db, MemberId member, LocalDate from, LocalDate to) {
        return db.first(
                        DONE,
                        Params.of(
                                "member",
                                member.value(),
                                "from",
                                from,
                                "to",
                                to,
                                "types",
                                RecordType.COLLECTIONS.size()),
                        row -> row.intValue("days"))
                .orElse(0);
    }

    static boolean pending(SqlExecutor db, MemberId member, RecordType type, LocalDate since) {
        return db.first(
                        PENDING,
                        Params.of("member", member.value(), "type", type, "since", since),
                        row -> row.string("type"))
                .isPresent();
    }

    static List<Coverage> read(SqlExecutor db, MemberId member, LocalDate from, LocalDate to) {
        record Known(
                LocalDate day,
                RecordType type,
                Coverage.State state,
                @Nullable String reason) {}
        Map<LocalDate, List<Known>> days = db
                .list(
                        READ,
                        Params.of("member", member.value(), "from", from, "to", to),
                        row -> new Known(
                                row.localDate("day"),
                                RecordType.of(row.string("type")),
                                state(row.intValue("rank")),
                                row.stringOrNull("reason")))
                .stream()
                .collect(Collectors.groupingBy(Known::day));
        List<Coverage> coverage = new ArrayList<>();
        for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
            Map<RecordType, Coverage.State> states = new EnumMap<>(RecordType.class);
            Map<RecordType, String> reasons = new EnumMap<>(RecordType.class);
            RecordType.COLLECTIONS.forEach(type -> states.put(type, Coverage.State.MISSING));
            for (Known known : days.getOrDefault(day, List.of())) {
                states.put(known.type(), known.state());
                String reason = known.reason();
                if (known.state() == Coverage.State.FAILED && reason != null) {
                    reasons.put(known.type(), reason);
                }
            }
            coverage.add(new Coverage(day, states, reasons));
        }
        return coverage;
    }

    static Coverage.State state(int rank) {
        return switch (rank) {
            case 1 -> Coverage.State.PRESENT;
            case 2 -> Coverage.State.PENDING;
            case 3 -> Coverage.State.EMPTY;
            default -> Coverage.State.FAILED;
        };
    }
}
