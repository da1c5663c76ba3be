package io.vitals.health.daily;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vitals.health.sahha.Sahha;
import io.vitals.health.whoop.WhoopService;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.deadline.Deadline;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Brings a member's day up to date now: Sahha first, then WHOOP, within one deadline. Whoever asks for the same while it
 * is under way, on this replica or another, shares its end; it is not done twice.
 *
 * <p>Errors: {@link NothingStoredException} when no source could be asked and nothing is stored, and the database's own.
 */
public final class Refresh implements AutoCloseable {
    private static final EventLog LOG = EventLog.of(Refresh.class);
    /** What just ended is not done again. */
    private static final Duration REUSE = Duration.ofSeconds(5);
    /** A read asks for its day at most this often, on all replicas together. */
    private static final Duration REUSE_BY_READS = Duration.ofMinutes(5);

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration ASKED_LATELY = Duration.ofMinutes(1);
    private static final int MOST_ASKED = 50_000;
    private static final int MOST_IN_BACKGROUND = 8;
    /** Older days come with the backfill and the nightly comparison; a read of them asks for nothing. */
    private static final int RECENT_DAYS = 3;

    private final Database db;
    private final DailyRecords records;
    private final SourceRefresh sources;
    private final RefreshBudget budget;
    private final Clock clock;
    private final RandomGenerator random;
    private final ConcurrentHashMap<Key, CompletableFuture<RefreshRuns.@Nullable Finished>> running =
            new ConcurrentHashMap<>();
    private final Cache<Key, Boolean> asked = Caffeine.newBuilder()
            .maximumSize(MOST_ASKED)
            .expireAfterWrite(ASKED_LATELY)
            .build();
    private final Semaphore background = new Semaphore(MOST_IN_BACKGROUND);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private record Key(UUID member, LocalDate date) {}

    /** Takes its parts; {@code random} names claims and need not be unguessable. */
    public Refresh(
            Database db,
            Daily daily,
            Sahha sahha,
            WhoopService whoop,
            RefreshBudget budget,
            Clock clock,
            RandomGenerator random) {
        this.db = db;
        this.records = daily.records();
        this.sources = new SourceRefresh(db, sahha, whoop, daily.rebuilder(), clock, budget);
        this.budget = budget;
        this.clock = clock;
        this.random = random;
    }

    /** No source could be asked in time, and nothing is stored of the day. */
    public static final class NothingStoredException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NothingStoredException() {
            super("nothing is stored of the day");
        }
    }

    /**
     * The day after a refresh.
     *
     * @param stale no source that is connected could be asked: the day is as it was
     * @param partial one of them could not
     * @param sahha what became of asking Sahha
     * @param whoop what became of asking WHOOP
     * @param day empty when the sources have nothing of it
     */
    public record Report(
            LocalDate date,
            boolean stale,
            boolean partial,
            RefreshOutcome sahha,
            RefreshOutcome whoop,
            Duration took,
            Optional<DayDocument> day) {}

    /** Refreshes and waits, no longer than the budget's whole. */
    public Report refresh(UUID member, LocalDate date) {
        java.time.Instant start = clock.instant();
        RefreshRuns.Finished end = shared(member, date, REUSE);
        Optional<DayDocument> day = records.day(member, date);
        boolean any = end.sahha() == RefreshOutcome.REFRESHED || end.whoop() == RefreshOutcome.REFRESHED;
        boolean partial = end.sahha().failed() || end.whoop().failed();
        if (!any && partial && day.isEmpty()) {
            throw new NothingStoredException();
        }
        return new Report(
                date,
                !any && partial,
                partial,
                end.sahha(),
                end.whoop(),
                Duration.between(start, clock.instant()),
                day);
    }

    /**
     * Asks for a refresh in the background when a recent day is missing or of a stale source. A read never waits for it;
     * a live page hears of the new version.
     */
    public void askedFor(UUID member, LocalDate date, Optional<DayDocument> day) {
        if (day.isPresent() && day.get().isFinal()) {
            return;
        }
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        Key key = new Key(member, date);
        if (date.isAfter(today.plusDays(1))
                || date.isBefore(today.minusDays(RECENT_DAYS))
                || asked.asMap().putIfAbsent(key, Boolean.TRUE) != null) {
            return;
        }
        if (!background.tryAcquire()) {
            asked.invalidate(key);
            return;
        }
        threads.execute(() -> {
            try {
                if (day.isEmpty() || records.stale(member)) {
                    shared(member, date, REUSE_BY_READS);
                }
            } catch (RuntimeException e) {
                LOG.warn("refresh_failed", e, LogField.MEMBER.of(member));
            } finally {
                background.release();
            }
        });
    }

    /** One refresh for all who ask at the same time. */
    private RefreshRuns.Finished shared(UUID member, LocalDate date, Duration reuse) {
        Key key = new Key(member, date);
        CompletableFuture<RefreshRuns.@Nullable Finished> mine = new CompletableFuture<>();
        CompletableFuture<RefreshRuns.@Nullable Finished> first = running.putIfAbsent(key, mine);
        RefreshRuns.Finished end;
        if (first != null) {
            end = await(first);
        } else {
            try {
                end = acrossReplicas(key, reuse);
                mine.complete(end);
            } catch (RuntimeException e) {
                mine.completeExceptionally(e);
                throw e;
            } finally {
                running.remove(key, mine);
            }
        }
        // Whoever did it did not end in time.
        return end == null ? new RefreshRuns.Finished(RefreshOutcome.SLOW, RefreshOutcome.SLOW, clock.instant()) : end;
    }

    private RefreshRuns.@Nullable Finished await(CompletableFuture<RefreshRuns.@Nullable Finished> first) {
        try {
            return first.get(budget.whole().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DatabaseException known) {
                throw known;
            }
            throw new IllegalStateException("the shared refresh failed", e);
        }
    }

    private RefreshRuns.@Nullable Finished acrossReplicas(Key key, Duration reuse) {
        AtomicReference<RefreshRuns.@Nullable Finished> end = new AtomicReference<>();
        AtomicBoolean mine = new AtomicBoolean();
        UUID claim = new UUID(random.nextLong(), random.nextLong());
        try {
            Deadline.within(budget.whole(), () -> {
                // Past its deadline nobody finishes a run, so the lease need not be longer.
                mine.set(RefreshRuns.claim(db, key.member(), key.date(), claim, budget.whole(), reuse));
                end.set(mine.get() ? doIt(key, claim) : awaitOther(key));
            });
        } catch (RuntimeException e) {
            if (mine.get()) {
                release(key, claim, e);
            }
            // Cut off by the deadline: there is still what is stored.
            if (!(e instanceof DatabaseException database) || database.kind() != DatabaseException.Kind.TIMEOUT) {
                throw e;
            }
            LOG.warn("refresh_cut_off", e, LogField.MEMBER.of(key.member()));
        }
        return end.get();
    }

    private RefreshRuns.Finished doIt(Key key, UUID claim) {
        SourceRefresh.Asked asked = sources.run(key.member(), key.date());
        RefreshRuns.finish(db, key.member(), key.date(), claim, asked.sahha(), asked.whoop());
        return new RefreshRuns.Finished(asked.sahha(), asked.whoop(), clock.instant());
    }

    private void release(Key key, UUID claim, RuntimeException why) {
        try {
            RefreshRuns.release(db, key.member(), key.date(), claim);
        } catch (DatabaseException e) {
            why.addSuppressed(e);
        }
    }

    private RefreshRuns.@Nullable Finished awaitOther(Key key) {
        while (true) {
            Optional<RefreshRuns.Finished> end = RefreshRuns.finished(db, key.member(), key.date());
            // The last look must come before the deadline, which would cut it off.
            if (end.isPresent()) {
                return end.get();
            }
            Duration left = Deadline.left().orElse(Duration.ZERO).minus(LOOK.multipliedBy(2));
            if (!left.isPositive() || Thread.currentThread().isInterrupted()) {
                return null;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** Breaks off what runs in the background. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
