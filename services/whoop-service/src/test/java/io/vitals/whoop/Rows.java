package io.vitals.whoop;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;

import java.util.UUID;

/** Looks behind the API. */
final class Rows {
    private Rows() {}

    /** The number in column n of a query's only row, for the parameter member. */
    static long count(SqlExecutor db, String query, UUID member) {
        return db.first(Sql.named("test-count", query), Params.of("member", member), row -> row.longValue("n"))
                .orElseThrow();
    }
}
