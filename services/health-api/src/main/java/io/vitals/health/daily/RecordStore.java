package io.vitals.health.daily;

import io.vitals.health.whoop.WhoopDay;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.json.Json;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Writes of whoop_day and daily_record. The caller holds the member's lock. */
final class RecordStore {
    /** One writer per member: so versions of a member are given out in the order in which they become visible. */
    private static final Sql LOCK = Sql.named(
            "daily-lock-member", "SELECT CAST(pg_advisory_xact_lock(hashtextextended(:member, 20)) AS text) AS held");

    private static final Sql NEXT_CHANGE = Sql.named("daily-next-change", "SELECT nextval('daily_change') AS version");

    private static final Sql WHOOP_DAYS = Sql.named("whoop-days-stored", """
            SELECT local_date, document FROM whoop_day
             WHERE member = :member AND local_date = ANY (CAST(:dates AS date[]))
            """);

    /** The feed is the order: what was fetched last is what counts. */
    private static final Sql PUT_WHOOP_DAY = Sql.named("whoop-day-put", """
            INSERT INTO whoop_day (member, local_date, version, document, stored_at)
            VALUES (:member, :date, :version, CAST(:document AS json), :now)
            ON CONFLICT (member, local_date) DO UPDATE
               SET version = excluded.version, document = excluded.document, stored_at = excluded.stored_at
            """);

    private static final Sql DROP_WHOOP_DAYS = Sql.named(
            "whoop-days-drop",
            "DELETE FROM whoop_day WHERE member = :member AND local_date = ANY (CAST(:dates AS date[]))");

    private static final Sql STORED = Sql.named("daily-stored", """
            SELECT local_date, version, content_hash, updated_at FROM daily_record
             WHERE member = :member AND local_date = ANY (CAST(:dates AS date[]))
            """);

    private static final Sql PUT = Sql.named("daily-put", """
            INSERT INTO daily_record (member, local_date, version, document, content_hash, formula_version,
                                      whoop_version, is_final, recheck_at, whoop_data_at, sahha_data_at, updated_at)
            VALUES (:member, :date, :version, CAST(:document AS json), :hash, :formula,
                    :whoopVersion, :final, CAST(:recheckAt AS timestamptz), CAST(:whoopAt AS timestamptz),
                    CAST(:sahhaAt AS timestamptz), :now)
            ON CONFLICT (member, local_date) DO UPDATE
               SET version = excluded.version, document = excluded.document, content_hash = excluded.content_hash,
                   formula_version = excluded.formula_version, whoop_version = excluded.whoop_version,
                   is_final = excluded.is_final, recheck_at = excluded.recheck_at,
                   whoop_data_at = excluded.whoop_data_at, sahha_data_at = excluded.sahha_data_at,
                   updated_at = excluded.updated_at
            """);

    /** The same content: readers see no new version, only the bookkeeping moves. */
    private static final Sql KEEP = Sql.named("daily-keep", """
            UPDATE daily_record
               SET whoop_version = :whoopVersion, formula_version = :formula,
                   recheck_at = CAST(:recheckAt AS timestamptz), whoop_data_at = CAST(:whoopAt AS timestamptz),
                   sahha_data_at = CAST(:sahhaAt AS timestamptz)
             WHERE member = :member AND local_date = :date
            """);

    private RecordStore() {}

    static void lock(SqlExecutor tx, UUID member) {
        tx.list(LOCK, Params.of("member", member.toString()), row -> "");
    }

    static long nextChange(SqlExecutor tx) {
        return tx.first(NEXT_CHANGE, Params.none(), row -> row.longValue("version"))
                .orElseThrow();
    }

    static Map<LocalDate, WhoopDay> whoopDays(SqlExecutor tx, UUID member, Collection<LocalDate> dates) {
        Map<LocalDate, WhoopDay> days = new HashMap<>();
        tx.list(
                        WHOOP_DAYS,
                        Params.of("member", member, "dates", array(dates)),
                        row -> Map.entry(row.localDate("local_date"), Json.read(row.json("document"), WhoopDay.class)))
                .forEach(entry -> days.put(entry.getKey(), entry.getValue()));
        return days;
    }

    /** Stores what was fetched of {@code dates}; a date without a day loses the one it had. */
    static void putWhoopDays(
            SqlExecutor tx, UUID member, Set<LocalDate> dates, Collection<WhoopDay> days, Instant now) {
        Map<LocalDate, WhoopDay> fetched =
                days.stream().collect(Collectors.toMap(WhoopDay::date, day -> day, (one, other) -> other));
        Set<LocalDate> gone =
                dates.stream().filter(date -> !fetched.containsKey(date)).collect(Collectors.toSet());
        if (!gone.isEmpty()) {
            tx.execute(DROP_WHOOP_DAYS, Params.of("member", member, "dates", array(gone)));
        }
        for (WhoopDay day : fetched.values()) {
            tx.execute(
                    PUT_WHOOP_DAY,
                    Params.of(
                            "member", member,
                            "date", day.date(),
                            "version", day.version(),
                            "document", text(Json.write(day)),
                            "now", now));
        }
    }

    /** What is known of a stored record without reading its document. */
    record Stored(long version, byte[] hash, Instant updatedAt) {}

    static Map<LocalDate, Stored> stored(SqlExecutor tx, UUID member, Collection<LocalDate> dates) {
        Map<LocalDate, Stored> stored = new HashMap<>();
        tx.list(
                        STORED,
                        Params.of("member", member, "dates", array(dates)),
                        row -> Map.entry(
                                row.localDate("local_date"),
                                new Stored(
                                        row.longValue("version"),
                                        row.bytes("content_hash"),
                                        row.instant("updated_at"))))
                .forEach(entry -> stored.put(entry.getKey(), entry.getValue()));
        return stored;
    }

    /** Of equal content, whatever its version and time. */
    static byte[] hash(DailyRecord day) {
        return Digests.sha256(DayWriter.write(day, 0, Instant.EPOCH));
    }

    /** Stores the record unless its content is what is stored already; returns whether it was a change. */
    static boolean put(
            SqlExecutor tx, UUID member, DailyRecord day, long whoopVersion, @Nullable Stored stored, Instant now) {
        byte[] hash = hash(day);
        Params params = Params.of(
                        "member",
                        member,
                        "date",
                        day.date(),
                        "formula",
                        DailyRecord.FORMULA_VERSION,
                        "whoopVersion",
                        whoopVersion,
                        "recheckAt",
                        day.recheckAt())
                .with("whoopAt", day.lastDataAt(Source.WHOOP))
                .with("sahhaAt", day.lastDataAt(Source.SAHHA));
        if (stored != null && Digests.equal(hash, stored.hash())) {
            tx.execute(KEEP, params);
            return false;
        }
        long version = nextChange(tx);
        tx.execute(
                PUT,
                params.with("version", version)
                        .with("document", text(DayWriter.write(day, version, now)))
                        .with("hash", hash)
                        .with("final", day.isFinal())
                        .with("now", now));
        return true;
    }

    static String array(Collection<LocalDate> dates) {
        return dates.stream().map(LocalDate::toString).collect(Collectors.joining(",", "{", "}"));
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
