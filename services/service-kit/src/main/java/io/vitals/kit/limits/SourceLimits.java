package io.vitals.kit.limits;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * How many deliveries a process looks at. They guard it against floods, not a provider against itself, and so lie above
 * what it can store.
 *
 * @param perSource deliveries a second from one address
 * @param perSourceBurst deliveries at once from one address
 * @param overall deliveries a second from everywhere
 * @param overallBurst deliveries at once from everywhere
 */
public record SourceLimits(int perSource, int perSourceBurst, int overall, int overallBurst) {
    public SourceLimits {
        if (Math.min(Math.min(perSource, perSourceBurst), Math.min(overall, overallBurst)) < 1) {
            throw new IllegalArgumentException("a limit below 1 would refuse everything");
        }
    }

    /** A limiter by these, with full buckets. */
    public SourceLimiter limiter(LongSupplier nanos, RandomGenerator random) {
        return new SourceLimiter(
                new SourceLimiter.Rate(perSource, perSourceBurst),
                new SourceLimiter.Rate(overall, overallBurst),
                nanos,
                random);
    }
}
