package io.vitals.whoop.link;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** All links together, for those who run Vitals: how many are in which state, and which. */
public final class LinkCensus {
    private static final UUID FIRST = new UUID(0, 0);

    private static final Sql COUNTS =
            Sql.named("link-counts", "SELECT state, count(*) AS links FROM link GROUP BY state");

    private static final Sql PAGE = Sql.named("link-page", """
            SELECT member_id, state, reason, since, last_webhook_at, last_sync_at FROM link
            WHERE state = :state AND member_id > :after ORDER BY member_id LIMIT :limit""");

    private final SqlExecutor database;

    public LinkCensus(SqlExecutor database) {
        this.database = database;
    }

    /** A link without anything that came over it. */
    public record Entry(
            UUID member,
            LinkState state,
            @Nullable String reason,
            Instant since,
            @Nullable Instant lastWebhookAt,
            @Nullable Instant lastSyncAt) {
        static Entry of(Row row) {
            return new Entry(
                    row.uuid("member_id"),
                    LinkState.of(row.string("state")),
                    row.stringOrNull("reason"),
                    row.instant("since"),
                    row.instantOrNull("last_webhook_at"),
                    row.instantOrNull("last_sync_at"));
        }
    }

    /** How many links are in each state that a stored link can have. */
    public Map<LinkState, Long> counts() {
        Map<LinkState, Long> counts = new EnumMap<>(LinkState.class);
        for (LinkState state : LinkState.values()) {
            if (state != LinkState.NONE) {
                counts.put(state, 0L);
            }
        }
        database.list(
                        COUNTS,
                        Params.none(),
                        row -> Map.entry(LinkState.of(row.string("state")), row.longValue("links")))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    /** Links in a state by member, from after this one on; null from the first on. */
    public List<Entry> page(LinkState state, @Nullable UUID after, int limit) {
        return database.list(
                PAGE,
                Params.of(
                        "state",
                        state.name().toLowerCase(Locale.ROOT),
                        "after",
                        after == null ? FIRST : after,
                        "limit",
                        limit),
                Entry::of);
    }
}
