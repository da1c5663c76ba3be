package io.vitals.whoop.webhook;

import io.vitals.whoop.model.RecordType;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * All events of one record that were pending when a worker took them. WHOOP is asked after the claim, so its answer covers each of them;
 * whatever arrives later stays pending and is asked for again.
 */
record Claim(UUID id, List<Item> items) {
    /** One event of the claim. */
    record Item(long row, Event event, Instant receivedAt, int attempts, int lostClaims) {}

    Claim {
        items = items.stream()
                .sorted(Comparator.comparing(Item::receivedAt).thenComparingLong(Item::row))
                .toList();
    }

    boolean empty() {
        return items.isEmpty();
    }

    /** The event that came last: its outcome is the fetch's, the others are coalesced into it. */
    Item newest() {
        return items.getLast();
    }

    /** How often the newest event has failed: an old one that has nearly used up its attempts does not decide for it. */
    int attempts() {
        return newest().attempts();
    }

    int lostClaims() {
        return items.stream().mapToInt(Item::lostClaims).max().orElse(0);
    }

    Long[] rows() {
        return items.stream().map(Item::row).toArray(Long[]::new);
    }

    /** What the events say together. */
    Announcement announcement() {
        Event event = newest().event();
        RecordType record =
                EventType.of(event.type()).map(EventType::record).orElseThrow(() -> new UnknownType(event.type()));
        return new Announcement(event.whoopUserId(), record, event.objectId(), deletedAt());
    }

    private @Nullable Instant deletedAt() {
        return items.stream()
                .map(Item::event)
                .filter(event ->
                        EventType.of(event.type()).map(EventType::deletion).orElse(false))
                .map(Event::sentAt)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /**
     * Something happened to a record.
     *
     * @param objectId sleep or workout concerned; for a recovery its sleep
     * @param deletedAt when the latest deletion was announced; null if only updates were
     */
    record Announcement(
            long whoopUserId,
            RecordType record,
            UUID objectId,
            @Nullable Instant deletedAt) {}

    /** An event of a type that this version does not know; a newer one took it in. */
    static final class UnknownType extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownType(String type) {
            super(type);
        }
    }
}
