package io.vitals.whoop.sync;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.TokenAccess;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Batch;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.records.StoreResult;
import io.vitals.whoop.records.UnreadableDocument;
import io.vitals.whoop.upstream.Answer;
import io.vitals.whoop.upstream.WhoopApi;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Takes one walk through the past one page further. As with the cursors, records, coverage and checkpoint commit together, so that a killed
 * worker costs at most the page it was on.
 */
final class WalkStep {
    private static final EventLog LOG = EventLog.of(WalkStep.class);

    /** A stretch of history: short, so that whole days appear from the newest on, and a token that has died costs little. */
    static final Duration STRETCH = Duration.ofDays(30);

    private final Database database;
    private final SyncSettings settings;
    private final TokenAccess tokens;
    private final WhoopApi api;
    private final Records records;
    private final Feed feed;
    private final Reconciliation reconciliation;
    private final PollPlan plan;
    private final SyncMeters meters;
    private final Clock clock;
    private final RandomGenerator random;

    WalkStep(
            Database database,
            SyncSettings settings,
            TokenAccess tokens,
            WhoopApi api,
            Records records,
            Feed feed,
            Reconciliation reconciliation,
            PollPlan plan,
            SyncMeters meters,
            Clock clock,
            RandomGenerator random) {
        this.database = database;
        this.settings = settings;
        this.tokens = tokens;
        this.api = api;
        this.records = records;
        this.feed = feed;
        this.reconciliation = reconciliation;
        this.plan = plan;
        this.meters = meters;
        this.clock = clock;
        this.random = random;
    }

    /** Returns whether there was anything due. */
    boolean run() {
        UUID claim = new UUID(random.nextLong(), random.nextLong());
        Optional<Walk> claimed = WalkRepository.claim(database, claim, settings.claim());
        claimed.ifPresent(this::run);
        return claimed.isPresent();
    }

    private void run(Walk walk) {
        try {
            RecordType type = walk.type();
            if (type == null) {
                reconciliation.step(walk).ifPresent(answer -> unsettled(walk, answer));
            } else {
                switch (ask(walk, type)) {
                    case Answer.Found(byte[] json) -> store(walk, type, json);
                    case Answer other -> unsettled(walk, other);
                }
            }
        } catch (LostClaimException _) {
            LOG.info("walk_claim_lost", LogField.MEMBER.of(walk.owner().member().value()));
        } catch (RuntimeException e) {
            LOG.error("walk_failed", e, LogField.MEMBER.of(walk.owner().member().value()));
            failed(walk, "internal");
        }
    }

    private Answer ask(Walk walk, RecordType type) {
        return tokens.call(
                walk.owner().member(),
                token -> api.page(
                        token,
                        walk.kind().lane(),
                        WhoopApi.Collection.valueOf(type.name()),
                        walk.from(),
                        walk.to(),
                        walk.token()));
    }

    private void unsettled(Walk walk, Answer answer) {
        switch (answer) {
            case Answer.Later(Duration wait, String reason) ->
                WalkRepository.reschedule(database, walk, wait, walk.attempts(), reason);
            case Answer.Gone() ->
                WalkRepository.reschedule(database, walk, SyncStep.PAUSE_AFTER_GIVING_UP, walk.attempts(), "link_gone");
            case Answer.Failed(String reason) -> failed(walk, reason);
            case Answer.Absent() -> failed(walk, "absent");
            case Answer.Unauthorized() -> failed(walk, "unauthorized");
            case Answer.Found _ -> failed(walk, "unexpected");
        }
    }

    private void store(Walk walk, RecordType type, byte[] json) {
        Batch page;
        try {
            page = Records.page(type, json);
        } catch (UnreadableDocument _) {
            failed(walk, "unreadable");
            return;
        }
        @Nullable String next = page.nextToken();
        if (next != null && walk.pages() + 1 >= SyncStep.MOST_PAGES) {
            failed(walk, "endless");
            return;
        }
        if (page.problem() != null && walk.attempts() < SyncStep.ATTEMPTS_TO_READ) {
            failed(walk, "unreadable");
            return;
        }
        Optional<Duration> ended = database.transaction(tx -> {
            long run = run(tx, walk, type);
            StoreResult result = records.store(tx, walk.owner(), page);
            RunRepository.countPage(tx, run, result);
            if (walk.kind() == Trigger.RECONCILE) {
                SuspectRepository.list(tx, walk.reconciliationId(), type, page.keys());
            }
            if (next != null) {
                WalkRepository.checkpoint(tx, walk, run, next);
                return Optional.empty();
            }
            CoverageRepository.asked(
                    tx, walk.owner().member(), type, day(walk.from()).plusDays(1), lastDay(walk));
            Duration took = RunRepository.close(tx, run, "success");
            turn(tx, walk, type, run);
            return Optional.of(took);
        });
        feed.wake();
        ended.ifPresent(took -> meters.success(type, walk.kind(), took, clock.instant()));
        if (ended.isPresent() && walk.kind() == Trigger.GAP) {
            GapRepository.begin(database, List.of(walk.owner().member()), settings.gapInterval());
        }
    }

    /** The run begins with its first page, in the same transaction. */
    private static long run(SqlExecutor tx, Walk walk, RecordType type) {
        Long known = walk.run();
        return known != null
                ? known
                : RunRepository.open(tx, walk.owner().member(), type, walk.kind(), walk.from(), walk.to());
    }

    /** After the last page of a type: the next type of the window, then the next window, then the end. */
    private void turn(SqlExecutor tx, Walk walk, RecordType type, long run) {
        if (walk.kind() == Trigger.GAP) {
            WalkRepository.done(tx, walk, null);
            return;
        }
        if (walk.kind() == Trigger.RECONCILE) {
            reconciliation.suspectUnlisted(tx, walk, type, run);
        }
        int index = RecordType.COLLECTIONS.indexOf(type) + 1;
        if (index < RecordType.COLLECTIONS.size()) {
            WalkRepository.turn(tx, walk, RecordType.COLLECTIONS.get(index), walk.from(), walk.to());
        } else if (walk.kind() == Trigger.RECONCILE) {
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

    private void failed(Walk walk, String reason) {
        RecordType type = walk.type();
        int attempts = walk.attempts() + 1;
        LOG.warn(
                "walk_step_failed",
                LogField.MEMBER.of(walk.owner().member().value()),
                LogField.OPERATION.of(walk.kind()),
                LogField.REASON.of(reason),
                LogField.ATTEMPT.of(attempts));
        if (type != null) {
            meters.error(type, walk.kind());
        }
        if (attempts < SyncStep.MOST_ATTEMPTS) {
            WalkRepository.reschedule(database, walk, plan.pauseAfterFailure(attempts), attempts, reason);
            return;
        }
        database.transaction(tx -> {
            giveUp(tx, walk, type, reason);
            return true;
        });
    }

    /** History tries on later, as nobody else would; a reconciliation comes again the next night, a gap is found again. */
    private static void giveUp(SqlExecutor tx, Walk walk, @Nullable RecordType type, String reason) {
        if (type != null) {
            CoverageRepository.failed(
                    tx, walk.owner().member(), type, day(walk.from()).plusDays(1), lastDay(walk), reason);
            RunRepository.close(tx, run(tx, walk, type), "error");
        }
        if (walk.kind() == Trigger.HISTORY) {
            WalkRepository.restart(tx, walk, SyncStep.PAUSE_AFTER_GIVING_UP, reason);
            return;
        }
        if (walk.kind() == Trigger.RECONCILE) {
            SuspectRepository.unlist(tx, walk.reconciliationId());
        }
        WalkRepository.done(tx, walk, reason);
    }

    /** The last day that the window holds in full wherever the member is, as far as there is one already. */
    private static LocalDate lastDay(Walk walk) {
        return switch (walk.kind()) {
            case RECONCILE -> day(walk.startedAt());
            case GAP -> day(walk.to()).minusDays(1);
            default -> day(walk.to());
        };
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }
}
