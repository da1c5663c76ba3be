package io.vitals.whoop.records;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.MemberRecords;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Stored;
import io.vitals.whoop.model.WhoopRecord;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * WHOOP's records at rest. Writers bring their own transaction, so that a record, its change rows and whatever the writer keeps beside them
 * (a cursor, an inbox row) become visible together; after the commit they call {@link Feed#wake()}.
 */
public final class Records {
    private static final EventLog LOG = EventLog.of(Records.class);

    private final RecordStore store;
    private final Feed feed;
    private final Clock clock;
    private final Map<RecordType, Counter> upserted = new EnumMap<>(RecordType.class);
    private final Map<RecordType, Counter> unreadable = new EnumMap<>(RecordType.class);

    public Records(Feed feed, Clock clock, MeterRegistry registry) {
        this.store = new RecordStore(feed);
        this.feed = feed;
        this.clock = clock;
        for (RecordType type : RecordType.values()) {
            upserted.put(type, counter(registry, "whoop.records.upserted", "Records inserted or updated", type));
            unreadable.put(type, counter(registry, "whoop.records.unreadable", "Records that could not be read", type));
        }
    }

    private static Counter counter(MeterRegistry registry, String name, String description, RecordType type) {
        return Counter.builder(name)
                .description(description)
                .tag("type", type.code())
                .register(registry);
    }

    /**
     * Reads one page of a collection.
     *
     * @throws UnreadableDocument if it is no page at all; unreadable records of a page are set aside by {@link #store}
     */
    public static Batch page(RecordType type, byte[] json) throws UnreadableDocument {
        return Documents.page(type, json);
    }

    /**
     * Reads one dated record.
     *
     * @throws UnreadableDocument if it is no JSON object
     */
    public static Batch single(RecordType type, byte[] json) throws UnreadableDocument {
        return Documents.single(type, json);
    }

    /**
     * The account a profile document belongs to.
     *
     * @throws UnreadableDocument if it is no profile
     */
    public static long accountOf(byte[] profile) throws UnreadableDocument {
        try {
            return RecordReader.profile(Documents.tree(profile)).userId();
        } catch (UnreadableField e) {
            throw new UnreadableDocument(String.valueOf(e.getMessage()));
        }
    }

    /** Stores a batch: newer versions win, deletions stand, days move as they must. */
    public StoreResult store(SqlExecutor tx, Owner owner, Batch batch) {
        StoreResult result = store.store(tx, owner, batch, clock.instant());
        count(batch.type(), result);
        for (Batch.Unreadable bad : batch.unreadable()) {
            LOG.warn(
                    "record_unreadable",
                    LogField.MEMBER.of(owner.member().value()),
                    LogField.TYPE.of(batch.type()),
                    LogField.RECORD_ID.of(bad.key()),
                    LogField.REASON.of(bad.problem()));
        }
        return result;
    }

    /**
     * Checks that a document is a profile or a body, before anything is stored.
     *
     * @throws UnreadableDocument if it is not
     */
    public static void check(RecordType type, byte[] json) throws UnreadableDocument {
        Singletons.read(type, json);
    }

    /** Stores the profile or the body, which {@link #check} has found readable. */
    public StoreResult storeSingleton(SqlExecutor tx, Owner owner, RecordType type, byte[] json) {
        Instant now = clock.instant();
        StoreResult result = Singletons.store(tx, owner, type, json, now);
        count(type, result);
        if (result.inserted() + result.updated() > 0) {
            feed.append(tx, owner.member(), type.code(), Set.of(LocalDate.ofInstant(now, ZoneOffset.UTC)));
        }
        return result;
    }

    private void count(RecordType type, StoreResult result) {
        add(upserted.get(type), result.inserted() + (double) result.updated());
        add(unreadable.get(type), result.failed());
    }

    private static void add(@Nullable Counter counter, double amount) {
        if (counter != null) {
            counter.increment(amount);
        }
    }

    /**
     * Deletes a record for good: only a version newer than {@code deletedAt} may come back. A sleep takes its recovery along.
     *
     * @return whether there was one
     */
    public boolean delete(SqlExecutor tx, Owner owner, RecordType type, String key, Instant deletedAt) {
        return store.delete(tx, owner, type, key, deletedAt, clock.instant());
    }

    /** The stored version of a record, if there is one. */
    public Optional<Stored<? extends WhoopRecord>> find(SqlExecutor db, Owner owner, RecordType type, UUID key) {
        return find(db, owner, Tables.of(type), key);
    }

    private static <T extends WhoopRecord> Optional<Stored<? extends WhoopRecord>> find(
            SqlExecutor db, Owner owner, Table<T> table, UUID key) {
        Params params =
                Params.of("member", owner.member().value(), "user", owner.whoopUserId(), "keys", new UUID[] {key});
        return db.first(table.byKey(), params, table::stored).map(stored -> stored);
    }

    /** Everything about a range of days, both ends included. */
    public MemberRecords range(SqlExecutor db, MemberId member, LocalDate from, LocalDate to) {
        return RecordRanges.read(db, member, from, to);
    }

    /**
     * Which records of a range of days are stored, both ends included.
     *
     * @param before records fetched later are left out
     */
    public List<KnownRecord> known(
            SqlExecutor db, Owner owner, RecordType type, LocalDate from, LocalDate to, Instant before) {
        return RecordRanges.known(db, owner, Tables.of(type), from, to, before);
    }

    /** Reads the stored documents of a kind again that an older mapping has read; can be cut off and repeated. */
    public Remapped remap(Database database, RecordType type) {
        Remapped remapped = new Remapping(database, store, clock).run(type);
        add(unreadable.get(type), (double) remapped.unreadable());
        if (remapped.changed() > 0) {
            feed.wake();
        }
        return remapped;
    }

    /** Takes documents away that were fetched so long ago; what was read from them stays. */
    public void expire(Database database, Duration age) {
        Retention.expire(database, clock.instant().minus(age));
    }

    /** The statement of {@link #range}, for a bench that runs it elsewhere. */
    public static Sql rangeStatement() {
        return RecordRanges.RANGE;
    }

    /** When the oldest cycle that has no end began; empty when none runs. */
    public Optional<Instant> runningCycle(SqlExecutor db, Owner owner) {
        return RecordRanges.runningCycle(db, owner);
    }
}
