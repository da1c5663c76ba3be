package io.vitals.whoop.sync;

import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Batch;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.records.StoreResult;
import io.vitals.whoop.records.UnreadableDocument;
import io.vitals.whoop.upstream.Answer;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes one walk through the past a few pages further. As with the cursors, records, coverage and checkpoint commit together, so that a
 * killed worker costs at most the pages it was on.
 */
final class WalkStep extends Step<Walk> {
    /** A stretch of history: short, so that whole days appear from the newest on, and a token that has died costs little. */
    static final Duration STRETCH = Duration.ofDays(30);

    private final Reconciliation reconciliation;

    WalkStep(Parts parts, Reconciliation reconciliation) {
        super(parts);
        this.reconciliation = reconciliation;
    }

    @Override
    Optional<Walk> claim(UUID claim, Duration lease) {
        return WalkRepository.claim(database, claim, lease);
    }

    /** A walk is made with its window. */
    @Override
    Walk open(Walk walk) {
        return walk;
    }

    @Override
    Optional<Answer> advance(Walk walk, Instant claimed) {
        RecordType type = walk.type();
        if (type == null) {
            return reconciliation.step(walk);
        }
        return switch (ask(walk, type, walk.token())) {
            case Answer.Found(byte[] json) -> store(walk, type, json, claimed);
            case Answer other -> Optional.of(other);
        };
    }

    private Answer ask(Walk walk, RecordType type, @Nullable String token) {
        return page(walk, type, walk.from(), walk.to(), token);
    }

    private Optional<Answer> store(Walk walk, RecordType type, byte[] json, Instant claimed) {
        Batch first;
        try {
            first = Records.page(type, json);
        } catch (UnreadableDocument _) {
            return Optional.of(new Answer.Failed("unreadable"));
        }
        if (isToBeReadAgain(walk, first)) {
            return Optional.of(new Answer.Failed("unreadable"));
        }
        Haul haul = haul(first, walk.pages(), claimed, token -> ask(walk, type, token));
        if (isEndless(haul, walk.pages())) {
            return Optional.of(new Answer.Failed("endless"));
        }
        @Nullable String next = haul.batch().nextToken();
        Haul.Rest rest = haul.rest(parts.plan());
        Optional<Duration> ended = database.transaction(tx -> {
            long run = run(tx, walk, type);
            StoreResult result = parts.records().store(tx, walk.owner(), haul.batch());
            RunRepository.countPages(tx, run, haul.pages(), result);
            if (walk.trigger() == Trigger.RECONCILE) {
                SuspectRepository.list(
                        tx, walk.reconciliationId(), type, haul.batch().keys());
            }
            if (next != null) {
                WalkRepository.checkpoint(tx, walk, run, next, haul.pages(), rest);
                return Optional.empty();
            }
            CoverageRepository.asked(
                    tx, walk.owner().member(), type, day(walk.from()).plusDays(1), lastDay(walk));
            Duration took = RunRepository.close(tx, run, "success");
            turn(tx, walk, type, run);
            return Optional.of(took);
        });
        parts.feed().wake();
        told(walk, rest);
        ended.ifPresent(took ->
                parts.meters().success(type, walk.trigger(), took, parts.clock().instant()));
        if (ended.isPresent() && walk.trigger() == Trigger.GAP) {
            GapRepository.begin(
                    database, List.of(walk.owner().member()), parts.settings().gapInterval());
        }
        return Optional.empty();
    }

    /** The run begins with its first page, in the same transaction. */
    private static long run(SqlExecutor tx, Walk walk, RecordType type) {
        Long known = walk.run();
        return known != null
                ? known
                : RunRepository.open(tx, walk.owner().member(), type, walk.trigger(), walk.from(), walk.to());
    }

    /** After the last page of a type: the next type of the window, then the next window, then the end. */
    private void turn(SqlExecutor tx, Walk walk, RecordType type, long run) {
        if (walk.trigger() == Trigger.GAP) {
            WalkRepository.done(tx, walk, null);
            return;
        }
        if (walk.trigger() == Trigger.RECONCILE) {
            reconciliation.suspectUnlisted(tx, walk, type, run);
        }
        int index = RecordType.COLLECTIONS.indexOf(type) + 1;
        if (index < RecordType.COLLECTIONS.size()) {
            WalkRepository.turn(tx, walk, RecordType.COLLECTIONS.get(index), walk.from(), walk.to());
        } else if (walk.trigger() == Trigger.RECONCILE) {
            WalkRepository.turn(tx, walk, null, walk.from(), walk.to());
        } else if (walk.from().isAfter(walk.goal())) {
            Instant from = walk.from().minus(STRETCH);
            WalkRepository.turn(
                    tx,
                    walk,
                    RecordType.COLLECTIONS.getFirst(),
                    from.isBefore(walk.goal()) ? walk.goal() : from,
                    walk.from());
        } else {
            WalkRepository.done(tx, walk, null);
        }
    }

    @Override
    void reschedule(Walk walk, Duration pause, int attempts, String reason) {
        WalkRepository.reschedule(database, walk, pause, attempts, reason);
    }

    /** History tries on later, as nobody else would; a reconciliation comes again the next night, a gap is found again. */
    @Override
    void giveUp(SqlExecutor tx, Walk walk, String reason) {
        RecordType type = walk.type();
        if (type != null) {
            CoverageRepository.failed(
                    tx, walk.owner().member(), type, day(walk.from()).plusDays(1), lastDay(walk), reason);
            RunRepository.close(tx, run(tx, walk, type), "error");
        }
        if (walk.trigger() == Trigger.HISTORY) {
            WalkRepository.restart(tx, walk, PAUSE_AFTER_GIVING_UP, reason);
            return;
        }
        if (walk.trigger() == Trigger.RECONCILE) {
            SuspectRepository.unlist(tx, walk.reconciliationId());
        }
        WalkRepository.done(tx, walk, reason);
    }

    /** The last day that the window holds in full wherever the member is, as far as there is one already. */
    private static LocalDate lastDay(Walk walk) {
        return switch (walk.trigger()) {
            case RECONCILE -> day(walk.startedAt());
            case GAP -> day(walk.to()).minusDays(1);
            default -> day(walk.to());
        };
    }
}
