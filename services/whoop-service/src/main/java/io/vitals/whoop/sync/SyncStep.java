package io.vitals.whoop.sync;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.LinkDirectory;
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
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Takes one cursor one page further. Records, coverage and checkpoint commit together, so a killed worker costs at most the page it was on,
 * and the cursor moves only when the last page of its window is in.
 */
final class SyncStep {
    private static final EventLog LOG = EventLog.of(SyncStep.class);
    static final int MOST_ATTEMPTS = 8;

    /** A collection that never ends is a fault of WHOOP's or ours, not a history: 400 pages are some 10 000 records. */
    static final int MOST_PAGES = 400;

    static final int ATTEMPTS_TO_READ = 3;

    static final Duration PAUSE_AFTER_GIVING_UP = Duration.ofHours(1);

    /** WHOOP's clock may be ahead of ours; its newest record must not hide behind the end of the window. */
    static final Duration AHEAD = Duration.ofDays(1);

    private final Database database;
    private final SyncSettings settings;
    private final LinkDirectory links;
    private final TokenAccess tokens;
    private final WhoopApi api;
    private final Records records;
    private final Feed feed;
    private final PollPlan plan;
    private final SyncMeters meters;
    private final Clock clock;
    private final RandomGenerator random;

    SyncStep(
            Database database,
            SyncSettings settings,
            LinkDirectory links,
            TokenAccess tokens,
            WhoopApi api,
            Records records,
            Feed feed,
            PollPlan plan,
            SyncMeters meters,
            Clock clock,
            RandomGenerator random) {
        this.database = database;
        this.settings = settings;
        this.links = links;
        this.tokens = tokens;
        this.api = api;
        this.records = records;
        this.feed = feed;
        this.plan = plan;
        this.meters = meters;
        this.clock = clock;
        this.random = random;
    }

    /** Returns whether there was anything due. */
    boolean run() {
        UUID claim = new UUID(random.nextLong(), random.nextLong());
        Optional<Cursor> claimed = CursorRepository.claim(database, claim, settings.claim());
        claimed.ifPresent(this::run);
        return claimed.isPresent();
    }

    private void run(Cursor cursor) {
        try {
            Cursor.Window window = cursor.window() == null ? open(cursor) : cursor.window();
            Answer answer = WhoopApi.again(cursor.attempts() > 0, () -> ask(cursor, window));
            switch (answer) {
                case Answer.Found(byte[] json) -> store(cursor, window, json);
                case Answer.Later(Duration wait, String reason) ->
                    CursorRepository.reschedule(database, cursor, wait, cursor.attempts(), reason);
                case Answer.Gone() ->
                    CursorRepository.reschedule(
                            database, cursor, PAUSE_AFTER_GIVING_UP, cursor.attempts(), "link_gone");
                case Answer.Failed(String reason) -> failed(cursor, window, reason);
                case Answer.Absent() -> failed(cursor, window, "absent");
                case Answer.Unauthorized() -> failed(cursor, window, "unauthorized");
            }
        } catch (LostClaimException _) {
            LOG.info(
                    "sync_claim_lost",
                    LogField.MEMBER.of(cursor.owner().member().value()),
                    LogField.TYPE.of(cursor.type()));
        } catch (RuntimeException e) {
            LOG.error(
                    "sync_failed",
                    e,
                    LogField.MEMBER.of(cursor.owner().member().value()),
                    LogField.TYPE.of(cursor.type()));
            failed(cursor, cursor.window(), "internal");
        }
    }

    private Cursor.Window open(Cursor cursor) {
        // WHOOP wants the same bounds with every page; finer ones would come back from the database rounded.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant completeTo = cursor.completeTo();
        Instant from = completeTo == null
                ? now.minus(Duration.ofDays(settings.backfillDays()))
                : completeTo.minus(settings.overlap());
        if (cursor.type() == RecordType.CYCLE) {
            // However long ago it began, the running cycle is looked at until it ends.
            Instant running =
                    records.runningCycle(database, cursor.owner()).orElse(from).minusSeconds(1);
            from = running.isBefore(from) ? running : from;
        }
        Instant start = from;
        return database.transaction(tx -> CursorRepository.open(tx, cursor, start, now));
    }

    private Answer ask(Cursor cursor, Cursor.Window window) {
        var lane = cursor.trigger().lane();
        return tokens.call(cursor.owner().member(), token -> switch (cursor.type()) {
            case PROFILE -> api.profile(token, lane);
            case BODY -> api.body(token, lane);
            case CYCLE, RECOVERY, SLEEP, WORKOUT ->
                api.page(
                        token,
                        lane,
                        WhoopApi.Collection.valueOf(cursor.type().name()),
                        window.from(),
                        window.to().plus(AHEAD),
                        window.token());
        });
    }

    private void store(Cursor cursor, Cursor.Window window, byte[] json) {
        boolean collection = RecordType.COLLECTIONS.contains(cursor.type());
        Optional<Batch> page = Optional.empty();
        try {
            if (collection) {
                page = Optional.of(Records.page(cursor.type(), json));
            } else {
                Records.check(cursor.type(), json);
            }
        } catch (UnreadableDocument problem) {
            LOG.warn(
                    "page_unreadable",
                    LogField.MEMBER.of(cursor.owner().member().value()),
                    LogField.TYPE.of(cursor.type()),
                    LogField.REASON.of(String.valueOf(problem.getMessage())));
            failed(cursor, window, "unreadable");
            return;
        }
        @Nullable String next = page.map(Batch::nextToken).orElse(null);
        if (next != null && window.pages() + 1 >= MOST_PAGES) {
            failed(cursor, window, "endless");
            return;
        }
        if (page.map(Batch::problem).isPresent() && cursor.attempts() < ATTEMPTS_TO_READ) {
            // A glitch of WHOOP's mends itself; only what stays unreadable is set aside.
            failed(cursor, window, "unreadable");
            return;
        }
        Optional<Batch> batch = page;
        Optional<Duration> finished = database.transaction(tx -> {
            StoreResult result = batch.isPresent()
                    ? records.store(tx, cursor.owner(), batch.get())
                    : records.storeSingleton(tx, cursor.owner(), cursor.type(), json);
            RunRepository.countPage(tx, window.run(), result);
            if (collection) {
                cover(tx, cursor, window, next == null ? null : result.oldestDay(), next == null);
            }
            return next == null ? Optional.of(complete(tx, cursor, window)) : checkpoint(tx, cursor, next);
        });
        feed.wake();
        finished.ifPresent(took -> {
            links.touchSync(database, cursor.owner().member());
            meters.success(cursor.type(), cursor.trigger(), took, clock.instant());
        });
    }

    private static Optional<Duration> checkpoint(SqlExecutor tx, Cursor cursor, String next) {
        CursorRepository.checkpoint(tx, cursor, next);
        return Optional.empty();
    }

    private Duration complete(SqlExecutor tx, Cursor cursor, Cursor.Window window) {
        Instant now = clock.instant();
        boolean pending = RecordType.COLLECTIONS.contains(cursor.type())
                && CoverageRepository.pending(
                        tx, cursor.owner().member(), cursor.type(), day(now.minus(settings.overlap())));
        Optional<Instant> running =
                cursor.type() == RecordType.CYCLE ? records.runningCycle(tx, cursor.owner()) : Optional.empty();
        CursorRepository.complete(tx, cursor, window.to(), plan.pause(cursor.type(), pending, running, now));
        return RunRepository.close(tx, window.run(), "success");
    }

    /** Pages come newest first: all days after the oldest on this page are in; with the last page the whole window is. */
    private static void cover(
            SqlExecutor tx, Cursor cursor, Cursor.Window window, @Nullable LocalDate oldest, boolean last) {
        LocalDate first = day(window.from()).plusDays(1);
        if (!last) {
            if (oldest == null) {
                return;
            }
            first = oldest.isBefore(first) ? first : oldest.plusDays(1);
        }
        CoverageRepository.asked(tx, cursor.owner().member(), cursor.type(), first, day(window.to()));
    }

    private void failed(Cursor cursor, Cursor.@Nullable Window window, String reason) {
        meters.error(cursor.type(), cursor.trigger());
        int attempts = cursor.attempts() + 1;
        LOG.warn(
                "sync_step_failed",
                LogField.MEMBER.of(cursor.owner().member().value()),
                LogField.TYPE.of(cursor.type()),
                LogField.REASON.of(reason),
                LogField.ATTEMPT.of(attempts));
        if (window == null || attempts % MOST_ATTEMPTS != 0) {
            CursorRepository.reschedule(database, cursor, plan.pauseAfterFailure(attempts), attempts, reason);
            return;
        }
        database.transaction(tx -> {
            if (RecordType.COLLECTIONS.contains(cursor.type())) {
                CoverageRepository.failed(
                        tx,
                        cursor.owner().member(),
                        cursor.type(),
                        day(window.from()).plusDays(1),
                        day(window.to()),
                        reason);
            }
            RunRepository.close(tx, window.run(), "error");
            CursorRepository.abandon(tx, cursor, PAUSE_AFTER_GIVING_UP, reason);
            return true;
        });
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }
}
