package io.vitals.health.daily;

import io.vitals.health.daily.DayInputs.Connection;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How each member stands with each source. */
final class SourceStore {
    /** State of one source; {@code last} is when data last arrived. */
    record State(
            Source source,
            String name,
            boolean connected,
            boolean stale,
            @Nullable Instant last) {
        Connection connection() {
            return new Connection(connected, connected && stale);
        }
    }

    private static final int RECENT_DAYS = 35;
    private static final int OPEN_DAYS = 4;

    private static final Sql ALL = Sql.named(
            "source-states",
            "SELECT source, state, connected, stale, last_data_at FROM source_state WHERE member = :member");

    private static final Sql PUT = Sql.named("source-state-put", """
            INSERT INTO source_state (member, source, state, connected, stale, last_data_at, version, updated_at)
            VALUES (:member, :source, :state, :connected, :stale, CAST(:last AS timestamptz), :version, :now)
            ON CONFLICT (member, source) DO UPDATE
               SET state = excluded.state, connected = excluded.connected, stale = excluded.stale,
                   last_data_at = coalesce(excluded.last_data_at, source_state.last_data_at),
                   version = excluded.version, updated_at = excluded.updated_at
            """);

    private static final Sql TOUCH = Sql.named("source-state-touch", """
            UPDATE source_state SET last_data_at = :last
             WHERE member = :member AND source = :source
               AND (last_data_at IS NULL OR last_data_at < :last)
            """);

    private SourceStore() {}

    static Map<Source, State> all(SqlExecutor db, UUID member) {
        Map<Source, State> states = new EnumMap<>(Source.class);
        db.list(ALL, Params.of("member", member), SourceStore::state)
                .forEach(state -> states.put(state.source(), state));
        return states;
    }

    static Optional<State> one(SqlExecutor db, UUID member, Source source) {
        return Optional.ofNullable(all(db, member).get(source));
    }

    /**
     * Stores the state; a new one gets a change number. The caller holds the member's lock.
     *
     * @return how many of the newest days read differently now: many when the source came or went, the open ones when it
     *     fell silent or spoke again
     */
    static int put(SqlExecutor tx, UUID member, State state, Instant now) {
        State known = all(tx, member).get(state.source());
        if (known != null
                && known.name().equals(state.name())
                && known.connected() == state.connected()
                && known.stale() == state.stale()) {
            touch(tx, member, state.source(), state.last());
            return 0;
        }
        tx.execute(
                PUT,
                Params.of(
                        "member", member,
                        "source", state.source(),
                        "state", state.name(),
                        "connected", state.connected(),
                        "stale", state.stale(),
                        "last", state.last(),
                        "version", RecordStore.nextChange(tx),
                        "now", now));
        if (known == null || known.connected() != state.connected()) {
            return RECENT_DAYS;
        }
        return known.stale() == state.stale() ? 0 : OPEN_DAYS;
    }

    static void touch(SqlExecutor tx, UUID member, Source source, @Nullable Instant last) {
        if (last != null) {
            tx.execute(TOUCH, Params.of("member", member, "source", source, "last", last));
        }
    }

    private static State state(Row row) {
        return new State(
                row.string("source").equals(Source.WHOOP.wire()) ? Source.WHOOP : Source.SAHHA,
                row.string("state"),
                row.bool("connected"),
                row.bool("stale"),
                row.instantOrNull("last_data_at"));
    }
}
