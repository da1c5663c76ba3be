package io.vitals.whoop.webhook;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.link.TokenAccess;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Recovery;
import io.vitals.whoop.model.Sleep;
import io.vitals.whoop.model.WhoopRecord;
import io.vitals.whoop.quota.Lane;
import io.vitals.whoop.records.Batch;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.records.UnreadableDocument;
import io.vitals.whoop.upstream.Answer;
import io.vitals.whoop.upstream.WhoopApi;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Finds out what an event means by fetching the record it speaks of: WHOOP may send events twice, late or in any order, and only its present
 * answer counts. Decides what to write; writes nothing itself.
 */
final class Resolver {
    /** Writes of a resolved event, to be made in one transaction. */
    sealed interface Resolution {
        /** The writes that make the store agree with WHOOP. */
        record Write(String outcome, Consumer<SqlExecutor> writes) implements Resolution {}

        /** WHOOP could not say; its answer tells how to go on. */
        record Unresolved(Answer answer) implements Resolution {}

        /** WHOOP has no such record although it spoke of an update: perhaps not yet, perhaps no longer. */
        record NotThere(Consumer<SqlExecutor> ifFinal) implements Resolution {}
    }

    private final Database database;
    private final TokenAccess tokens;
    private final WhoopApi api;
    private final Records records;

    Resolver(Database database, TokenAccess tokens, WhoopApi api, Records records) {
        this.database = database;
        this.tokens = tokens;
        this.api = api;
        this.records = records;
    }

    Resolution resolve(Owner owner, Event event, EventType type) {
        return switch (type.record()) {
            case SLEEP -> direct(owner, event, type, fetchSleep(owner, event.objectId()));
            case WORKOUT ->
                direct(
                        owner,
                        event,
                        type,
                        tokens.call(owner.member(), token -> api.workout(token, Lane.WEBHOOK, event.objectId())));
            case RECOVERY -> recovery(owner, event, type);
            case CYCLE, PROFILE, BODY -> throw new IllegalArgumentException("no events of " + type.record());
        };
    }

    private Resolution direct(Owner owner, Event event, EventType type, Answer answer) {
        return switch (answer) {
            case Answer.Found(byte[] json) -> write(owner, List.of(new Document(type.record(), json)));
            case Answer.Absent() -> absent(owner, event, type, type.record());
            default -> new Resolution.Unresolved(answer);
        };
    }

    /** A recovery is known by its sleep but fetched by its cycle, so the sleep is asked for the cycle first unless it is stored. */
    private Resolution recovery(Owner owner, Event event, EventType type) {
        List<Document> documents = new ArrayList<>();
        Long cycle = storedCycleOf(owner, event.objectId());
        if (cycle == null) {
            switch (fetchSleep(owner, event.objectId())) {
                case Answer.Found(byte[] json) -> {
                    documents.add(new Document(RecordType.SLEEP, json));
                    cycle = cycleOf(json);
                }
                case Answer.Absent() -> {
                    return absent(owner, event, type, RecordType.RECOVERY);
                }
                case Answer other -> {
                    return new Resolution.Unresolved(other);
                }
            }
        }
        if (cycle == null) {
            return new Resolution.NotThere(_ -> {});
        }
        long cycleId = cycle;
        return switch (tokens.call(owner.member(), token -> api.recovery(token, Lane.WEBHOOK, cycleId))) {
            case Answer.Found(byte[] json) -> {
                documents.add(new Document(RecordType.RECOVERY, json));
                yield write(owner, documents);
            }
            case Answer.Absent() -> absent(owner, event, type, RecordType.RECOVERY);
            case Answer other -> new Resolution.Unresolved(other);
        };
    }

    private Answer fetchSleep(Owner owner, UUID id) {
        return tokens.call(owner.member(), token -> api.sleep(token, Lane.WEBHOOK, id));
    }

    private @Nullable Long storedCycleOf(Owner owner, UUID sleepId) {
        return records.find(database, owner, RecordType.SLEEP, sleepId)
                .map(stored -> ((Sleep) stored.record()).cycleId())
                .or(() -> records.find(database, owner, RecordType.RECOVERY, sleepId)
                        .map(stored -> ((Recovery) stored.record()).cycleId()))
                .orElse(null);
    }

    private static @Nullable Long cycleOf(byte[] sleep) {
        try {
            return Records.single(RecordType.SLEEP, sleep).single() instanceof Sleep read ? read.cycleId() : null;
        } catch (UnreadableDocument _) {
            return null;
        }
    }

    private record Document(RecordType type, byte[] json) {}

    private Resolution write(Owner owner, List<Document> documents) {
        List<Batch> batches = new ArrayList<>();
        for (Document document : documents) {
            try {
                batches.add(Records.single(document.type(), document.json()));
            } catch (UnreadableDocument _) {
                return new Resolution.Unresolved(new Answer.Failed("unreadable"));
            }
        }
        boolean unreadable = batches.stream().anyMatch(batch -> batch.problem() != null);
        return new Resolution.Write(
                unreadable ? "unreadable" : "stored", tx -> batches.forEach(batch -> records.store(tx, owner, batch)));
    }

    /** After a deletion event absence is what was announced; after an update it may only be early. */
    private Resolution absent(Owner owner, Event event, EventType type, RecordType record) {
        String key = event.objectId().toString();
        if (type.deletion()) {
            return new Resolution.Write("deleted", tx -> records.delete(tx, owner, record, key, event.sentAt()));
        }
        // Deleted as of the version we know, so that a newer one could still come.
        return new Resolution.NotThere(tx -> records.find(tx, owner, record, event.objectId())
                .map(stored -> ((WhoopRecord) stored.record()).updatedAt())
                .ifPresent(known -> records.delete(tx, owner, record, key, known)));
    }
}
