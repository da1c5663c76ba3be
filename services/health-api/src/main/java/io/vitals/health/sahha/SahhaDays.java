package io.vitals.health.sahha;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The stored Sahha rows of a member, by local day. */
public final class SahhaDays {
    private static final Sql SCORES = Sql.named("sahha-scores-of-days", """
            SELECT local_date, type, record_id, percent, state, observed_at, fetched_at
              FROM sahha_score
             WHERE member = :member AND local_date = ANY (CAST(:dates AS date[]))
             ORDER BY local_date, type
            """);

    private static final Sql BIOMARKERS = Sql.named("sahha-biomarkers-of-days", """
            SELECT local_date, type, record_id, amount, unit, start_at, end_at, timezone_offset, fetched_at
              FROM sahha_biomarker
             WHERE member = :member AND local_date = ANY (CAST(:dates AS date[]))
             ORDER BY local_date, type
            """);

    private static final Sql SESSIONS = Sql.named("sahha-sessions-of-days", """
            SELECT local_date, sport, record_id, start_at, end_at, timezone_offset, fetched_at
              FROM sahha_session
             WHERE member = :member AND local_date = ANY (CAST(:dates AS date[]))
             ORDER BY start_at, sport
            """);

    private static final Sql LAST_OFFSET = Sql.named("sahha-last-offset", """
            SELECT timezone_offset FROM sahha_score
             WHERE member = :member ORDER BY local_date DESC LIMIT 1
            """);

    private SahhaDays() {}

    /** The days among {@code dates} of which anything is stored. */
    public static Map<LocalDate, SahhaDay> read(SqlExecutor db, UUID member, Collection<LocalDate> dates) {
        Params params = Params.of("member", member, "dates", array(dates));
        Map<LocalDate, List<SahhaScore>> scores =
                db.list(SCORES, params, SahhaDays::score).stream().collect(Collectors.groupingBy(SahhaScore::date));
        Map<LocalDate, List<SahhaBiomarker>> biomarkers = db.list(BIOMARKERS, params, SahhaDays::biomarker).stream()
                .collect(Collectors.groupingBy(SahhaBiomarker::date));
        Map<LocalDate, List<SahhaSession>> sessions = new HashMap<>();
        db.list(SESSIONS, params, row -> Map.entry(row.localDate("local_date"), session(row)))
                .forEach(entry -> sessions.computeIfAbsent(entry.getKey(), date -> new ArrayList<>())
                        .add(entry.getValue()));
        Map<LocalDate, SahhaDay> days = new HashMap<>();
        for (LocalDate date : dates) {
            List<SahhaScore> some = scores.getOrDefault(date, List.of());
            List<SahhaBiomarker> more = biomarkers.getOrDefault(date, List.of());
            SahhaDay day = new SahhaDay(date, some, more, sessions.getOrDefault(date, List.of()));
            if (!day.isEmpty()) {
                days.put(date, day);
            }
        }
        return days;
    }

    /** The offset of the member's newest score, such as {@code +01:00}. */
    public static Optional<String> lastOffset(SqlExecutor db, UUID member) {
        return db.first(LAST_OFFSET, Params.of("member", member), row -> row.string("timezone_offset"));
    }

    private static SahhaScore score(Row row) {
        return new SahhaScore(
                row.string("record_id"),
                row.string("type"),
                row.localDate("local_date"),
                row.doubleValue("percent"),
                row.string("state"),
                row.instant("observed_at"),
                row.instant("fetched_at"));
    }

    private static SahhaSession session(Row row) {
        return new SahhaSession(
                row.string("record_id"),
                row.string("sport"),
                row.instant("start_at"),
                row.instant("end_at"),
                row.string("timezone_offset"),
                row.instant("fetched_at"));
    }

    private static SahhaBiomarker biomarker(Row row) {
        return new SahhaBiomarker(
                row.string("record_id"),
                row.string("type"),
                row.localDate("local_date"),
                row.doubleValue("amount"),
                row.string("unit"),
                row.instant("start_at"),
                row.instant("end_at"),
                row.string("timezone_offset"),
                row.instant("fetched_at"));
    }

    private static String array(Collection<LocalDate> dates) {
        return dates.stream().map(LocalDate::toString).collect(Collectors.joining(",", "{", "}"));
    }
}
