package io.vitals.health.daily;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.health.sahha.SahhaListener;
import io.vitals.health.whoop.WhoopService;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.lifecycle.Worker;
import io.vitals.kit.tracing.Handover;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.UUID;

/**
 * The daily records of one process: the read side at once, the projection from {@link #start()} on.
 *
 * <p>Every replica runs the same workers; who is first does the work.
 */
public final class Daily implements AutoCloseable {
    private static final Duration IDLE = Duration.ofMillis(500);

    /** The waiting is in the call to the feed; this only keeps one that answers at once from being asked in a circle. */
    private static final Duration FEED_IDLE = Duration.ofMillis(100);

    private static final int FEED_PAGE = 500;
    /** One look into an index; a rollout waits this long at most before its rules reach the old records. */
    private static final Duration RECOMPUTE_IDLE = Duration.ofSeconds(15);
    /** Few enough that the rows are held for a moment only. */
    private static final int RECOMPUTE_BATCH = 100;

    private final Clock clock;
    private final Rebuilder rebuilder;
    private final Rebuilds rebuilds;
    private final Recompute recompute;
    private final FeedFollower follower;
    private final DailyRecords records;
    private final SahhaListener sahhaListener = new FromSahha();
    private @Nullable Worker feedWorker;
    private @Nullable Worker rebuildWorker;
    private @Nullable Worker recomputeWorker;

    /**
     * Builds without starting anything.
     *
     * @param feedWait how long one question to the change feed may wait for a change, at most 25 s; it is also how long
     *     stopping may take
     * @param staleAfter how long the feed may be silent before WHOOP's side counts as stale
     */
    public Daily(
            Database db,
            WhoopService whoop,
            Clock clock,
            Duration feedWait,
            Duration staleAfter,
            MeterRegistry registry,
            Tracer tracer) {
        this.clock = clock;
        this.rebuilder = new Rebuilder(clock);
        this.rebuilds = new Rebuilds(db, rebuilder, clock, registry);
        this.recompute = new Recompute(db, rebuilder, DailyRecord.FORMULA, RECOMPUTE_BATCH, clock);
        this.follower = new FeedFollower(db, whoop, rebuilder, new Handover(tracer), clock, feedWait, FEED_PAGE);
        this.records = new StoredDailyRecords(db, rebuilder, clock, staleAfter);
    }

    public DailyRecords records() {
        return records;
    }

    /** What the Sahha feature tells its changes to. */
    public SahhaListener sahhaListener() {
        return sahhaListener;
    }

    /** Starts following the feed, serving rebuild requests and making records of older rules anew. */
    public synchronized void start() {
        if (feedWorker == null) {
            feedWorker = Worker.start("whoop-feed", FEED_IDLE, follower::step);
            rebuildWorker = Worker.start("daily-rebuild", IDLE, this::rebuildSome);
            recomputeWorker = Worker.start("daily-recompute", RECOMPUTE_IDLE, () -> recompute.step() > 0);
        }
    }

    /** Lets the running steps finish. */
    @Override
    public synchronized void close() {
        closeQuietly(feedWorker);
        closeQuietly(rebuildWorker);
        closeQuietly(recomputeWorker);
        feedWorker = null;
        rebuildWorker = null;
        recomputeWorker = null;
    }

    boolean rebuildSome() {
        return rebuilds.step();
    }

    Rebuilder rebuilder() {
        return rebuilder;
    }

    FeedFollower follower() {
        return follower;
    }

    private static void closeQuietly(@Nullable Worker worker) {
        if (worker != null) {
            worker.close();
        }
    }

    private final class FromSahha implements SahhaListener {
        @Override
        public void daysChanged(SqlExecutor transaction, UUID member, Set<LocalDate> dates) {
            RebuildQueue.ask(transaction, member, dates, clock.instant());
        }

        @Override
        public void stateChanged(SqlExecutor transaction, UUID member, State state) {
            RecordStore.lock(transaction, member);
            Instant now = clock.instant();
            SourceStore.State stored = new SourceStore.State(
                    Source.SAHHA, state.name(), state.connected(), state.stale(), state.lastDataAt());
            RebuildQueue.askRecent(transaction, member, SourceStore.put(transaction, member, stored, now), now);
        }

        @Override
        public void committed() {
            Worker worker = rebuildWorker;
            if (worker != null) {
                worker.wake();
            }
        }
    }
}
