package io.vitals.whoop.sync;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.Coverage;
import io.vitals.whoop.model.RecordType;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How well the days of all linked members are covered. Asked of at most {@value #MOST_MEMBERS} of them, drawn by a hash of their ids: the
 * shares are then right within three points in a hundred, and the cost does not grow with the members.
 */
public final class CoverageCensus {
    static final int MOST_MEMBERS = 1000;

    private static final Sql LINKED = Sql.named(
            "coverage-linked",
            "SELECT count(*) AS members FROM link WHERE state IN ('active', 'refreshing', 'refresh_failing')");

    /** By the same ranks as the coverage of one member: what is stored goes before what was asked. */
    private static final Sql COUNT = Sql.named("coverage-count", """
            WITH drawn AS MATERIALIZED (
                SELECT member_id FROM link WHERE state IN ('active', 'refreshing', 'refresh_failing')
                ORDER BY hashtextextended(CAST(member_id AS text), 0) LIMIT :most),
            known AS (
                SELECT member_id, type, day, CASE state WHEN 'asked' THEN 3 ELSE 4 END AS rank FROM coverage JOIN drawn USING (member_id)
                WHERE day BETWEEN :from AND :to
                UNION ALL SELECT member_id, 'cycle', local_date, CASE score_state WHEN 'PENDING_SCORE' THEN 2 ELSE 1 END
                FROM cycle JOIN drawn USING (member_id) WHERE local_date BETWEEN :from AND :to
                UNION ALL SELECT member_id, 'recovery', local_date, CASE score_state WHEN 'PENDING_SCORE' THEN 2 ELSE 1 END
                FROM recovery JOIN drawn USING (member_id) WHERE local_date BETWEEN :from AND :to
                UNION ALL SELECT member_id, 'sleep', local_date, CASE score_state WHEN 'PENDING_SCORE' THEN 2 ELSE 1 END
                FROM sleep JOIN drawn USING (member_id) WHERE local_date BETWEEN :from AND :to
                UNION ALL SELECT member_id, 'workout', local_date, CASE score_state WHEN 'PENDING_SCORE' THEN 2 ELSE 1 END
                FROM workout JOIN drawn USING (member_id) WHERE local_date BETWEEN :from AND :to),
            best AS (SELECT member_id, type, day, min(rank) AS rank FROM known GROUP BY member_id, type, day)
            SELECT type, day, rank, count(*) AS members FROM best
            WHERE type IN ('cycle', 'recovery', 'sleep', 'workout') GROUP BY type, day, rank""");

    private final SqlExecutor database;

    public CoverageCensus(SqlExecutor database) {
        this.database = database;
    }

    /** How many of the members asked are in each state, by kind of record. */
    public record Day(LocalDate date, Map<RecordType, Map<Coverage.State, Long>> counts) {
        public Day {
            counts = Map.copyOf(counts);
        }
    }

    /**
     * The days of a range.
     *
     * @param members those who are linked
     * @param asked of these, those who are counted here
     */
    public record Census(long members, long asked, List<Day> days) {
        public Census {
            days = List.copyOf(days);
        }
    }

    private record Known(LocalDate day, RecordType type, Coverage.State state, long members) {}

    /** The days from {@code from} to {@code to}, both included. */
    public Census count(LocalDate from, LocalDate to) {
        long linked = database.first(LINKED, Params.none(), row -> row.longValue("members"))
                .orElse(0L);
        long asked = Math.min(linked, MOST_MEMBERS);
        Map<LocalDate, List<Known>> known = new java.util.HashMap<>();
        database.list(
                        COUNT,
                        Params.of("from", from, "to", to, "most", MOST_MEMBERS),
                        row -> new Known(
                                row.localDate("day"),
                                RecordType.of(row.string("type")),
                                CoverageRepository.state(row.intValue("rank")),
                                row.longValue("members")))
                .forEach(entry -> known.computeIfAbsent(entry.day(), _ -> new ArrayList<>())
                        .add(entry));
        List<Day> days = new ArrayList<>();
        for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
            days.add(new Day(day, counts(known.getOrDefault(day, List.of()), asked)));
        }
        return new Census(linked, asked, days);
    }

    private static Map<RecordType, Map<Coverage.State, Long>> counts(List<Known> known, long asked) {
        Map<RecordType, Map<Coverage.State, Long>> counts = new EnumMap<>(RecordType.class);
        for (RecordType type : RecordType.COLLECTIONS) {
            Map<Coverage.State, Long> states = new EnumMap<>(Coverage.State.class);
            known.stream()
                    .filter(entry -> entry.type() == type)
                    .forEach(entry -> states.put(entry.state(), entry.members()));
            long told = states.values().stream().mapToLong(Long::longValue).sum();
            // Who was linked or lost between the two questions would make it less than none.
            states.put(Coverage.State.MISSING, Math.max(0, asked - told));
            counts.put(type, states);
        }
        return counts;
    }
}
