package io.vitals.kit.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits that all replicas share: whoever asks which of them, a caller gets what the quota holds and not one more.
 *
 * <p>A caller who was refused is refused here until there can be one again, without a question to the database. While the database is away
 * each replica counts for itself, so a flood is still held off, at worst at the limit times the number of replicas.
 */
public final class RateLimiter {
    private static final EventLog LOG = EventLog.of(RateLimiter.class);
    private static final int MOST_CALLERS = 50_000;
    private static final Duration LEASE_LIFE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RateStore store;
    private final Clock clock;
    private final Cache<Key, Caller> callers =
            Caffeine.newBuilder().maximumSize(MOST_CALLERS).build();
    private final AtomicLong awayUntil = new AtomicLong(Long.MIN_VALUE);

    public RateLimiter(Database database, Clock clock) {
        this.store = new RateStore(database);
        this.clock = clock;
    }

    /** Who is meant; what goes to the database is a hash of it. */
    private record Key(String kind, ByteBuffer who) {
        static Key of(String kind, byte[] who) {
            return new Key(kind, ByteBuffer.wrap(who));
        }

        byte[] hash() {
            byte[] name = (kind + ":").getBytes(StandardCharsets.US_ASCII);
            return Digests.sha256(ByteBuffer.allocate(name.length + who.remaining())
                    .put(name)
                    .put(who.duplicate())
                    .array());
        }
    }

    /** What this replica knows of one caller. */
    private static final class Caller {
        Levels shared = Levels.FULL;
        Levels alone = Levels.FULL;
        long held;
        long heldUntil = Long.MIN_VALUE;
        long refusedUntil = Long.MIN_VALUE;

        /** A refusal never lasts longer than the next token takes; one that seems to was told before the clock was set back. */
        boolean refused(Quota quota, long now) {
            return refusedUntil > now && refusedUntil <= now + quota.longestInterval();
        }
    }

    /**
     * Counts one request.
     *
     * @param kind keeps callers of different kinds apart
     * @param who the caller; only a hash of it is stored
     */
    public Decision take(String kind, byte[] who, Quota quota) {
        Key key = Key.of(kind, who);
        long now = now();
        Caller caller = callers.get(key, _ -> new Caller());
        synchronized (caller) {
            if (caller.refused(quota, now)) {
                return caller.shared.decision(quota, now, false, 0);
            }
            if (caller.held > 0 && caller.heldUntil > now) {
                caller.held--;
                return caller.shared.decision(quota, now, true, caller.held);
            }
            return awayUntil.get() > now ? alone(caller, quota, now) : shared(caller, key, quota, now);
        }
    }

    /** Whether this replica would refuse the caller right now; counts nothing. */
    public boolean refused(String kind, byte[] who, Quota quota) {
        Caller caller = callers.getIfPresent(Key.of(kind, who));
        if (caller == null) {
            return false;
        }
        synchronized (caller) {
            return caller.refused(quota, now());
        }
    }

    private Decision shared(Caller caller, Key key, Quota quota, long now) {
        RateStore.Taken taken;
        try {
            taken = store.take(key.hash(), quota, now, quota.lease());
        } catch (DatabaseException e) {
            awayUntil.set(now + PAUSE.toNanos() / 1000);
            LOG.warn("rate_limits_alone", LogField.REASON.of(e.kind()));
            return alone(caller, quota, now);
        }
        caller.shared = taken.levels();
        // Kept in step, so that a database that goes away gives nobody a second helping here.
        caller.alone = taken.levels();
        return settle(caller, quota, now, taken.granted());
    }

    private Decision alone(Caller caller, Quota quota, long now) {
        long granted = caller.alone.grant(quota, now, 1);
        caller.alone = caller.alone.used(quota, now, granted);
        caller.shared = caller.alone;
        return settle(caller, quota, now, granted);
    }

    private static Decision settle(Caller caller, Quota quota, long now, long granted) {
        caller.held = Math.max(0, granted - 1);
        caller.heldUntil = now + LEASE_LIFE.toNanos() / 1000;
        Decision decision = caller.shared.decision(quota, now, granted > 0, caller.held);
        if (granted == 0) {
            caller.refusedUntil = now + decision.retryAfter().toNanos() / 1000;
        }
        return decision;
    }

    /** Drops what says nothing any more. */
    public void forget() {
        store.forget(now());
    }

    private long now() {
        Instant instant = clock.instant();
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
    }
}
