package io.vitals.kit.personal;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** All rows about a member. Which tables that concerns, the functions of the migrations find out; a new one cannot be forgotten. */
public final class PersonalData {
    private static final Sql TABLES = Sql.named("personal-tables", "SELECT name FROM personal_tables()");
    private static final Sql ROWS = Sql.named(
            "personal-rows",
            "SELECT personal_rows(CAST(:member AS uuid), CAST(:table AS name), CAST(:skip AS bigint), CAST(:most AS integer)) AS row");
    private static final Sql ERASE =
            Sql.named("personal-erase", "SELECT name, removed FROM personal_erase(CAST(:member AS uuid))");
    private static final Sql LEFT =
            Sql.named("personal-left", "SELECT personal_left(CAST(:member AS uuid)) AS rows_left");
    private static final Sql BARRIER =
            Sql.named("personal-barrier", "SELECT CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS barrier");
    private static final Sql PASSED = Sql.named(
            "personal-passed", "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= CAST(:barrier AS xid8) AS passed");

    private PersonalData() {}

    /** Names of the tables that may hold rows about a member. */
    public static List<String> tables(SqlExecutor executor) {
        return executor.list(TABLES, Params.none(), row -> row.string("name"));
    }

    /** A page of a table's rows as JSON documents with all columns but secrets; names come from {@link #tables}. */
    public static List<String> rows(Database database, UUID member, String table, long skip, int most) {
        Params params = Params.of("member", member, "table", table, "skip", skip, "most", most);
        return database.transaction(tx -> tx.list(ROWS, params, row -> row.string("row")));
    }

    /** Removes all that can be removed now and tells how many rows of each table, as part of a transaction. */
    public static Map<String, Long> erase(SqlExecutor tx, UUID member) {
        Map<String, Long> removed = new LinkedHashMap<>();
        tx.list(ERASE, Params.of("member", member), row -> Map.entry(row.string("name"), row.longValue("removed")))
                .forEach(entry -> {
                    if (entry.getValue() > 0) {
                        removed.put(entry.getKey(), entry.getValue());
                    }
                });
        return removed;
    }

    /** How many rows about a member there still are. */
    public static long left(SqlExecutor tx, UUID member) {
        return tx.first(LEFT, Params.of("member", member), row -> row.longValue("rows_left"))
                .orElseThrow();
    }

    /** Names all transactions that are running now. */
    public static String barrier(SqlExecutor executor) {
        return executor.first(BARRIER, Params.none(), row -> row.string("barrier"))
                .orElseThrow();
    }

    /** Whether all transactions that the barrier names have ended: what they wrote can be seen. */
    public static boolean passed(SqlExecutor executor, String barrier) {
        return executor.first(PASSED, Params.of("barrier", barrier), row -> row.bool("passed"))
                .orElseThrow();
    }
}
