package io.vitals.health.daily;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/** How far a feed has taken effect. Moved by compare and set, so of two replicas that read the same page one applies it. */
final class FeedCursor {
    static final String WHOOP = "whoop";

    private static final Sql READ = Sql.named("feed-read", "SELECT position FROM feed_cursor WHERE feed = :feed");

    private static final Sql START = Sql.named("feed-start", """
            INSERT INTO feed_cursor (feed, position, updated_at) VALUES (:feed, :position, :now)
            ON CONFLICT (feed) DO NOTHING
            """);

    private static final Sql MOVE = Sql.named("feed-move", """
            UPDATE feed_cursor SET position = :position, updated_at = :now
             WHERE feed = :feed AND position = :expected
            """);

    private FeedCursor() {}

    static Optional<String> read(SqlExecutor db) {
        return db.first(READ, Params.of("feed", WHOOP), row -> row.string("position"));
    }

    /** Moves from {@code expected}, null for never started; false when somebody else has moved it. */
    static boolean move(SqlExecutor tx, @Nullable String expected, String position, Instant now) {
        return expected == null
                ? tx.execute(START, Params.of("feed", WHOOP, "position", position, "now", now)) == 1
                : tx.execute(MOVE, Params.of("feed", WHOOP, "expected", expected, "position", position, "now", now))
                        == 1;
    }
}
