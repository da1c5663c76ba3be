package io.vitals.whoop.records;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.Body;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.MemberRecords;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Stored;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what is stored. Only records of the account that is linked, or was linked last, belong to the member's picture. */
final class RecordRanges {
    /** How far before a range a multi-day cycle that reaches into it may belong. */
    private static final int CYCLE_REACH_DAYS = 7;

    private static final Cells.Layout BODY =
            new Cells.Layout(List.of("height_meter", "weight_kilogram", "max_heart_rate", "fetched_at"));

    private static final Cells.Layout VERSION = new Cells.Layout(List.of("day", "version"));

    private static final Cells.Layout DELETED = new Cells.Layout(List.of("type", "local_date"));

    /** A record that came back in a newer version is not deleted, on whatever day it is now; naps are nothing that a day has to have. */
    private static final String DELETIONS =
            "(SELECT CAST(json_agg(" + DELETED.sql() + ") AS text) FROM tombstone AS gone"
                    + " WHERE gone.member_id = link.member_id AND gone.whoop_user_id = link.whoop_user_id"
                    + " AND gone.local_date BETWEEN :from AND :to AND NOT gone.nap AND NOT CASE gone.type "
                    + RecordType.COLLECTIONS.stream()
                            .map(Tables::of)
                            .map(RecordRanges::alive)
                            .collect(Collectors.joining(" "))
                    + " ELSE false END) AS deletions";

    /** All in one statement: one round trip, and one state of the database. Days have versions even without a link. */
    static final Sql RANGE = Sql.named(
            "records-range",
            "SELECT " + listed(Tables.CYCLE, "CAST(:from AS date) - " + CYCLE_REACH_DAYS) + " AS cycles, "
                    + listed(Tables.RECOVERY, ":from") + " AS recoveries, "
                    + listed(Tables.SLEEP, ":from") + " AS sleeps, "
                    + listed(Tables.WORKOUT, ":from") + " AS workouts, "
                    + "(SELECT CAST(" + BODY.sql() + " AS text) FROM body"
                    + " WHERE body.member_id = link.member_id AND body.whoop_user_id = link.whoop_user_id) AS body, "
                    + "(SELECT CAST(json_agg(" + VERSION.sql() + ") AS text) FROM ("
                    + "SELECT day, max(seq) AS version FROM change"
                    + " WHERE member_id = asked.member AND day BETWEEN :from AND :to GROUP BY day) AS days) AS versions, "
                    + DELETIONS
                    + " FROM (SELECT CAST(:member AS uuid) AS member) AS asked"
                    + " LEFT JOIN link ON link.member_id = asked.member");

    private RecordRanges() {}

    private static String listed(Table<?> table, String from) {
        String name = table.type().code();
        return "(SELECT CAST(json_agg(" + table.cells().sql() + ") AS text) FROM " + name + " WHERE " + name
                + ".member_id = link.member_id AND " + name
                + ".whoop_user_id = link.whoop_user_id AND local_date BETWEEN "
                + from + " AND :to)";
    }

    private static String alive(Table<?> table) {
        String name = table.type().code();
        return "WHEN '" + name + "' THEN EXISTS (SELECT FROM " + name + " AS t WHERE t.member_id = gone.member_id"
                + " AND t.whoop_user_id = gone.whoop_user_id AND t." + table.keyColumn() + " = CAST(gone.record_key AS "
                + table.keyType() + "))";
    }

    static MemberRecords read(SqlExecutor db, MemberId member, LocalDate from, LocalDate to) {
        return db.first(
                        RANGE,
                        Params.of("member", member.value(), "from", from, "to", to),
                        row -> new MemberRecords(
                                Tables.CYCLE.listed(row, "cycles"),
                                Tables.RECOVERY.listed(row, "recoveries"),
                                Tables.SLEEP.listed(row, "sleeps"),
                                Tables.WORKOUT.listed(row, "workouts"),
                                body(row.stringOrNull("body")),
                                versions(row.stringOrNull("versions")),
                                deletions(row.stringOrNull("deletions"))))
                .orElseThrow();
    }

    private static @Nullable Stored<Body> body(@Nullable String json) {
        return json == null
                ? null
                : BODY.one(
                        json,
                        body -> new Stored<>(
                                new Body(
                                        body.doubleOrNull("height_meter"),
                                        body.doubleOrNull("weight_kilogram"),
                                        body.doubleOrNull("max_heart_rate")),
                                null,
                                body.instant("fetched_at")));
    }

    private static Map<LocalDate, Long> versions(@Nullable String json) {
        Map<LocalDate, Long> versions = new HashMap<>();
        VERSION.all(json, day -> versions.put(day.localDate("day"), day.longValue("version")));
        return versions;
    }

    private static Map<LocalDate, Set<RecordType>> deletions(@Nullable String json) {
        Map<LocalDate, Set<RecordType>> deletions = new HashMap<>();
        DELETED.all(
                json,
                gone -> deletions
                        .computeIfAbsent(gone.localDate("local_date"), _ -> EnumSet.noneOf(RecordType.class))
                        .add(RecordType.of(gone.string("type"))));
        return deletions;
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
