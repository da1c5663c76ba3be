package io.vitals.whoop.records;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.model.Cycle;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Sleep;
import io.vitals.whoop.model.WhoopRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/** Writes dated records and their deletions, always with the change rows of the days they touch. */
final class RecordStore {
    /** Writers of one member take turns: a cycle's day hangs on its sleeps, so two of them at once could each miss the other. */
    static final Sql LOCK = Sql.named(
            "member-lock", "SELECT CAST(pg_advisory_xact_lock(hashtextextended(:member, 0)) AS text) AS locked");

    /** Conflict rule: the later deletion stands; its day is that of the version that it removed, and one that removed none keeps the day. */
    private static final Sql TOMBSTONE = Sql.named("tombstone", """
            INSERT INTO tombstone AS t (member_id, whoop_user_id, type, record_key, deleted_at, local_date, nap)
            VALUES (:member, :user, :type, :key, :deleted_at, CAST(:day AS date), :nap)
            ON CONFLICT (member_id, whoop_user_id, type, record_key)
            DO UPDATE SET deleted_at = greatest(t.deleted_at, excluded.deleted_at),
                local_date = coalesce(excluded.local_date, t.local_date),
                nap = CASE WHEN excluded.local_date IS NULL THEN t.nap ELSE excluded.nap END""");

    /** Conflict rule: the document that came last stays, also of several in one batch. */
    private static final Sql UNREADABLE = Sql.named("unreadable-record", """
            INSERT INTO unreadable_record AS u (member_id, type, record_key, problem, raw, first_seen_at, last_seen_at)
            SELECT DISTINCT ON (key, problem) CAST(:member AS uuid), CAST(:type AS text), key, problem, CAST(raw AS jsonb),
                CAST(:now AS timestamptz), CAST(:now AS timestamptz)
            FROM unnest(CAST(:keys AS text[]), CAST(:problems AS text[]), CAST(:raws AS text[])) WITH ORDINALITY
                AS bad(key, problem, raw, n)
            ORDER BY key, problem, n DESC
            ON CONFLICT (member_id, type, record_key, problem)
            DO UPDATE SET raw = excluded.raw, last_seen_at = excluded.last_seen_at""");

    private record Prior(
            String key, @Nullable LocalDate day, @Nullable Long cycleId) {
        static Prior of(Row row) {
            return new Prior(row.string("key"), row.localDateOrNull("local_date"), row.longOrNull("cycle_id"));
        }
    }

    /** What became of a record, and where it was before; nowhere if it is new. */
    private record Written(Prior prior, boolean inserted) {
        String key() {
            return prior.key();
        }
    }

    /** A record that is no more, and where it was. */
    private record Removed(Prior prior, boolean nap) {
        static Removed of(Row row) {
            return new Removed(Prior.of(row), row.bool("nap"));
        }
    }

    private final Feed feed;

    RecordStore(Feed feed) {
        this.feed = feed;
    }

    StoreResult store(SqlExecutor tx, Owner owner, Batch batch, Instant now) {
        return write(tx, owner, batch, now, Tables.of(batch.type()).upsert());
    }

    /** Writes records anew that were read again from the documents they came in. */
    StoreResult rewrite(SqlExecutor tx, Owner owner, Batch batch, Instant now) {
        return write(tx, owner, batch, now, Tables.of(batch.type()).remap());
    }

    private StoreResult write(SqlExecutor tx, Owner owner, Batch batch, Instant now, Sql statement) {
        setAside(tx, owner, batch, now);
        int failed = batch.unreadable().size();
        if (batch.items().isEmpty()) {
            return new StoreResult(0, 0, 0, failed, null);
        }
        lock(tx, owner);
        RecordType type = batch.type();
        Table<?> table = Tables.of(type);
        Placement placement = new Placement(tx, owner, now);
        List<WhoopRecord> records =
                batch.items().values().stream().map(Batch.Item::record).toList();
        Map<String, LocalDate> days = placement.place(type, records);
        List<Written> written = tx.list(
                statement,
                rows(owner, table, batch, days, now),
                row -> new Written(Prior.of(row), row.bool("inserted")));

        ChangedDays changed = new ChangedDays();
        Set<Long> cycles = new HashSet<>();
        Set<String> sleeps = new HashSet<>();
        for (Written one : written) {
            @Nullable LocalDate day = days.get(one.key());
            changed.add(type, one.prior().day());
            changed.add(type, day);
            switch (batch.items().get(one.key())) {
                case Batch.Item(Cycle cycle, var _) -> {
                    cycles.add(cycle.id());
                    if (day != null) {
                        changed.addAll(type, placement.daysOf(cycle, day));
                    }
                }
                case Batch.Item(Sleep sleep, var _) -> {
                    sleeps.add(one.key());
                    addIfPresent(cycles, sleep.cycleId());
                    addIfPresent(cycles, one.prior().cycleId());
                }
                case null, default -> {}
            }
        }
        if (type == RecordType.CYCLE) {
            // The cycles have just been given their day by the same sleeps.
            if (!cycles.isEmpty()) {
                placement.settleRecoveries(cycles, sleeps, changed);
            }
        } else {
            settle(placement, cycles, sleeps, changed);
        }
        append(tx, owner, changed);
        int inserted = (int) written.stream().filter(Written::inserted).count();
        return new StoreResult(
                inserted,
                written.size() - inserted,
                records.size() - written.size(),
                failed,
                days.values().stream().min(Comparator.naturalOrder()).orElse(null));
    }

    /** Forgets a record, if there is one, and remembers that it was deleted. A deleted sleep takes its recovery with it. */
    boolean delete(SqlExecutor tx, Owner owner, RecordType type, String key, Instant deletedAt, Instant now) {
        lock(tx, owner);
        ChangedDays changed = new ChangedDays();
        Set<Long> cycles = new HashSet<>();
        Set<String> sleeps = new HashSet<>();
        boolean any = false;
        for (RecordType gone : type == RecordType.SLEEP ? List.of(type, RecordType.RECOVERY) : List.of(type)) {
            Params keys = keysOf(owner).with("key", key).with("deleted_at", deletedAt);
            List<Removed> removed = tx.list(Tables.of(gone).delete(), keys, Removed::of);
            @Nullable
            LocalDate day =
                    removed.isEmpty() ? null : removed.getFirst().prior().day();
            boolean nap = !removed.isEmpty() && removed.getFirst().nap();
            tx.execute(
                    TOMBSTONE, keys.with("type", gone.code()).with("day", day).with("nap", nap));
            for (Removed one : removed) {
                Prior prior = one.prior();
                any = true;
                changed.add(gone, prior.day());
                if (gone == RecordType.SLEEP) {
                    sleeps.add(key);
                    addIfPresent(cycles, prior.cycleId());
                }
            }
        }
        settle(new Placement(tx, owner, now), cycles, sleeps, changed);
        append(tx, owner, changed);
        return any;
    }

    private static void settle(
            Placement placement, Collection<Long> cycles, Collection<String> sleeps, ChangedDays changed) {
        if (!cycles.isEmpty() || !sleeps.isEmpty()) {
            placement.settle(cycles, sleeps, changed);
        }
    }

    private void append(SqlExecutor tx, Owner owner, ChangedDays changed) {
        changed.byType().forEach((type, days) -> feed.append(tx, owner.member(), type.code(), days));
    }

    private static void setAside(SqlExecutor tx, Owner owner, Batch batch, Instant now) {
        if (!batch.unreadable().isEmpty()) {
            tx.execute(
                    UNREADABLE,
                    Params.of(
                            "member", owner.member().value(),
                            "type", batch.type(),
                            "keys", texts(batch, Batch.Unreadable::key),
                            "problems", texts(batch, Batch.Unreadable::problem),
                            "raws", texts(batch, bad -> bad.raw().toString()),
                            "now", now));
        }
    }

    private static String[] texts(Batch batch, Function<Batch.Unreadable, String> field) {
        return batch.unreadable().stream().map(field).toArray(String[]::new);
    }

    private static Params rows(Owner owner, Table<?> table, Batch batch, Map<String, LocalDate> days, Instant now) {
        Columns rows = table.rows(batch.items().size());
        // One order for all writers.
        new TreeMap<>(batch.items()).forEach((key, item) -> write(table, item, days.get(key), rows.next()));
        return rows.with(
                "member",
                owner.member().value(),
                "user",
                owner.whoopUserId(),
                "fetched_at",
                now,
                "mapping_version",
                RecordReader.MAPPING_VERSION);
    }

    private static <T extends WhoopRecord> void write(
            Table<T> table, Batch.Item item, @Nullable LocalDate day, Columns row) {
        table.write(table.recordClass().cast(item.record()), row);
        row.put("local_date", day == null ? null : day.toString())
                .put("score_state", item.record().state().name())
                .put("created_at", item.record().createdAt())
                .put("updated_at", item.record().updatedAt())
                .put("raw", item.raw().toString());
    }

    static Object[] keyArray(RecordType type, Collection<String> keys) {
        return type == RecordType.CYCLE
                ? keys.stream().map(Long::valueOf).toArray(Long[]::new)
                : keys.stream().map(UUID::fromString).toArray(UUID[]::new);
    }

    static void lock(SqlExecutor tx, Owner owner) {
        tx.list(LOCK, Params.of("member", owner.member().toString()), row -> true);
    }

    private static Params keysOf(Owner owner) {
        return Params.of("member", owner.member().value(), "user", owner.whoopUserId());
    }

    private static void addIfPresent(Set<Long> ids, @Nullable Long id) {
        if (id != null) {
            ids.add(id);
        }
    }
}
