package io.vitals.kit.limits;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;

/** The windows of all callers, in the table {@code rate_bucket} that all replicas share. */
final class RateStore {
    /** The row's lock is what makes it exact: of all replicas one counts at a time. */
    private static final Sql TAKE = Sql.named("rate-take", """
            INSERT INTO rate_bucket AS b (caller, first_at, second_at, third_at, granted)
            VALUES (:caller, :now + :wanted * :first, :now + :wanted * :second, :now + :wanted * :third, :wanted)
            ON CONFLICT (caller) DO UPDATE
               SET (first_at, second_at, third_at, granted) = (
                   SELECT f + g * :first, s + g * :second, t + g * :third, g
                     FROM (SELECT least(greatest(b.first_at, :now), :now + :firstDepth) AS f,
                                  least(greatest(b.second_at, :now), :now + :secondDepth) AS s,
                                  least(greatest(b.third_at, :now), :now + :thirdDepth) AS t) AS base,
                          LATERAL (SELECT greatest(0, least(:wanted,
                                              (:now + :firstDepth - f) / :first,
                                              (:now + :secondDepth - s) / :second,
                                              (:now + :thirdDepth - t) / :third)) AS g) AS free)
            RETURNING granted, first_at, second_at, third_at
            """.replaceAll(":(\\w+)", "CAST(:$1 AS bigint)")
            .replace("CAST(:caller AS bigint)", ":caller"));

    private static final Sql FORGET = Sql.named(
            "rate-forget",
            "DELETE FROM rate_bucket WHERE greatest(first_at, second_at, third_at) < CAST(:now AS bigint)");

    private final Database database;

    RateStore(Database database) {
        this.database = database;
    }

    /** What was granted, and the windows after it. */
    record Taken(long granted, Levels levels) {}

    Taken take(byte[] caller, Quota quota, long now, long wanted) {
        Params params = Params.of("caller", caller, "now", now, "wanted", wanted)
                .with("first", quota.window(0).interval())
                .with("second", quota.window(1).interval())
                .with("third", quota.window(2).interval())
                .with("firstDepth", quota.window(0).depth())
                .with("secondDepth", quota.window(1).depth())
                .with("thirdDepth", quota.window(2).depth());
        return database.first(
                        TAKE,
                        params,
                        row -> new Taken(
                                row.longValue("granted"),
                                new Levels(
                                        row.longValue("first_at"),
                                        row.longValue("second_at"),
                                        row.longValue("third_at"))))
                .orElseThrow();
    }

    /** A window that is full again is the same as none. */
    void forget(long now) {
        database.execute(FORGET, Params.of("now", now));
    }
}
