package io.vitals.kit.limits;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Token buckets, one for each source of requests and one for all together, of this process alone: cheap enough to ask before anything of a
 * request is read.
 *
 * <p>Sources share a fixed number of buckets by a hash that nobody outside can foresee. So memory is bounded, no source can push another's
 * bucket out to get a full one for itself, and none can choose whose bucket it empties.
 */
public final class SourceLimiter {
    private static final int BUCKETS = 4096;

    /**
     * How fast a bucket fills, and how much it holds.
     *
     * @param perSecond requests a second in the long run
     * @param burst requests at once after a pause
     */
    public record Rate(double perSecond, int burst) {
        public Rate {
            if (!(perSecond > 0) || burst < 1) {
                throw new IllegalArgumentException("a bucket that never fills or holds nothing refuses everything");
            }
        }
    }

    /** Whose limit was reached. */
    public enum Scope {
        SOURCE,
        GLOBAL
    }

    /** Too many; a token is there again after {@code retryAfter}. */
    public record Refusal(Scope scope, Duration retryAfter) {}

    private final Bucket[] sources = new Bucket[BUCKETS];
    private final Bucket all;
    private final LongSupplier nanos;
    private final long seed;

    /**
     * Starts with full buckets.
     *
     * @param nanos a clock that only goes forward
     */
    public SourceLimiter(Rate perSource, Rate overall, LongSupplier nanos, RandomGenerator random) {
        long now = nanos.getAsLong();
        Arrays.setAll(sources, i -> new Bucket(perSource, now));
        this.all = new Bucket(overall, now);
        this.nanos = nanos;
        this.seed = random.nextLong();
    }

    /** Takes a token for a request from this address, or says why not. An IPv6 source is its /64, which one host has to itself. */
    public Optional<Refusal> take(InetAddress source) {
        long now = nanos.getAsLong();
        Duration wait = sources[indexOf(source)].take(now);
        if (!wait.isZero()) {
            return Optional.of(new Refusal(Scope.SOURCE, wait));
        }
        wait = all.take(now);
        return wait.isZero() ? Optional.empty() : Optional.of(new Refusal(Scope.GLOBAL, wait));
    }

    private int indexOf(InetAddress source) {
        long hash = seed;
        for (byte part : ClientAddresses.source(source)) {
            hash = mix(hash ^ (part & 0xFF));
        }
        return (int) (hash >>> 52);
    }

    /** The finalizer of MurmurHash3. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    private static final class Bucket {
        private final double perNano;
        private final int burst;
        private double tokens;
        private long filledAt;

        Bucket(Rate rate, long now) {
            this.perNano = rate.perSecond() / 1e9;
            this.burst = rate.burst();
            this.tokens = rate.burst();
            this.filledAt = now;
        }

        /** Zero if a token was taken, else how long until there is one. */
        synchronized Duration take(long now) {
            // Callers read the clock before they get here, so it may seem to go backwards a little.
            if (now > filledAt) {
                tokens = Math.min(burst, tokens + (now - filledAt) * perNano);
                filledAt = now;
            }
            if (tokens >= 1) {
                tokens -= 1;
                return Duration.ZERO;
            }
            return Duration.ofNanos((long) Math.ceil((1 - tokens) / perNano));
        }
    }
}
