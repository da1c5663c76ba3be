package io.vitals.whoop.sync;

import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.jobs.RecurringJobs;
import io.vitals.kit.lifecycle.Worker;
import io.vitals.kit.tracing.Handover;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.LinkDirectory;
import io.vitals.whoop.link.LinkListener;
import io.vitals.whoop.link.TokenAccess;
import io.vitals.whoop.model.Coverage;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.upstream.WhoopApi;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Fetches a fresh link's history, and afterwards what no webhook tells. */
public final class Sync implements LinkListener, AutoCloseable {
    /** How often reconciliations begin; each time for a few members. */
    private static final Duration RECONCILIATION_ROUND = Duration.ofMinutes(10);

    private static final Duration RECONCILED = Duration.ofDays(30);
    private static final Duration RUNS_KEPT = Duration.ofDays(90);
    private static final Duration PROGRESS_POLL = Duration.ofMillis(40);
    private static final int MEMBERS_AT_ONCE = 100;

    private final Database database;
    private final SyncSettings settings;
    private final SyncStep step;
    private final WalkStep walks;
    private final Reconciliation reconciliation;
    private final SyncMeters meters;
    private final Clock clock;
    private final AtomicBoolean lastKnown = new AtomicBoolean();
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
            AuditLog audit,
            Handover trace,
            Clock clock,
            RandomGenerator random,
            MeterRegistry registry) {
        this(
                database,
                settings,
                links,
                tokens,
                api,
                records,
                feed,
                audit,
                trace,
                clock,
                random,
                registry,
                Reconciliation.MOST_DELETIONS);
    }

    Sync(
            Database database,
            SyncSettings settings,
            LinkDirectory links,
            TokenAccess tokens,
            WhoopApi api,
            Records records,
            Feed feed,
            AuditLog audit,
            Handover trace,
            Clock clock,
            RandomGenerator random,
            MeterRegistry registry,
            int mostDeletions) {
        this.database = database;
        this.settings = settings;
        this.meters = new SyncMeters(registry);
        this.clock = clock;
        PollPlan plan = new PollPlan(settings, random);
        var parts = new Step.Parts(database, settings, tokens, api, records, feed, plan, meters, trace, clock, random);
        this.step = new SyncStep(parts, links);
        this.reconciliation = new Reconciliation(database, tokens, api, records, feed, audit, meters, mostDeletions);
        this.walks = new WalkStep(parts, reconciliation);
    }

    /** Starts fetching what is due. */
    public Sync startWorkers() {
        for (int i = 1; i <= settings.workers(); i++) {
            // All are woken by a new link; one looks for what falls due.
            Duration idle = i == 1 ? settings.poll() : settings.poll().multipliedBy(10);
            workers.add(Worker.start("sync-" + i, idle, this::step));
        }
        workers.add(Worker.start("sync-upkeep", Duration.ofSeconds(30), this::upkeep));
        return this;
    }

    /** What is new goes before what is past. */
    boolean step() {
        return step.run() || walks.run();
    }

    private boolean upkeep() {
        if (!lastKnown.get()) {
            CursorRepository.newest(database).forEach(meters::succeeded);
            lastKnown.set(true);
        }
        meters.lag(CursorRepository.lag(database));
        return false;
    }

    /** Adds the recurring work, of which each piece is done by one replica. */
    public void schedule(RecurringJobs.Builder jobs) {
        jobs.every("reconciliation", RECONCILIATION_ROUND, this::beginReconciliations)
                .every("gaps", settings.gapInterval(), this::fillGaps)
                .every("sync-run-purge", Duration.ofHours(6), () -> RunRepository.purge(database, RUNS_KEPT));
    }

    /** Compares members completely whose last comparison is long ago. A round takes twice its share, so that a delay is made up for. */
    void beginReconciliations() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long slots = settings.reconciliationInterval().dividedBy(RECONCILIATION_ROUND) / 2;
        if (WalkRepository.beginReconciliations(
                        database,
                        now.minus(RECONCILED),
                        now.plus(SyncStep.AHEAD),
                        settings.reconciliationInterval(),
                        slots)
                > 0) {
            committed();
        }
    }

    /** Begins to fetch days that were missed or failed, and the history of links that have none. */
    private void fillGaps() {
        if (settings.historyDays() > settings.backfillDays()) {
            WalkRepository.seedHistory(database, historyEnd(), historyGoal());
        }
        @Nullable MemberId last = null;
        while (true) {
            List<MemberId> members = GapRepository.members(database, last, MEMBERS_AT_ONCE);
            if (members.isEmpty()) {
                break;
            }
            GapRepository.begin(database, members, settings.gapInterval());
            last = members.getLast();
        }
        committed();
    }

    @Override
    public void linked(SqlExecutor tx, MemberId member, long whoopUserId) {
        Owner owner = new Owner(member, whoopUserId);
        if (!CursorRepository.sameAccount(tx, owner)) {
            CoverageRepository.forget(tx, member);
            WalkRepository.forget(tx, member);
            SuspectRepository.forget(tx, member);
        }
        CursorRepository.begin(tx, owner);
        if (settings.historyDays() > settings.backfillDays()) {
            Instant to = historyEnd();
            WalkRepository.beginHistory(tx, owner, to.minus(WalkStep.STRETCH), to, historyGoal());
        }
    }

    /** A day inside the first walk, which begins its window a moment later than this is asked. */
    private Instant historyEnd() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofDays(settings.backfillDays() - 1L));
    }

    private Instant historyGoal() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofDays(settings.historyDays()));
    }

    @Override
    public void unlinked(SqlExecutor tx, MemberId member) {
        CursorRepository.end(tx, member);
        WalkRepository.end(tx, member);
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

    /** Waits until what {@link #request} asked for is done, put off, or the time is over. */
    public RequestedSync await(MemberId member, Duration wait, BooleanSupplier stop) {
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            CursorRepository.Progress progress = CursorRepository.progress(database, member);
            if (progress.open() == 0) {
                return new RequestedSync(RequestedSync.State.CURRENT, null);
            } else if (progress.deferred() == progress.open()) {
                return new RequestedSync(RequestedSync.State.DEFERRED, progress.reason());
            }
            long left = end - System.nanoTime();
            if (left <= 0 || stop.getAsBoolean()) {
                return new RequestedSync(RequestedSync.State.RUNNING, null);
            }
            LockSupport.parkNanos(Math.min(left, PROGRESS_POLL.toNanos()));
        }
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

    /** Deletions that wait for somebody's word; empty when none does. */
    public Optional<HeldDeletions> heldDeletions(MemberId member) {
        return reconciliation.held(member);
    }

    /**
     * Deletes what a reconciliation has held.
     *
     * @return how many records; empty when nothing is held under that id
     */
    public OptionalInt confirmDeletions(MemberId member, UUID run) {
        return reconciliation.confirm(member, run);
    }

    /** Ends the workers; a page under way is finished, or fetched again by whoever comes next. */
    @Override
    public void close() {
        workers.forEach(Worker::close);
    }
}
