package io.vitals.whoop.sync;

import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.lifecycle.Worker;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.LinkDirectory;
import io.vitals.whoop.link.LinkListener;
import io.vitals.whoop.link.TokenAccess;
import io.vitals.whoop.model.Coverage;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.upstream.WhoopApi;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** Fetches a fresh link's history, and afterwards what no webhook tells. */
public final class Sync implements LinkListener, AutoCloseable {
    private final Database database;
    private final SyncSettings settings;
    private final SyncStep step;
    private final SyncMeters meters;
    private final Clock clock;
    private final List<Worker> workers = new CopyOnWriteArrayList<>();

    /** Takes its parts; {@link #startWorkers()} sets them to work. */
    public Sync(
            Database database,
            SyncSettings settings,
            LinkDirectory links,
            TokenAccess tokens,
            WhoopApi api,
            Records records,
            Feed feed,
            Clock clock,
            RandomGenerator random,
            MeterRegistry registry) {
        this.database = database;
        this.settings = settings;
        this.meters = new SyncMeters(registry);
        this.clock = clock;
        this.step = new SyncStep(database, settings, links, tokens, api, records, feed, meters, clock, random);
    }

    /** Starts fetching what is due. */
    public Sync startWorkers() {
        for (int i = 1; i <= settings.workers(); i++) {
            // All are woken by a new link; one looks for what falls due.
            Duration idle = i == 1 ? settings.poll() : settings.poll().multipliedBy(10);
            workers.add(Worker.start("sync-" + i, idle, step::run));
        }
        workers.add(Worker.start("sync-upkeep", Duration.ofSeconds(30), this::upkeep));
        return this;
    }

    private boolean upkeep() {
        meters.stale(CursorRepository.stale(database));
        return false;
    }

    @Override
    public void linked(SqlExecutor tx, MemberId member, long whoopUserId) {
        CoverageRepository.forget(tx, member);
        CursorRepository.begin(tx, member);
    }

    @Override
    public void unlinked(SqlExecutor tx, MemberId member) {
        CursorRepository.end(tx, member);
    }

    @Override
    public void committed() {
        workers.forEach(Worker::wake);
    }

    /** Looks at the cycles soon: WHOOP announces a sleep or a workout, but never the cycle that they change. */
    public void cyclesMayHaveChanged(SqlExecutor tx, MemberId member) {
        CursorRepository.rush(tx, member, Trigger.WEBHOOK, RecordType.CYCLE);
    }

    /** Fetches the member's recent past now; returns false if there is no link to fetch from. */
    public boolean request(MemberId member) {
        boolean any = CursorRepository.rush(database, member, Trigger.MEMBER, RecordType.values()) > 0;
        committed();
        return any;
    }

    public SyncStatus status(MemberId member) {
        LocalDate to = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        int total = settings.backfillDays();
        LocalDate from = to.minusDays(total - 1L);
        CursorRepository.Standing standing = CursorRepository.standing(database, member);
        SyncStatus.State state = state(standing);
        int done = state == SyncStatus.State.CURRENT ? total : CoverageRepository.done(database, member, from, to);
        return new SyncStatus(state, from, to, total, done);
    }

    private static SyncStatus.State state(CursorRepository.Standing standing) {
        if (standing.cursors() == 0) {
            return SyncStatus.State.IDLE;
        } else if (standing.failing() > 0) {
            return SyncStatus.State.FAILED;
        }
        return standing.open() > 0 ? SyncStatus.State.BACKFILLING : SyncStatus.State.CURRENT;
    }

    /** What is known of each day, both ends included. */
    public List<Coverage> coverage(MemberId member, LocalDate from, LocalDate to) {
        return CoverageRepository.read(database, member, from, to);
    }

    /** Ends the workers; a page under way is finished, or fetched again by whoever comes next. */
    @Override
    public void close() {
        workers.forEach(Worker::close);
    }
}
