package io.vitals.health.sahha;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Identity;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Events of Sahha that were given up, for those who run Vitals: why and when, and nothing that they say. */
public final class SahhaDeadLetters {
    /** Admitted to the views of the admin view only. */
    private static final Identity ADMIN = Identity.worker("admin");

    private static final int BATCH = 1000;

    private static final Sql PAGE = Sql.named("sahha-dead-page", """
            SELECT id, event_type, outcome, attempts, received_at FROM admin_dead_letter
             WHERE id > :after ORDER BY id LIMIT :limit
            """);
    private static final Sql COUNT = Sql.named("sahha-dead-count", """
            SELECT count(*) AS letters FROM admin_dead_letter
             WHERE (CAST(:id AS bigint) IS NULL OR id = CAST(:id AS bigint))
               AND (CAST(:since AS timestamptz) IS NULL OR received_at >= CAST(:since AS timestamptz))
               AND (CAST(:until AS timestamptz) IS NULL OR received_at < CAST(:until AS timestamptz))
            """);
    /** Conflict rule: an event that another replay has in hand is left to it. */
    private static final Sql REPLAY = Sql.named("sahha-dead-replay", """
            SELECT admin_replay_sahha(CAST(:id AS bigint), CAST(:since AS timestamptz), CAST(:until AS timestamptz),
                                      CAST(:due AS timestamptz), CAST(:most AS integer)) AS replayed
            """);

    private final Database database;
    private final Clock clock;
    private final Runnable wake;

    /** {@code wake} lets the queue know that there is something in it. */
    public SahhaDeadLetters(Database database, Clock clock, Runnable wake) {
        this.database = database;
        this.clock = clock;
        this.wake = wake;
    }

    /** One event; {@code reason} is a code. */
    public record Letter(long id, String kind, String reason, int attempts, Instant receivedAt) {}

    /** Which events: the one of this id, or those received from {@code since} on and before {@code until}; null means whatever. */
    public record Selection(
            @Nullable Long id,
            @Nullable Instant since,
            @Nullable Instant until) {
        private Params params() {
            return Params.of("id", id, "since", since, "until", until);
        }
    }

    /** Oldest first, after the event of this id; 0 starts at the beginning. */
    public List<Letter> page(long after, int limit) {
        return ADMIN.call(() -> database.list(
                PAGE,
                Params.of("after", after, "limit", limit),
                row -> new Letter(
                        row.longValue("id"),
                        row.string("event_type"),
                        row.string("outcome"),
                        row.intValue("attempts"),
                        row.instant("received_at"))));
    }

    /** How many {@link #replay} would put back. */
    public long count(Selection selection) {
        return ADMIN.call(() -> database.first(COUNT, selection.params(), row -> row.longValue("letters"))
                .orElse(0L));
    }

    /** Puts events back into the queue with all their tries, in batches, so that many lock nothing for long; returns how many. */
    public long replay(Selection selection) {
        long replayed = 0;
        long batch;
        do {
            batch = ADMIN.call(() -> database.first(
                            REPLAY,
                            selection.params().with("due", clock.instant()).with("most", BATCH),
                            row -> row.longValue("replayed"))
                    .orElse(0L));
            replayed += batch;
        } while (batch == BATCH);
        if (replayed > 0) {
            wake.run();
        }
        return replayed;
    }
}
