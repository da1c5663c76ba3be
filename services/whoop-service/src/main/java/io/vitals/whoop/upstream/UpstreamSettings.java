package io.vitals.whoop.upstream;

import java.time.Duration;

/**
 * How WHOOP is called.
 *
 * @param deadline the longest a call may take; the quota counts on five seconds
 * @param connectTimeout the part of it for the connection
 * @param atOnce calls that may be under way
 * @param circuitDelay how long WHOOP is left alone when it keeps failing
 * @param circuitVolume how many of the last calls are looked at to see whether it does
 * @param retryWindow over which the share of repeated requests is kept small while WHOOP fails
 */
public record UpstreamSettings(
        Duration deadline,
        Duration connectTimeout,
        int atOnce,
        Duration circuitDelay,
        int circuitVolume,
        Duration retryWindow) {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    public UpstreamSettings {
        if (deadline.compareTo(LONGEST) > 0 || !deadline.isPositive()) {
            throw new IllegalArgumentException("deadline is not between 0 and 5 seconds");
        } else if (atOnce < 1) {
            throw new IllegalArgumentException("at-once is below 1");
        } else if (circuitVolume < 1) {
            throw new IllegalArgumentException("circuit-volume is below 1");
        }
    }
}
