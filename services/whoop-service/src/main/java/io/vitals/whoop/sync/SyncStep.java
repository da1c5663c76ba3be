package io.vitals.whoop.sync;

import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.link.LinkDirectory;
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
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Takes one cursor a few pages further. Records, coverage and checkpoint commit together, so a killed worker costs at most the pages it was
 * on, and the cursor moves only when the last page of its window is in.
 */
final class SyncStep extends Step<Cursor> {
    private static final EventLog LOG = EventLog.of(SyncStep.class);

    /** WHOOP's clock may be ahead of ours; its newest record must not hide behind the end of the window. */
    static final Duration AHEAD = Duration.ofDays(1);

    private final LinkDirectory links;

    SyncStep(Parts parts, LinkDirectory links) {
        super(parts);
        this.links = links;
    }

    @Override
    Optional<Cursor> claim(UUID claim, Duration lease) {
        return CursorRepository.claim(database, claim, lease);
    }

    @Override
    Cursor open(Cursor cursor) {
        if (cursor.window() != null) {
            return cursor;
        }
        // WHOOP wants the same bounds with every page; finer ones would come back from the database rounded.
        Instant now = parts.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        Instant completeTo = cursor.completeTo();
        Instant from = completeTo == null
                ? now.minus(Duration.ofDays(parts.settings().backfillDays()))
                : completeTo.minus(parts.settings().overlap());
        if (cursor.type() == RecordType.CYCLE) {
            // However long ago it began, the running cycle is looked at until it ends.
            Instant running = parts.records()
                    .runningCycle(database, cursor.owner())
                    .orElse(from)
                    .minusSeconds(1);
            from = running.isBefore(from) ? running : from;
        }
        Instant start = from;
        return cursor.with(database.transaction(tx -> CursorRepository.open(tx, cursor, start, now)));
    }

    @Override
    Optional<Answer> advance(Cursor cursor, Instant claimed) {
        Cursor.Window window = cursor.openWindow();
        return switch (ask(cursor, window, window.token())) {
            case Answer.Found(byte[] json) -> store(cursor, window, json, claimed);
            case Answer other -> Optional.of(other);
        };
    }

    private Answer ask(Cursor cursor, Cursor.Window window, @Nullable String token) {
        var lane = cursor.trigger().lane();
        return switch (cursor.type()) {
            case PROFILE ->
                parts.tokens()
                        .call(cursor.owner().member(), access -> parts.api().profile(access, lane));
            case BODY ->
                parts.tokens()
                        .call(cursor.owner().member(), access -> parts.api().body(access, lane));
            case CYCLE, RECOVERY, SLEEP, WORKOUT ->
                page(cursor, cursor.type(), window.from(), window.to().plus(AHEAD), token);
        };
    }

    private Optional<Answer> store(Cursor cursor, Cursor.Window window, byte[] json, Instant claimed) {
        try {
            if (RecordType.COLLECTIONS.contains(cursor.type())) {
                return store(cursor, window, Records.page(cursor.type(), json), claimed);
            }
            Records.check(cursor.type(), json);
        } catch (UnreadableDocument problem) {
            LOG.warn(
                    "page_unreadable",
                    member(cursor),
                    LogField.TYPE.of(cursor.type()),
                    LogField.REASON.of(String.valueOf(problem.getMessage())));
            return Optional.of(new Answer.Failed("unreadable"));
        }
        commit(cursor, tx -> {
            StoreResult result = parts.records().storeSingleton(tx, cursor.owner(), cursor.type(), json);
            RunRepository.countPages(tx, window.run(), 1, result);
            return Optional.of(complete(tx, cursor, window));
        });
        return Optional.empty();
    }

    private Optional<Answer> store(Cursor cursor, Cursor.Window window, Batch first, Instant claimed) {
        if (isToBeReadAgain(cursor, first)) {
            return Optional.of(new Answer.Failed("unreadable"));
        }
        Haul haul = haul(first, window.pages(), claimed, token -> ask(cursor, window, token));
        if (isEndless(haul, window.pages())) {
            return Optional.of(new Answer.Failed("endless"));
        }
        @Nullable String next = haul.batch().nextToken();
        Haul.Rest rest = haul.rest(parts.plan());
        commit(cursor, tx -> {
            StoreResult result = parts.records().store(tx, cursor.owner(), haul.batch());
            RunRepository.countPages(tx, window.run(), haul.pages(), result);
            cover(tx, cursor, window, next == null ? null : result.oldestDay(), next == null);
            if (next == null) {
                return Optional.of(complete(tx, cursor, window));
            }
            CursorRepository.checkpoint(tx, cursor, next, haul.pages(), rest);
            return Optional.empty();
        });
        told(cursor, rest);
        return Optional.empty();
    }

    /** Commits what a step brought; the work says how long the run took if this was its end. */
    private void commit(Cursor cursor, Function<SqlExecutor, Optional<Duration>> work) {
        Optional<Duration> finished = database.transaction(work);
        parts.feed().wake();
        finished.ifPresent(took -> {
            links.touchSync(database, cursor.owner().member());
            parts.meters()
                    .success(
                            cursor.type(), cursor.trigger(), took, parts.clock().instant());
        });
    }

    private Duration complete(SqlExecutor tx, Cursor cursor, Cursor.Window window) {
        Instant now = parts.clock().instant();
        boolean pending = RecordType.COLLECTIONS.contains(cursor.type())
                && CoverageRepository.pending(
                        tx,
                        cursor.owner().member(),
                        cursor.type(),
                        day(now.minus(parts.settings().overlap())));
        Optional<Instant> running =
                cursor.type() == RecordType.CYCLE ? parts.records().runningCycle(tx, cursor.owner()) : Optional.empty();
        CursorRepository.complete(tx, cursor, window.to(), parts.plan().pause(cursor.type(), pending, running, now));
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

    @Override
    void reschedule(Cursor cursor, Duration pause, int attempts, String reason) {
        CursorRepository.reschedule(database, cursor, pause, attempts, reason);
    }

    /** The next look starts from the last full success. */
    @Override
    void giveUp(SqlExecutor tx, Cursor cursor, String reason) {
        Cursor.Window window = cursor.window();
        if (window == null) {
            // Nothing was asked yet: there are no days to call failed, and no run to end.
            CursorRepository.reschedule(tx, cursor, PAUSE_AFTER_GIVING_UP, cursor.attempts() + 1, reason);
            return;
        }
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
    }
}
