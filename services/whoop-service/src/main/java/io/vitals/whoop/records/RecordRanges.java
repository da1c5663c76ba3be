package io.vitals.whoop.records;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.RowMapper;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.Body;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.MemberRecords;
import io.vitals.whoop.model.Stored;
import io.vitals.whoop.model.WhoopRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what is stored. Only records of the account that is linked, or was linked last, belong to the member's picture. */
final class RecordRanges {
    /** How far before a range a multi-day cycle that reaches into it may belong. */
    private static final int CYCLE_REACH_DAYS = 7;

    private static final Sql ACCOUNT = Sql.named("account-of-member", """
            SELECT link.whoop_user_id, height_meter, weight_kilogram, max_heart_rate, fetched_at
            FROM link LEFT JOIN body ON body.member_id = link.member_id AND body.whoop_user_id = link.whoop_user_id
            WHERE link.member_id = :member""");

    private static final Sql VERSIONS = Sql.named("day-versions", """
            SELECT day, max(seq) AS version FROM change
            WHERE member_id = :member AND day BETWEEN :from AND :to GROUP BY day""");

    /** A record whose document has passed its retention is exported by its columns. */
    private static final Sql EXPORT = Sql.named(
            "export-page",
            "SELECT type, key, coalesce(raw, columns) AS raw, fetched_at FROM ("
                    + exported("cycle", "lpad(CAST(id AS text), 20, '0')") + " UNION ALL "
                    + exported("recovery", "CAST(sleep_id AS text)") + " UNION ALL "
                    + exported("sleep", "CAST(id AS text)") + " UNION ALL "
                    + exported("workout", "CAST(id AS text)") + " UNION ALL "
                    + exported("profile", "''") + " UNION ALL "
                    + exported("body", "''")
                    + ") AS records WHERE (type, key) > (:type, :key) ORDER BY type, key LIMIT :limit");

    /** The account a member's records come from, with the newest body measurements of that account. */
    private record Account(long whoopUserId, @Nullable Stored<Body> body) {
        static Account of(Row row) {
            Instant fetchedAt = row.instantOrNull("fetched_at");
            return new Account(
                    row.longValue("whoop_user_id"),
                    fetchedAt == null
                            ? null
                            : new Stored<>(
                                    new Body(
                                            row.doubleOrNull("height_meter"),
                                            row.doubleOrNull("weight_kilogram"),
                                            row.doubleOrNull("max_heart_rate")),
                                    null,
                                    fetchedAt));
        }
    }

    private RecordRanges() {}

    private static String exported(String table, String key) {
        return "SELECT '" + table + "' AS type, " + key + " AS key, raw, to_jsonb(t) - CAST(ARRAY['raw', 'member_id',"
                + " 'mapping_version'] AS text[]) AS columns, fetched_at FROM " + table
                + " AS t WHERE member_id = :member";
    }

    static <T extends WhoopRecord> RowMapper<Stored<T>> stored(Table<T> table) {
        RowMapper<T> mapper = table.mapper();
        return row -> new Stored<>(mapper.map(row), row.localDateOrNull("local_date"), row.instant("fetched_at"));
    }

    static MemberRecords read(SqlExecutor db, MemberId member, LocalDate from, LocalDate to) {
        Params range = Params.of("member", member.value(), "from", from, "to", to);
        Map<LocalDate, Long> versions = new HashMap<>();
        db.list(VERSIONS, range, row -> Map.entry(row.localDate("day"), row.longValue("version")))
                .forEach(version -> versions.put(version.getKey(), version.getValue()));
        Optional<Account> account = db.first(ACCOUNT, Params.of("member", member.value()), Account::of);
        if (account.isEmpty()) {
            return new MemberRecords(List.of(), List.of(), List.of(), List.of(), null, versions);
        }
        Params keys = range.with("user", account.get().whoopUserId());
        return new MemberRecords(
                db.list(
                        Tables.CYCLE.range(),
                        keys.with("from", from.minusDays(CYCLE_REACH_DAYS)),
                        stored(Tables.CYCLE)),
                db.list(Tables.RECOVERY.range(), keys, stored(Tables.RECOVERY)),
                db.list(Tables.SLEEP.range(), keys, stored(Tables.SLEEP)),
                db.list(Tables.WORKOUT.range(), keys, stored(Tables.WORKOUT)),
                account.get().body(),
                versions);
    }

    static List<KnownRecord> known(
            SqlExecutor db, Owner owner, Table<?> table, LocalDate from, LocalDate to, Instant before) {
        return db.list(
                table.known(),
                Params.of(
                        "member", owner.member().value(),
                        "user", owner.whoopUserId(),
                        "from", from,
                        "to", to,
                        "before", before),
                row -> new KnownRecord(row.string("key"), row.instant("updated_at"), row.longOrNull("cycle_id")));
    }

    static List<Sql> statements() {
        return List.of(
                VERSIONS,
                ACCOUNT,
                Tables.CYCLE.range(),
                Tables.RECOVERY.range(),
                Tables.SLEEP.range(),
                Tables.WORKOUT.range());
    }

    static List<RawRecord> export(SqlExecutor db, MemberId member, String afterType, String afterKey, int limit) {
        return db.list(
                EXPORT,
                Params.of("member", member.value(), "type", afterType, "key", afterKey, "limit", limit),
                row -> new RawRecord(
                        row.string("type"), row.string("key"), row.json("raw"), row.instant("fetched_at")));
    }

    /** When the member's running cycle began; empty when none runs. */
    static Optional<Instant> runningCycle(SqlExecutor db, Owner owner) {
        return db.first(
                RUNNING,
                Params.of("member", owner.member().value(), "user", owner.whoopUserId()),
                row -> row.instant("start_at"));
    }

    private static final Sql RUNNING = Sql.named("running-cycle", """
            SELECT start_at FROM cycle WHERE member_id = :member AND whoop_user_id = :user AND end_at IS NULL
            ORDER BY start_at LIMIT 1""");
}
