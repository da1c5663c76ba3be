package io.vitals.loadtest.traffic;

import java.util.Arrays;
import java.util.List;

/**
 * What one measurement gave.
 *
 * @param sortedNanos the latency of every answered request, ascending
 * @param failed requests that were not answered as wanted
 * @param seconds how long it ran
 */
public record Figures(long[] sortedNanos, long failed, double seconds) {
    public static Figures of(long[] nanos, long failed, double seconds) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Figures(sorted, failed, seconds);
    }

    /** The middle one of several rounds. */
    public static double median(List<Double> rounds) {
        return rounds.stream().sorted().toList().get(rounds.size() / 2);
    }

    public double perSecond() {
        return sortedNanos.length / seconds;
    }

    /** The latency that this share of requests stayed within, in milliseconds. */
    public double quantileMillis(double share) {
        if (sortedNanos.length == 0) {
            return Double.NaN;
        }
        int index = (int) Math.min(sortedNanos.length - 1L, Math.round(share * (sortedNanos.length - 1)));
        return sortedNanos[index] / 1e6;
    }
}
