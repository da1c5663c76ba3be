package io.vitals.whoop.sync;

import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.TokenAccess;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.quota.Lane;
import io.vitals.whoop.records.Batch;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.records.UnreadableDocument;
import io.vitals.whoop.sync.SuspectRepository.Suspect;
import io.vitals.whoop.upstream.Answer;
import io.vitals.whoop.upstream.WhoopApi;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * Finds records that WHOOP no longer has. A listing that lacks a record proves nothing, so each one is asked for by name; and as many deletions
 * at once look more like a fault than like a member, only a few are done without somebody's word.
 */
final class Reconciliation {
    private static final EventLog LOG = EventLog.of(Reconciliation.class);

    /** As many deletions a member and run are done without somebody's word. */
    static final int MOST_DELETIONS = 5;

    /** Records that began just before the window belong to its first days. */
    private static final int EDGE_DAYS = 2;

    private final Database database;
    private final TokenAccess tokens;
    private final WhoopApi api;
    private final Records records;
    private final Feed feed;
    private final AuditLog audit;
    private final SyncMeters meters;
    private final int mostDeletions;

    Reconciliation(
            Database database,
            TokenAccess tokens,
            WhoopApi api,
            Records records,
            Feed feed,
            AuditLog audit,
            SyncMeters meters,
            int mostDeletions) {
        this.database = database;
        this.tokens = tokens;
        this.api = api;
        this.records = records;
        this.feed = feed;
        this.audit = audit;
        this.meters = meters;
        this.mostDeletions = mostDeletions;
    }

    private record Decision(int deleted, int held) {}

    /** After the last page of a type: what is stored in the window but was not listed is suspect. */
    void suspectUnlisted(SqlExecutor tx, Walk walk, RecordType type, long run) {
        Set<String> listed = SuspectRepository.takeListed(tx, walk.reconciliationId(), type);
        SuspectRepository.clearListed(tx, walk.owner().member(), type, listed);
        LocalDate from = LocalDate.ofInstant(walk.from(), ZoneOffset.UTC).plusDays(EDGE_DAYS);
        LocalDate to = LocalDate.ofInstant(walk.to(), ZoneOffset.UTC);
        records.known(tx, walk.owner(), type, from, to, walk.startedAt()).stream()
                .filter(record -> !listed.contains(record.key()))
                .forEach(record -> SuspectRepository.suspect(tx, walk, type, run, record));
    }

    /** Checks one suspect, or decides when none is left; an answer that settles nothing comes back. */
    Optional<Answer> step(Walk walk) {
        Optional<Suspect> next = SuspectRepository.next(database, walk);
        if (next.isEmpty()) {
            decide(walk);
            return Optional.empty();
        }
        Suspect suspect = next.get();
        return switch (ask(suspect)) {
            case Answer.Absent() -> {
                settle(walk, tx -> SuspectRepository.gone(tx, suspect));
                yield Optional.empty();
            }
            case Answer.Found(byte[] json) -> found(walk, suspect, json);
            case Answer other -> Optional.of(other);
        };
    }

    private Answer ask(Suspect suspect) {
        return tokens.call(suspect.owner().member(), token -> switch (suspect.type()) {
            case SLEEP -> api.sleep(token, Lane.POLL, UUID.fromString(suspect.key()));
            case WORKOUT -> api.workout(token, Lane.POLL, UUID.fromString(suspect.key()));
            case CYCLE -> api.cycle(token, Lane.POLL, Long.parseLong(suspect.key()));
            case RECOVERY -> {
                Long cycle = suspect.cycleId();
                yield cycle == null ? new Answer.Failed("no_cycle") : api.recovery(token, Lane.POLL, cycle);
            }
            case PROFILE, BODY -> throw new IllegalArgumentException("is never listed: " + suspect.type());
        });
    }

    private Optional<Answer> found(Walk walk, Suspect suspect, byte[] json) {
        Batch batch;
        try {
            batch = Records.single(suspect.type(), json);
        } catch (UnreadableDocument _) {
            return Optional.of(new Answer.Failed("unreadable"));
        }
        settle(walk, tx -> {
            records.store(tx, suspect.owner(), batch);
            // The cycle of a recovery may by now have that of another sleep.
            if (batch.keys().contains(suspect.key())) {
                SuspectRepository.clear(tx, suspect);
            } else {
                SuspectRepository.gone(tx, suspect);
            }
        });
        feed.wake();
        return Optional.empty();
    }

    private void settle(Walk walk, java.util.function.Consumer<SqlExecutor> writes) {
        database.transaction(tx -> {
            writes.accept(tx);
            WalkRepository.turn(tx, walk, null, walk.from(), walk.to());
            return true;
        });
    }

    private void decide(Walk walk) {
        MemberId member = walk.owner().member();
        Decision decision = database.transaction(tx -> {
            List<Suspect> gone = SuspectRepository.gone(tx, member, walk.reconciliationId());
            // While earlier ones wait, further few a night would be many without a word.
            boolean waiting = SuspectRepository.adoptHeld(tx, walk)
                    || gone.stream().anyMatch(suspect -> suspect.heldSince() != null);
            int deletable = waiting ? 0 : Math.min(mostDeletions, gone.size());
            gone.subList(0, deletable).forEach(suspect -> delete(tx, suspect, "system", "reconciliation"));
            List<Suspect> kept = gone.subList(deletable, gone.size());
            kept.forEach(suspect -> SuspectRepository.hold(tx, suspect));
            if (!kept.isEmpty()) {
                audit.append(
                        tx,
                        AuditEvent.of("sync.deletions", "system", member.value())
                                .withObject(walk.reconciliationId().toString())
                                .withOutcome("held")
                                .withReason("too_many"));
            }
            WalkRepository.done(tx, walk, null);
            return new Decision(deletable, kept.size());
        });
        meters.deletions("deleted", decision.deleted());
        meters.deletions("held", decision.held());
        if (decision.deleted() > 0) {
            feed.wake();
            LOG.info("deletions_found", LogField.MEMBER.of(member.value()), LogField.COUNT.of(decision.deleted()));
        }
        if (decision.held() > 0) {
            LOG.warn(
                    "deletions_held",
                    LogField.MEMBER.of(member.value()),
                    LogField.KEY.of(walk.reconciliationId()),
                    LogField.COUNT.of(decision.held()));
        }
    }

    private void delete(SqlExecutor tx, Suspect suspect, String actor, String reason) {
        // As of the version that was checked, so that a newer one could still come.
        records.delete(tx, suspect.owner(), suspect.type(), suspect.key(), suspect.version());
        SuspectRepository.clear(tx, suspect);
        Long run = suspect.run();
        if (run != null) {
            RunRepository.countDeleted(tx, run);
        }
        audit.append(
                tx,
                AuditEvent.of("record.deleted", actor, suspect.owner().member().value())
                        .withObject(suspect.type().code() + ":" + suspect.key())
                        .withReason(reason));
    }

    Optional<HeldDeletions> held(MemberId member) {
        List<Suspect> held = database.transaction(tx -> SuspectRepository.held(tx, member, null));
        return held.isEmpty()
                ? Optional.empty()
                : Optional.of(HeldDeletions.of(held.getFirst().reconciliation(), held));
    }

    /** Deletes what a reconciliation has held; empty when nothing is held under its id, not any more or never. */
    OptionalInt confirm(MemberId member, UUID reconciliation) {
        int deleted = database.transaction(tx -> {
            List<Suspect> held = SuspectRepository.held(tx, member, reconciliation);
            held.forEach(suspect -> delete(tx, suspect, "operator", "confirmed"));
            if (!held.isEmpty()) {
                audit.append(
                        tx,
                        AuditEvent.of("sync.deletions", "operator", member.value())
                                .withObject(reconciliation.toString())
                                .withOutcome("confirmed"));
            }
            return held.size();
        });
        if (deleted == 0) {
            return OptionalInt.empty();
        }
        meters.deletions("confirmed", deleted);
        feed.wake();
        LOG.info("deletions_confirmed", LogField.MEMBER.of(member.value()), LogField.COUNT.of(deleted));
        return OptionalInt.of(deleted);
    }
}
