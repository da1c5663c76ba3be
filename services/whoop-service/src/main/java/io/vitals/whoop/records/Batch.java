package io.vitals.whoop.records;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.WhoopRecord;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Records read from one answer of WHOOP, ready to be stored, beside those that could not be read. */
public final class Batch {
    private final RecordType type;
    private final Map<String, Item> items;
    private final List<Unreadable> unreadable;
    private final @Nullable String nextToken;

    Batch(RecordType type, Map<String, Item> items, List<Unreadable> unreadable, @Nullable String nextToken) {
        this.type = type;
        this.items = Map.copyOf(items);
        this.unreadable = List.copyOf(unreadable);
        this.nextToken = nextToken;
    }

    /** A record beside the document it was read from. */
    record Item(WhoopRecord record, JsonNode raw) {
        /** The same record twice: an upsert takes each key once, so the newer version goes. */
        static Item newer(Item one, Item other) {
            return one.record.updatedAt().isBefore(other.record.updatedAt()) ? other : one;
        }
    }

    /** A document that could not be read, and why: field and fault. */
    record Unreadable(String key, String problem, JsonNode raw) {}

    public RecordType type() {
        return type;
    }

    /** Where the next page starts; null at the end of the collection. */
    public @Nullable String nextToken() {
        return nextToken;
    }

    /** This page and the one after it, of the same collection, as one. */
    public Batch followedBy(Batch next) {
        Map<String, Item> all = new HashMap<>(items);
        next.items.forEach((key, item) -> all.merge(key, item, Item::newer));
        List<Unreadable> bad = new ArrayList<>(unreadable);
        bad.addAll(next.unreadable);
        return new Batch(type, all, bad, next.nextToken);
    }

    /** Keys of all records in the answer, readable or not. */
    public Set<String> keys() {
        return Stream.concat(items.keySet().stream(), unreadable.stream().map(Unreadable::key))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The one record of a batch that was read from a single document; null when that was unreadable. */
    public @Nullable WhoopRecord single() {
        return items.values().stream().map(Item::record).findFirst().orElse(null);
    }

    /** Why the first unreadable record was unreadable; null when all could be read. */
    public @Nullable String problem() {
        return unreadable.isEmpty() ? null : unreadable.getFirst().problem();
    }

    Map<String, Item> items() {
        return items;
    }

    List<Unreadable> unreadable() {
        return unreadable;
    }
}
