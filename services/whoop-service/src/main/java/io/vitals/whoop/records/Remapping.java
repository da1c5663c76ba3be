package io.vitals.whoop.records;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.json.Json;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Stored;
import io.vitals.whoop.model.WhoopRecord;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads stored documents again after the mapping has changed. Each batch is a transaction that also stamps its rows, so a run that is cut off
 * goes on behind what it has done; members' days whose records now say something else get change rows, the others none.
 */
final class Remapping {
    private static final EventLog LOG = EventLog.of(Remapping.class);
    private static final int AT_ONCE = 200;
    private static final UUID FIRST = new UUID(0, 0);

    private final Database database;
    private final RecordStore store;
    private final Clock clock;

    Remapping(Database database, RecordStore store, Clock clock) {
        this.database = database;
        this.store = store;
        this.clock = clock;
    }

    private record Outdated(Stored<? extends WhoopRecord> stored, JsonNode raw) {
        String key() {
            return stored.record().key();
        }
    }

    /** A batch's outcome, and the last key it came to; null when it was the owner's last. */
    private record Step(Remapped done, @Nullable String lastKey) {}

    Remapped run(RecordType type) {
        Remapped total = Remapped.NONE;
        Optional<Owner> owner = next(type, new Owner(new MemberId(FIRST), -1));
        while (owner.isPresent()) {
            Owner one = owner.get();
            @Nullable String after = null;
            do {
                @Nullable String from = after;
                Step step = database.transaction(tx -> step(tx, one, Tables.of(type), from));
                total = total.plus(step.done());
                after = step.lastKey();
            } while (after != null);
            owner = next(type, one);
        }
        LOG.info("records_remapped", LogField.TYPE.of(type), LogField.COUNT.of(total.changed()));
        return total;
    }

    private Optional<Owner> next(RecordType type, Owner after) {
        return database.first(
                Tables.of(type).nextOutdated(),
                keys(after).with("version", RecordReader.MAPPING_VERSION),
                row -> new Owner(new MemberId(row.uuid("member_id")), row.longValue("whoop_user_id")));
    }

    private <T extends WhoopRecord> Step step(SqlExecutor tx, Owner owner, Table<T> table, @Nullable String after) {
        RecordStore.lock(tx, owner);
        List<Outdated> outdated = tx.list(
                table.outdated(),
                keys(owner)
                        .with("version", RecordReader.MAPPING_VERSION)
                        .with("after", after)
                        .with("limit", AT_ONCE),
                row -> new Outdated(table.stored(row), Json.tree(row.json("raw"))));
        Map<String, WhoopRecord> read = new HashMap<>();
        List<Batch.Unreadable> unreadable = new ArrayList<>();
        for (Outdated one : outdated) {
            try {
                read.put(one.key(), RecordReader.read(table.type(), one.raw()));
            } catch (UnreadableField problem) {
                unreadable.add(new Batch.Unreadable(one.key(), String.valueOf(problem.getMessage()), one.raw()));
            }
        }
        Map<String, LocalDate> days = new Placement(tx, owner, clock.instant()).place(table.type(), read.values());
        Map<String, Batch.Item> changed = new HashMap<>();
        Set<String> same = new HashSet<>();
        for (Outdated one : outdated) {
            WhoopRecord record = read.get(one.key());
            if (record == null
                    || (record.equals(one.stored().record())
                            && Objects.equals(days.get(one.key()), one.stored().day()))) {
                same.add(one.key());
            } else {
                changed.put(one.key(), new Batch.Item(record, one.raw()));
            }
        }
        // What cannot be read any more keeps its columns, and is set aside for somebody to look at.
        store.rewrite(tx, owner, new Batch(table.type(), changed, unreadable, null), clock.instant());
        stamp(tx, owner, table, same);
        return new Step(
                new Remapped(outdated.size(), changed.size(), unreadable.size()),
                outdated.size() < AT_ONCE ? null : outdated.getLast().key());
    }

    private static void stamp(SqlExecutor tx, Owner owner, Table<?> table, Set<String> keys) {
        if (!keys.isEmpty()) {
            tx.execute(
                    table.stamp(),
                    keys(owner)
                            .with("version", RecordReader.MAPPING_VERSION)
                            .with("keys", RecordStore.keyArray(table.type(), keys)));
        }
    }

    private static Params keys(Owner owner) {
        return Params.of("member", owner.member().value(), "user", owner.whoopUserId());
    }
}
