package io.vitals.kit.metrics;

import java.time.Duration;
import java.util.List;

/** The steps in which times are counted, the same everywhere, so that one service's histogram can be laid beside another's. */
public final class Buckets {
    private static final List<Duration> STEPS = List.of(
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30));

    private Buckets() {}

    /** The steps from the shortest to the longest, both included; each series of a meter costs one for each of them. */
    public static Duration[] between(Duration shortest, Duration longest) {
        int from = STEPS.indexOf(shortest);
        int to = STEPS.indexOf(longest);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no steps from " + shortest + " to " + longest);
        }
        return STEPS.subList(from, to + 1).toArray(Duration[]::new);
    }
}
