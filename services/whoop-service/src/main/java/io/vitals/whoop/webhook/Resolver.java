package io.vitals.whoop.webhook;

import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.link.TokenAccess;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Recovery;
import io.vitals.whoop.model.Sleep;
import io.vitals.whoop.model.Stored;
import io.vitals.whoop.model.WhoopRecord;
import io.vitals.whoop.quota.Lane;
import io.vitals.whoop.records.Batch;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.records.UnreadableDocument;
import io.vitals.whoop.upstream.Answer;
import io.vitals.whoop.upstream.WhoopApi;
import io.vitals.whoop.webhook.Claim.Announcement;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Finds out what events mean by fetching the record they speak of: WHOOP may send events twice, late or in any order, and only its present
 * answer counts. Decides what to write; writes nothing itself.
 */
final class Resolver {
    /** Writes of resolved events, to be made in one transaction. */
    sealed interface Resolution {
        /** The writes that make the store agree with WHOOP. */
        record Write(String outcome, Consumer<SqlExecutor> writes) implements Resolution {}

        /** WHOOP could not say; its answer tells how to go on. */
        record Unresolved(Answer answer) implements Resolution {}

        /**
         * WHOOP answers otherwise than it announced: an updated record is not there, or a deleted one still is. Perhaps its answer is not up
         * to date yet; if it says the same again, {@code ifFinal} is what to write.
         */
        record Contradicted(String outcome, Consumer<SqlExecutor> ifFinal) implements Resolution {}
    }

    private static final String NOT_THERE = "not_there";

    private record Document(RecordType type, byte[] json) {}

    private final Database database;
    private final TokenAccess tokens;
    private final WhoopApi api;
    private final Records records;
    private final AuditLog audit;
    private final Clock clock;

    Resolver(Database database, TokenAccess tokens, WhoopApi api, Records records, AuditLog audit, Clock clock) {
        this.database = database;
        this.tokens = tokens;
        this.api = api;
        this.records = records;
        this.audit = audit;
        this.clock = clock;
    }

    Resolution resolve(Owner owner, Announcement event) {
        Instant asked = clock.instant();
        return switch (event.record()) {
            case SLEEP -> direct(owner, event, fetchSleep(owner, event.objectId()), asked);
            case WORKOUT ->
                direct(
                        owner,
                        event,
                        tokens.call(owner.member(), token -> api.workout(token, Lane.WEBHOOK, event.objectId())),
                        asked);
            case RECOVERY -> recovery(owner, event, asked);
            case CYCLE, PROFILE, BODY -> throw new IllegalArgumentException("no events of " + event.record());
        };
    }

    private Resolution direct(Owner owner, Announcement event, Answer answer, Instant asked) {
        return switch (answer) {
            case Answer.Found(byte[] json) -> found(owner, event, List.of(new Document(event.record(), json)), asked);
            case Answer.Absent() -> absent(owner, event, List.of(), asked);
            default -> new Resolution.Unresolved(answer);
        };
    }

    /** A recovery is known by its sleep but fetched by its cycle, so the sleep is asked for the cycle first unless it is stored. */
    private Resolution recovery(Owner owner, Announcement event, Instant asked) {
        Optional<Long> stored = storedCycleOf(owner, event.objectId());
        if (stored.isPresent()) {
            Resolution resolution = recoveryOf(owner, event, stored.get(), List.of(), asked);
            if (!(resolution instanceof Resolution.Contradicted(String outcome, var _)) || !outcome.equals(NOT_THERE)) {
                return resolution;
            }
            // The sleep may belong to another cycle by now.
        }
        return switch (fetchSleep(owner, event.objectId())) {
            case Answer.Found(byte[] json) -> {
                Long cycle = cycleOf(json);
                yield cycle == null
                        ? new Resolution.Unresolved(new Answer.Failed("unreadable"))
                        : recoveryOf(owner, event, cycle, List.of(new Document(RecordType.SLEEP, json)), asked);
            }
            case Answer.Absent() -> absent(owner, event, List.of(), asked);
            case Answer other -> new Resolution.Unresolved(other);
        };
    }

    private Resolution recoveryOf(Owner owner, Announcement event, long cycle, List<Document> before, Instant asked) {
        return switch (tokens.call(owner.member(), token -> api.recovery(token, Lane.WEBHOOK, cycle))) {
            case Answer.Found(byte[] json) -> {
                List<Document> documents = new ArrayList<>(before);
                documents.add(new Document(RecordType.RECOVERY, json));
                yield found(owner, event, documents, asked);
            }
            case Answer.Absent() -> absent(owner, event, before, asked);
            case Answer other -> new Resolution.Unresolved(other);
        };
    }

    private Answer fetchSleep(Owner owner, UUID id) {
        return tokens.call(owner.member(), token -> api.sleep(token, Lane.WEBHOOK, id));
    }

    private Optional<Long> storedCycleOf(Owner owner, UUID sleepId) {
        return records.find(database, owner, RecordType.SLEEP, sleepId)
                .map(stored -> ((Sleep) stored.record()).cycleId())
                .or(() -> records.find(database, owner, RecordType.RECOVERY, sleepId)
                        .map(stored -> ((Recovery) stored.record()).cycleId()));
    }

    private static @Nullable Long cycleOf(byte[] sleep) {
        try {
            return Records.single(RecordType.SLEEP, sleep).single() instanceof Sleep read ? read.cycleId() : null;
        } catch (UnreadableDocument _) {
            return null;
        }
    }

    /** The last document is the one the event speaks of. */
    private Resolution found(Owner owner, Announcement event, List<Document> documents, Instant asked) {
        List<Batch> batches = new ArrayList<>();
        for (Document document : documents) {
            try {
                batches.add(Records.single(document.type(), document.json()));
            } catch (UnreadableDocument _) {
                return new Resolution.Unresolved(new Answer.Failed("unreadable"));
            }
        }
        Consumer<SqlExecutor> writes = tx -> batches.forEach(batch -> records.store(tx, owner, batch));
        WhoopRecord record = batches.getLast().single();
        if (record == null || batches.stream().anyMatch(batch -> batch.problem() != null)) {
            return new Resolution.Write("unreadable", writes);
        } else if (!record.key().equals(event.objectId().toString())) {
            // The cycle has a recovery, but of another sleep: the one spoken of is not there.
            return absent(owner, event, documents, asked);
        } else if (event.deletedAt() != null && !record.updatedAt().isAfter(event.deletedAt())) {
            return new Resolution.Contradicted("still_there", writes);
        }
        return new Resolution.Write("stored", writes);
    }

    /** After a deletion event absence is what was announced; after an update it may only be early. */
    private Resolution absent(Owner owner, Announcement event, List<Document> others, Instant asked) {
        Consumer<SqlExecutor> writes = tx -> {
            storeReadable(tx, owner, others);
            deletionOf(tx, owner, event, asked).ifPresent(time -> delete(tx, owner, event, time));
        };
        return event.deletedAt() == null
                ? new Resolution.Contradicted(NOT_THERE, writes)
                : new Resolution.Write("deleted", writes);
    }

    private void storeReadable(SqlExecutor tx, Owner owner, List<Document> documents) {
        for (Document document : documents) {
            try {
                records.store(tx, owner, Records.single(document.type(), document.json()));
            } catch (UnreadableDocument _) {
                // It came along with what was asked for; its own event will tell.
            }
        }
    }

    /**
     * Deleted as of the announcement, or of the version we know if that is newer than it; without an announcement as of the version we know,
     * so that a newer one could still come. What was stored after WHOOP was asked is newer than its answer and stays.
     */
    private Optional<Instant> deletionOf(SqlExecutor tx, Owner owner, Announcement event, Instant asked) {
        Optional<Instant> known = records.find(tx, owner, event.record(), event.objectId())
                .filter(stored -> stored.fetchedAt().isBefore(asked))
                .map(Stored::record)
                .map(WhoopRecord::updatedAt);
        Instant announced = event.deletedAt();
        if (announced == null) {
            return known;
        }
        return known.filter(version -> version.isAfter(announced)).or(() -> Optional.of(announced));
    }

    private void delete(SqlExecutor tx, Owner owner, Announcement event, Instant time) {
        String key = event.objectId().toString();
        if (records.delete(tx, owner, event.record(), key, time)) {
            audit.append(
                    tx,
                    AuditEvent.of("record.deleted", "whoop", owner.member().value())
                            .withObject(key)
                            .withReason("webhook_" + event.record().code()));
        }
    }
}
