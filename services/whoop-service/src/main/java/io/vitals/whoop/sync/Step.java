package io.vitals.whoop.sync;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.kit.tracing.Handover;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.TokenAccess;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Batch;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.upstream.Answer;
import io.vitals.whoop.upstream.WhoopApi;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Takes one piece of work one step further: claims it, asks WHOOP, stores the answer, or says when to come back. Cursors and walks share it,
 * so that they claim, repeat and give up by the same rules.
 */
abstract class Step<W extends Step.Work> {
    private static final EventLog LOG = EventLog.of(Step.class);
    private static final int MOST_ATTEMPTS = 8;

    /** A collection that never ends is a fault of WHOOP's or ours, not a history: 400 pages are some 10 000 records. */
    private static final int MOST_PAGES = 400;

    private static final int ATTEMPTS_TO_READ = 3;

    static final Duration PAUSE_AFTER_GIVING_UP = Duration.ofHours(1);

    /** What a worker holds. */
    interface Work {
        Owner owner();

        Trigger trigger();

        /** Kind of record that the next step is about; null if of several. */
        @Nullable
        RecordType type();

        /** Failures since the last success. */
        int attempts();

        /** Says what is done, for a span. */
        String task();

        /** Where the trace that it belongs to stood; null if it begins one. */
        @Nullable
        String traceparent();
    }

    /** What every step works with. */
    record Parts(
            Database database,
            SyncSettings settings,
            TokenAccess tokens,
            WhoopApi api,
            Records records,
            Feed feed,
            PollPlan plan,
            SyncMeters meters,
            Handover trace,
            Clock clock,
            RandomGenerator random) {}

    final Parts parts;
    final Database database;

    Step(Parts parts) {
        this.parts = parts;
        this.database = parts.database();
    }

    /** Takes what has been due longest, for as long as a claim lasts. */
    abstract Optional<W> claim(UUID claim, Duration lease);

    /** Prepares what has no window yet. */
    abstract W open(W claimed);

    /**
     * Asks and stores; an answer that settled nothing comes back.
     *
     * @param claimed since when it is held
     */
    abstract Optional<Answer> advance(W work, Instant claimed);

    abstract void reschedule(W work, Duration pause, int attempts, String reason);

    /** Ends the window as failed; what comes of the work is its own matter. */
    abstract void giveUp(SqlExecutor tx, W work, String reason);

    /** Returns whether there was anything due. */
    final boolean run() {
        UUID claim = new UUID(parts.random().nextLong(), parts.random().nextLong());
        Optional<W> claimed = claim(claim, parts.settings().claim());
        claimed.ifPresent(work -> parts.trace().goOn(work.task(), work.traceparent(), () -> {
            run(work);
            return true;
        }));
        return claimed.isPresent();
    }

    private void run(W claimed) {
        Instant since = parts.clock().instant();
        try {
            W work = open(claimed);
            WhoopApi.again(work.attempts() > 0, () -> advance(work, since))
                    .ifPresent(answer -> unsettled(work, answer));
        } catch (LostClaimException _) {
            LOG.info("sync_claim_lost", member(claimed), LogField.OPERATION.of(claimed.trigger()));
        } catch (RuntimeException e) {
            LOG.error("sync_failed", e, member(claimed), LogField.OPERATION.of(claimed.trigger()));
            failed(claimed, "internal");
        }
    }

    private void unsettled(W work, Answer answer) {
        switch (answer) {
            case Answer.Later(Duration wait, String reason) -> reschedule(work, wait, work.attempts(), reason);
            case Answer.Gone() -> reschedule(work, PAUSE_AFTER_GIVING_UP, work.attempts(), "link_gone");
            case Answer.Failed(String reason) -> failed(work, reason);
            case Answer.Absent() -> failed(work, "absent");
            case Answer.Unauthorized() -> failed(work, "unauthorized");
            case Answer.Found _ -> failed(work, "unexpected");
        }
    }

    private void failed(W work, String reason) {
        int attempts = work.attempts() + 1;
        told(work, reason, attempts);
        if (attempts % MOST_ATTEMPTS != 0) {
            reschedule(work, parts.plan().pauseAfterFailure(attempts), attempts, reason);
            return;
        }
        database.transaction(tx -> {
            giveUp(tx, work, reason);
            return true;
        });
    }

    private void told(W work, String reason, int attempts) {
        RecordType type = work.type();
        LOG.warn(
                "sync_step_failed",
                member(work),
                LogField.TYPE.of(type == null ? "several" : type.code()),
                LogField.OPERATION.of(work.trigger()),
                LogField.REASON.of(reason),
                LogField.ATTEMPT.of(attempts));
        if (type != null) {
            parts.meters().error(type, work.trigger());
        }
    }

    final Answer page(W work, RecordType type, Instant from, Instant to, @Nullable String token) {
        return parts.tokens()
                .call(
                        work.owner().member(),
                        access -> parts.api()
                                .page(
                                        access,
                                        work.trigger().lane(),
                                        WhoopApi.Collection.valueOf(type.name()),
                                        from,
                                        to,
                                        token));
    }

    /** A glitch of WHOOP's mends itself; only what stays unreadable is set aside. */
    static boolean isToBeReadAgain(Work work, Batch page) {
        return page.problem() != null && work.attempts() < ATTEMPTS_TO_READ;
    }

    /** The pages of a claim from its first on. Those behind it were never asked for before, so they repeat nothing. */
    final Haul haul(Batch first, int pagesBefore, Instant claimed, Function<String, Answer> ask) {
        return WhoopApi.again(
                false,
                () -> Haul.from(
                        first,
                        MOST_PAGES - pagesBefore,
                        () -> parts.settings().isFresh(claimed, parts.clock().instant()),
                        ask));
    }

    static boolean isEndless(Haul haul, int pagesBefore) {
        return haul.batch().nextToken() != null && pagesBefore + haul.pages() >= MOST_PAGES;
    }

    /** What kept a haul from going on, if it was a failure, is told as any other; what it brought is stored. */
    final void told(W work, Haul.Rest rest) {
        if (rest.attempts() > 0) {
            told(work, String.valueOf(rest.error()), rest.attempts());
        }
    }

    static LogField.Entry member(Work work) {
        return LogField.MEMBER.of(work.owner().member().value());
    }

    static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }
}
