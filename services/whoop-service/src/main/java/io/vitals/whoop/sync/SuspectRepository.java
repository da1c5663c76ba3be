package io.vitals.whoop.sync;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.KnownRecord;
import io.vitals.whoop.records.Owner;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The tables sync_listed and sync_suspect: what a reconciliation met at WHOOP, and what it missed there. */
final class SuspectRepository {
    /** Conflict rule: a page that is fetched again lists the same. */
    private static final Sql LIST = Sql.named("listed-add", """
            INSERT INTO sync_listed (reconciliation_id, type, record_key)
            SELECT :reconciliation, :type, key FROM unnest(CAST(:keys AS text[])) AS key
            ON CONFLICT (reconciliation_id, type, record_key) DO NOTHING""");

    private static final Sql LISTED = Sql.named("listed-take", """
            DELETE FROM sync_listed WHERE reconciliation_id = :reconciliation AND type = :type RETURNING record_key""");

    private static final Sql UNLIST =
            Sql.named("listed-forget", "DELETE FROM sync_listed WHERE reconciliation_id = :reconciliation");

    /** Conflict rule: what was missed before is checked anew, and if it was held it stays known as held since then. */
    private static final Sql SUSPECT = Sql.named("suspect-add", """
            INSERT INTO sync_suspect (member_id, type, record_key, whoop_user_id, cycle_id, reconciliation_id, run_id, version, state, found_at)
            VALUES (:member, :type, :key, :user, :cycle, :reconciliation, :run, :version, 'unchecked', clock_timestamp())
            ON CONFLICT (member_id, type, record_key) DO UPDATE SET cycle_id = excluded.cycle_id,
                reconciliation_id = excluded.reconciliation_id, run_id = excluded.run_id, version = excluded.version, state = 'unchecked'""");

    private static final String COLUMNS =
            "member_id, whoop_user_id, type, record_key, cycle_id, run_id, version, held_since, reconciliation_id";

    /** Sleeps first: one that is gone takes its recovery along. */
    private static final Sql NEXT = Sql.named(
            "suspect-next",
            "SELECT " + COLUMNS + " FROM sync_suspect WHERE member_id = :member AND reconciliation_id = :reconciliation"
                    + " AND state = 'unchecked' ORDER BY type <> 'sleep', type, record_key LIMIT 1");

    private static final Sql GONE = Sql.named(
            "suspect-gone",
            "UPDATE sync_suspect SET state = 'gone' WHERE member_id = :member AND type = :type AND record_key = :key");

    private static final Sql CLEAR = Sql.named(
            "suspect-clear",
            "DELETE FROM sync_suspect WHERE member_id = :member AND type = :type AND record_key = :key");

    private static final Sql IN_STATE = Sql.named(
            "suspects-in-state",
            "SELECT " + COLUMNS + " FROM sync_suspect WHERE member_id = :member AND state = :state"
                    + " AND (CAST(:reconciliation AS uuid) IS NULL OR reconciliation_id = CAST(:reconciliation AS uuid))"
                    + " ORDER BY type, record_key FOR UPDATE");

    private static final Sql HOLD = Sql.named("suspect-hold", """
            UPDATE sync_suspect SET state = 'held', held_since = coalesce(held_since, clock_timestamp())
            WHERE member_id = :member AND type = :type AND record_key = :key""");

    /** Held ones that have left the window since are confirmed together with the newest. */
    private static final Sql ADOPT_HELD = Sql.named(
            "suspects-adopt-held",
            "UPDATE sync_suspect SET reconciliation_id = :reconciliation WHERE member_id = :member AND state = 'held'");

    private static final Sql CLEAR_LISTED = Sql.named("suspects-clear-listed", """
            DELETE FROM sync_suspect WHERE member_id = :member AND type = :type AND record_key = ANY(CAST(:keys AS text[]))""");

    private static final Sql FORGET =
            Sql.named("suspects-forget", "DELETE FROM sync_suspect WHERE member_id = :member");

    /** A stored record that WHOOP's listing did not show. */
    record Suspect(
            Owner owner,
            RecordType type,
            String key,
            @Nullable Long cycleId,
            @Nullable Long run,
            Instant version,
            @Nullable Instant heldSince,
            UUID reconciliation) {
        static Suspect of(Row row) {
            return new Suspect(
                    new Owner(new MemberId(row.uuid("member_id")), row.longValue("whoop_user_id")),
                    RecordType.of(row.string("type")),
                    row.string("record_key"),
                    row.longOrNull("cycle_id"),
                    row.longOrNull("run_id"),
                    row.instant("version"),
                    row.instantOrNull("held_since"),
                    row.uuid("reconciliation_id"));
        }
    }

    private SuspectRepository() {}

    static void list(SqlExecutor tx, UUID reconciliation, RecordType type, Collection<String> keys) {
        tx.execute(
                LIST, Params.of("reconciliation", reconciliation, "type", type, "keys", keys.toArray(String[]::new)));
    }

    /** All that was listed of a type; forgotten thereby. */
    static Set<String> takeListed(SqlExecutor tx, UUID reconciliation, RecordType type) {
        return new HashSet<>(tx.list(
                LISTED, Params.of("reconciliation", reconciliation, "type", type), row -> row.string("record_key")));
    }

    static void unlist(SqlExecutor tx, UUID reconciliation) {
        tx.execute(UNLIST, Params.of("reconciliation", reconciliation));
    }

    static void suspect(SqlExecutor tx, Walk walk, RecordType type, long run, KnownRecord record) {
        tx.execute(
                SUSPECT,
                Params.of(
                        "member", walk.owner().member().value(),
                        "user", walk.owner().whoopUserId(),
                        "type", type,
                        "key", record.key(),
                        "cycle", record.cycleId(),
                        "reconciliation", walk.reconciliationId(),
                        "run", run,
                        "version", record.updatedAt()));
    }

    static Optional<Suspect> next(SqlExecutor db, Walk walk) {
        return db.first(
                NEXT,
                Params.of("member", walk.owner().member().value(), "reconciliation", walk.reconciliationId()),
                Suspect::of);
    }

    static void gone(SqlExecutor tx, Suspect suspect) {
        tx.execute(GONE, keys(suspect));
        if (suspect.type() == RecordType.SLEEP) {
            tx.execute(CLEAR, keys(suspect).with("type", RecordType.RECOVERY));
        }
    }

    static void clear(SqlExecutor tx, Suspect suspect) {
        tx.execute(CLEAR, keys(suspect));
    }

    static void hold(SqlExecutor tx, Suspect suspect) {
        tx.execute(HOLD, keys(suspect));
    }

    /** What is listed again is no longer suspect. */
    static void clearListed(SqlExecutor tx, MemberId member, RecordType type, Collection<String> keys) {
        tx.execute(
                CLEAR_LISTED, Params.of("member", member.value(), "type", type, "keys", keys.toArray(String[]::new)));
    }

    /** Brings all that is held under one id; returns whether anything was held before. */
    static boolean adoptHeld(SqlExecutor tx, Walk walk) {
        return tx.execute(
                        ADOPT_HELD,
                        Params.of("member", walk.owner().member().value(), "reconciliation", walk.reconciliationId()))
                > 0;
    }

    static List<Suspect> gone(SqlExecutor tx, MemberId member, UUID reconciliation) {
        return inState(tx, member, "gone", reconciliation);
    }

    /** What waits for confirmation, of one reconciliation or of all. */
    static List<Suspect> held(SqlExecutor tx, MemberId member, @Nullable UUID reconciliation) {
        return inState(tx, member, "held", reconciliation);
    }

    private static List<Suspect> inState(SqlExecutor tx, MemberId member, String state, @Nullable UUID reconciliation) {
        return tx.list(
                IN_STATE,
                Params.of("member", member.value(), "state", state, "reconciliation", reconciliation),
                Suspect::of);
    }

    static void forget(SqlExecutor tx, MemberId member) {
        tx.execute(FORGET, Params.of("member", member.value()));
    }

    private static Params keys(Suspect suspect) {
        return Params.of("member", suspect.owner().member().value(), "type", suspect.type(), "key", suspect.key());
    }
}
